/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads a combination of flags in the notation of whatever it was pasted from.
 *
 *   SYN,FIN  syn|fin  SYN+FIN  SYN FIN  none    flagwall
 *   SF  sf  S F                                 letters FSRPAUEC, W for CWR, N for AE
 *   0x03  3                                     bytes 12 and 13, 0 to 0xfff
 *   [S.]  S.E  [none]  Flags [S.],              tcpdump; e is AE
 *   [SYN, ACK]  [<None>]  [ACK, ACE=7]          tshark and Wireshark, info column
 *   ·······A··S·  ···-7-·A····                  tshark, tcp.flags.str
 *   --tcp-flags SYN,RST SYN  --syn  ALL NONE    iptables: MASK COMP
 *   tcp flags:0x17/0x02                         iptables -L: MASK/COMP
 *   tcp flags & (fin|syn) == fin|syn            nft; 'tcp flags' may be left out
 *   tcp flags fin,syn / fin,syn                 nft: VALUE / MASK; likewise
 *   tcp flags == syn  tcp flags syn  ! syn      nft; here it may not
 *
 * The last five say which bits are looked at, so they hold a set of
 * combinations; all others name exactly one.
 *
 * Where a text could be read in two ways:
 * - The three reserved bits are one: 0x200, 0x400 and 0x800 all are RSV.
 * - A word of digits is a number, decimal without 0x. A number stands alone.
 * - A word that is a flag's name is that flag, in any case: AE is AE, not ACK
 *   and ECE (write EA), and ECN is ECE as nft calls it, not scapy's E, C, N.
 *   Every other word is a run of letters.
 * - A run of letters without any upper case is read as if it were upper case:
 *   se is SYN and ECE. In tcpdump's notation (in brackets, or with a dot for
 *   ACK), and next to upper case, e is AE: Se, [Se], S.e, [e].
 * - Twelve places are tshark's; they go by position.
 * - Two words with nothing but a blank between are iptables' MASK COMP if one
 *   of them has a comma or is ALL or NONE, else two flags: SYN ACK is a
 *   SYN-ACK. Behind --tcp-flags they always are MASK COMP.
 * - VALUE / MASK without a name in front is in nft's order.
 * - In nft's '& fin|syn == ...' without parentheses & binds more tightly; that
 *   is refused rather than guessed.
 */
#ifndef FLAGWALL_NOTATION_H
#define FLAGWALL_NOTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "flagwall/signature.h"
#include "match.h"

/*
 * The signatures without payload for which (signature & mask) == value. If
 * @value has bits outside @mask there are none.
 */
struct notation {
	unsigned int value;
	unsigned int mask;
};

/* The mask of a combination that is named exactly. */
#define NOTATION_EXACT (FW_FLAGS | FW_RSV)

/*
 * notation_parse - read @length bytes of @text into @notation.
 *
 * Returns 0, or -EINVAL with @error filled and @notation untouched. The message
 * is printable whatever the text.
 */
int notation_parse(const char *text, size_t length, struct notation *notation,
		   struct text_error *error);

/* notation_holds - is @signature, which has no payload, in the set? */
static inline bool notation_holds(const struct notation *notation, unsigned int signature)
{
	return (signature & notation->mask) == notation->value;
}

/*
 * notation_is_one - is it one combination of the six control bits? Then
 * notation->value is it.
 */
static inline bool notation_is_one(const struct notation *notation)
{
	return (notation->mask & FW_CONTROL) == FW_CONTROL && !(notation->value & ~notation->mask);
}

#endif /* FLAGWALL_NOTATION_H */

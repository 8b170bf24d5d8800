/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The outcome of parsing one packet: the signature of its TCP segment, or the
 * reason why it has none. One number indexes the action table, the counters
 * and the samples: 0-2047 are signatures, reasons start at FW_REASON_BASE.
 */
#ifndef FLAGWALL_OUTCOME_H
#define FLAGWALL_OUTCOME_H

#include "flagwall/signature.h"

/*
 * X(identifier, number, name, what it means). The numbers are in pinned maps
 * and in saved counters: append only; a retired reason keeps its number.
 */
#define FW_REASONS(X)                                                                              \
	X(NOT_IP, 0, "not-ip", "neither IPv4 nor IPv6 (ARP, LLDP, ...)")                           \
	X(NOT_TCP, 1, "not-tcp", "IP, but another protocol than TCP")                              \
	X(FRAGMENT, 2, "fragment", "a later fragment of TCP: the flags are in the first one")      \
	X(FRAGMENT_OVERLAP, 3, "fragment-overlap",                                                 \
	  "a TCP fragment at offset 1: it would rewrite the flags (RFC 1858, RFC 3128)")           \
	X(TINY_FRAGMENT, 4, "tiny-fragment", "a first TCP fragment too short to hold the flags")   \
	X(TRUNCATED, 5, "truncated", "the packet ends before the flags")                           \
	X(BAD_IP_HEADER, 6, "bad-ip-header", "IP version or header length that cannot be")         \
	X(BAD_TCP_OFFSET, 7, "bad-tcp-offset", "data offset below 5, or past the segment")         \
	X(HEADER_CHAIN, 8, "header-chain", "extension headers (IPv6, GTP-U) too many or broken")   \
	X(ENCAPSULATION, 9, "encapsulation", "nested deeper than we follow")                       \
	X(ENCRYPTED, 10, "encrypted", "ESP: the flags cannot be read")

#define FW_REASON_BASE FW_SIGNATURES
#define FW_REASON_SLOTS 64
#define FW_OUTCOMES (FW_REASON_BASE + FW_REASON_SLOTS)

enum fw_reason {
#define FW_REASON_ENUM(id, number, name, meaning) FW_REASON_##id = FW_REASON_BASE + (number),
	FW_REASONS(FW_REASON_ENUM)
#undef FW_REASON_ENUM
};

enum {
#define FW_REASON_ONE(id, number, name, meaning) +1
	FW_REASON_COUNT = 0 FW_REASONS(FW_REASON_ONE)
#undef FW_REASON_ONE
};

_Static_assert(FW_REASON_COUNT <= FW_REASON_SLOTS, "reasons have outgrown their slots");

/* What is done with a packet. "Flagged" means FW_COUNT or FW_DROP. */
enum fw_action {
	FW_PASS = 0,
	FW_COUNT = 1,
	FW_DROP = 2,
};

#endif /* FLAGWALL_OUTCOME_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The names of flags, and sets of them in our own notation: "SYN,FIN". */
#ifndef FLAGWALL_FLAGS_H
#define FLAGWALL_FLAGS_H

#include <stddef.h>

/* The longest that flags_print() writes, with its NUL. */
#define FLAGS_TEXT 64

/*
 * flags_print - the nine flags of @signature as text, for which @text is room.
 *
 * Always in the order SYN,FIN,RST,PSH,ACK,URG,ECE,CWR,AE; "none" for no flag.
 * RSV and DATA are not flags and are not printed.
 */
const char *flags_print(unsigned int signature, char text[FLAGS_TEXT]);

/* The longest that signature_print() writes, with its NUL. */
#define SIGNATURE_TEXT (FLAGS_TEXT + 24)

/* signature_print - the flags, with " +reserved" and " +data": in @text, which is returned. */
const char *signature_print(unsigned int signature, char text[SIGNATURE_TEXT]);

/*
 * flags_bit - the signature bit with the name @name of @length bytes: the
 * nine flags, and "rsv" and "data"; the case does not matter.
 *
 * Returns the bit, or 0 for an unknown name.
 */
unsigned int flags_bit(const char *name, size_t length);

/* All names, in the order in which flags are printed. */
struct flag_name {
	const char *name;
	const char *lower;
	unsigned int bit;
};

#define FLAGS_NAMES 11
extern const struct flag_name flag_names[FLAGS_NAMES];

/* What flags_bit() knows, for messages: "syn, fin, ..." */
extern const char flags_known[];

#endif /* FLAGWALL_FLAGS_H */

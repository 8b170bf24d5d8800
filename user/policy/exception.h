/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Exceptions of a policy: what is flagged passes all the same, if it comes from
 * or goes to an address under a prefix. Pure; the kernel keeps the canonical list
 * in a trie (struct fw_except_key), and reading that back gives the same list.
 */
#ifndef FLAGWALL_EXCEPTION_H
#define FLAGWALL_EXCEPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "flagwall/layout.h"

#define EXCEPTION_WORDS (FW_CLASSES / 64)
#define PREFIX_TEXT 64 /* bytes, with NUL */

struct exception {
	__u8 direction;                 /* enum fw_direction */
	__u8 family;                    /* 4 or 6 */
	__u8 prefix;                    /* bits */
	__u8 address[16];               /* as on the wire; the bits behind the prefix are 0 */
	__u64 classes[EXCEPTION_WORDS]; /* a bit each; all bits: everything there is */
};

/* exception_class - set the bit of @class. */
static inline void exception_class(struct exception *exception, unsigned int class)
{
	exception->classes[class / 64] |= 1ULL << (class % 64);
}

/* exception_holds - is its bit of @class set? */
static inline bool exception_holds(const struct exception *exception, unsigned int class)
{
	return exception->classes[class / 64] >> (class % 64) & 1;
}

/* exception_everything - is it excepted from all patterns and reasons? */
bool exception_everything(const struct exception *exception);

/*
 * exception_prefix - read "192.0.2.0/24", "2001:db8::/32" or one address into
 * family, prefix and address of @exception.
 *
 * Returns NULL, or what is wrong with it, valid until the next call.
 */
const char *exception_prefix(const char *text, size_t length, struct exception *exception);

/* exception_print - write its prefix into @text and return it. */
const char *exception_print(const struct exception *exception, char text[PREFIX_TEXT]);

/* exception_order - the order of the canonical list, for qsort(). */
int exception_order(const void *a, const void *b);

/* exception_covers - has the prefix of @wide all addresses of that of @narrow? */
bool exception_covers(const struct exception *wide, const struct exception *narrow);

/*
 * exception_canonical - sort the @count @exceptions, give each what wider
 * prefixes have, and take out those that then say nothing of their own.
 *
 * Returns how many are left, at the front.
 */
size_t exception_canonical(struct exception *exceptions, size_t count);

#endif /* FLAGWALL_EXCEPTION_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sets of values of the six control bits (FIN to URG) as few masks and values:
 * what iptables writes as --tcp-flags MASK COMP. Pure.
 */
#ifndef FLAGWALL_COVER_H
#define FLAGWALL_COVER_H

#include <linux/types.h>
#include <stddef.h>

#define COVER_BITS 6
#define COVER_VALUES (1U << COVER_BITS)

/* The values v with (v & mask) == value. */
struct cube {
	__u8 mask;
	__u8 value;
};

/*
 * cover_disjoint - write cubes into @cubes of which every value in @set (bit v: the
 * value v) is in exactly one, and no other value is in any. They are the fewest
 * that come of halving the values by one bit after the other.
 *
 * Returns how many.
 */
size_t cover_disjoint(__u64 set, struct cube cubes[COVER_VALUES]);

#endif /* FLAGWALL_COVER_H */

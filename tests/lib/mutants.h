/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Frames that nobody thought of: those of the shapes, with bits flipped, fields
 * set, lengths that lie, ends cut off, parts doubled, taken out, and put together
 * from two shapes. A mutant follows from a seed and a number alone.
 */
#ifndef FLAGWALL_TESTS_MUTANTS_H
#define FLAGWALL_TESTS_MUTANTS_H

#include "frames.h"

#define MUTANT_LEAST 14  /* bytes: an Ethernet header */
#define MUTANT_MOST 3328 /* a page less headroom and struct skb_shared_info */
#define MUTANT_HOW 1024  /* bytes of the text, with NUL */

struct mutant {
	__u64 seed, number;
	size_t length;
	__u8 data[MUTANT_MOST];
	char *how; /* NULL, or room of MUTANT_HOW bytes for what was done to it */
};

/* mutant_make - make the mutant of its seed and number. */
void mutant_make(struct mutant *mutant);

#endif /* FLAGWALL_TESTS_MUTANTS_H */

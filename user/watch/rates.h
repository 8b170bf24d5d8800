/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Readings of the same counters, one after the other, as rates. Pure. */
#ifndef FLAGWALL_RATES_H
#define FLAGWALL_RATES_H

#include <stddef.h>

#include "flagwall/layout.h"

#define RATES_SECONDS 60 /* what is remembered */

/* Packets of every outcome, since attach, at one time. */
struct rates_point {
	__u64 time; /* ns, of a clock that never jumps */
	__u64 packets[FW_OUTCOMES];
};

/* Begin with {}; release by rates_reset(). */
struct rates {
	struct rates_point *points; /* owned: a ring, about one a second */
	size_t first, used;
	struct fw_count counts[FW_OUTCOMES]; /* the latest reading */
	struct fw_count recent[FW_OUTCOMES]; /* what came between it and the one before */
	__u64 time;                          /* of the latest, ns */
	double seconds;                      /* between the two; 0: there is only one */
};

/*
 * rates_add - take in a reading of @now, in nanoseconds of a clock that never
 * jumps. Counters that have become less are others: all begins anew.
 *
 * Returns 0 or -ENOMEM.
 */
int rates_add(struct rates *rates, __u64 now, const struct fw_count counts[FW_OUTCOMES]);

/* rates_reset - forget everything, and free it. */
void rates_reset(struct rates *rates);

/*
 * rates_minute - packets per second in each of the last RATES_SECONDS, the oldest
 * first; negative: nobody was reading then. Between two readings they are taken to
 * have come evenly.
 *
 * For @rows sums of outcomes: @row_of says to which each belongs. Returns 0 and
 * fills @minute, of @rows elements; or -ENOMEM.
 */
int rates_minute(const struct rates *rates, const __u16 row_of[FW_OUTCOMES], size_t rows,
		 float (*minute)[RATES_SECONDS]);

#endif /* FLAGWALL_RATES_H */

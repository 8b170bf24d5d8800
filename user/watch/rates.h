/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Readings of the same counters, one after the other, as rates. Pure. */
#ifndef FLAGWALL_RATES_H
#define FLAGWALL_RATES_H

#include <stddef.h>

#include "flagwall/layout.h"

#define RATES_SECONDS 60 /* what is remembered */

/* What has a rate: every outcome, and behind those each FW_STATE_SLOT() of connections. */
#define RATES_STATES FW_OUTCOMES
#define RATES_SLOTS (RATES_STATES + FW_STATE_USED)

/* Packets of every slot, since attach, at one time. */
struct rates_point {
	__u64 time; /* ns, of a clock that never jumps */
	__u64 packets[RATES_SLOTS];
};

/* Begin with {}; release by rates_reset(). */
struct rates {
	struct rates_point *points; /* owned: a ring, about one a second */
	size_t first, used;
	struct fw_count counts[RATES_SLOTS]; /* the latest reading */
	struct fw_count recent[RATES_SLOTS]; /* what came between it and the one before */
	__u64 time;                          /* of the latest, ns */
	double seconds;                      /* between the two; 0: there is only one */
};

/*
 * rates_add - take in a reading of @now, in nanoseconds of a clock that never
 * jumps. Counters that have become less are others: all begins anew.
 *
 * Returns 0 or -ENOMEM.
 */
int rates_add(struct rates *rates, __u64 now, const struct fw_count by_outcome[FW_OUTCOMES],
	      const struct fw_count by_state[FW_STATE_SLOTS]);

/* rates_reset - forget everything, and free it. */
void rates_reset(struct rates *rates);

/*
 * rates_minute - packets per second in each of the last RATES_SECONDS, the oldest
 * first; negative: nobody was reading then. Between two readings they are taken to
 * have come evenly.
 *
 * For @rows sums of slots: @row_of says to which each belongs, if to any. Returns 0 and
 * fills @minute, of @rows elements; or -ENOMEM.
 */
int rates_minute(const struct rates *rates, const __u16 row_of[RATES_SLOTS], size_t rows,
		 float (*minute)[RATES_SECONDS]);

#endif /* FLAGWALL_RATES_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What became of the flagged packets that a listener wanted. It is read while the kernel
 * counts on, and so it may be a few packets less than it was before.
 */
#ifndef FLAGWALL_LISTEN_TOTALS_H
#define FLAGWALL_LISTEN_TOTALS_H

#include <linux/types.h>

#include "flagwall/layout.h"

/* Since the listener came. */
struct listen_totals {
	__u64 told;
	__u64 left_out;   /* by the sample */
	__u64 suppressed; /* by the rate, or as the listener did not come to it */
	__u64 lost;       /* there was no room */
};

/* What came between two readings. */
struct listen_rise {
	__u64 told;
	__u64 untold; /* for whatever reason */
	__u64 missed; /* of these: suppressed or lost */
};

/* listen_totals_add - add what one CPU counted. */
void listen_totals_add(struct listen_totals *totals, const struct fw_event_count *count);

/* listen_totals_since - what came since @before; 0 of what went down. */
struct listen_rise listen_totals_since(const struct listen_totals *before,
				       const struct listen_totals *now);

#endif /* FLAGWALL_LISTEN_TOTALS_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "listen_totals.h"

static __u64 at_most(__u64 value, __u64 most)
{
	return value < most ? value : most;
}

/* It may count on while it is read: no part of what was not told of is more than all of it. */
void listen_totals_add(struct listen_totals *totals, const struct fw_event_count *count)
{
	const __u64 now = count->quiet ? count->seen + 1 - at_most(count->quiet, count->seen + 1) :
					 0;
	const __u64 untold = count->seen - at_most(count->told, count->seen);
	const __u64 lost = at_most(count->lost, untold);
	const __u64 suppressed = at_most(count->suppressed + now, untold - lost);

	totals->told += count->told;
	totals->lost += lost;
	totals->suppressed += suppressed;
	totals->left_out += untold - lost - suppressed;
}

static __u64 missed(const struct listen_totals *totals)
{
	return totals->suppressed + totals->lost;
}

static __u64 untold(const struct listen_totals *totals)
{
	return totals->left_out + missed(totals);
}

static __u64 rise(__u64 before, __u64 now)
{
	return now - at_most(before, now);
}

struct listen_rise listen_totals_since(const struct listen_totals *before,
				       const struct listen_totals *now)
{
	return (struct listen_rise){ .told = rise(before->told, now->told),
				     .untold = rise(untold(before), untold(now)),
				     .missed = rise(missed(before), missed(now)) };
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arithmetic on counts: over CPUs, patterns and time. */
#ifndef FLAGWALL_COUNT_H
#define FLAGWALL_COUNT_H

#include "flagwall/layout.h"

/* count_add - add @count to @sum. */
static inline void count_add(struct fw_count *sum, const struct fw_count *count)
{
	sum->packets += count->packets;
	sum->bytes += count->bytes;
	sum->dropped += count->dropped;
	sum->excepted += count->excepted;
}

#endif /* FLAGWALL_COUNT_H */

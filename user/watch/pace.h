/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How often something that runs on looks, and how often in all. */
#ifndef FLAGWALL_PACE_H
#define FLAGWALL_PACE_H

#include "options.h"

#define PACE_SECOND 1000000000LL

struct pace {
	double interval; /* seconds */
	long count;      /* intervals; 0: for ever */
};

/* pace_read - --interval and --count. Returns 0 or -FW_EUSAGE after fail(). */
int pace_read(const struct invocation *invocation, struct pace *pace);

/* pace_now - nanoseconds, of a clock that never jumps. */
long long pace_now(void);

/* pace_next - when the look is due behind @deadline. Those that were missed are not made up for. */
long long pace_next(const struct pace *pace, long long deadline);

/* pace_wait - until @deadline. Signals that have a handler do not end it. */
void pace_wait(long long deadline);

#endif /* FLAGWALL_PACE_H */

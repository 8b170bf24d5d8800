/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A second process that cleans up should this one be killed. It waits, and ends
 * with the first.
 */
#ifndef FLAGWALL_GUARD_H
#define FLAGWALL_GUARD_H

#include <sys/types.h>

struct guard {
	pid_t process; /* 0: there is none */
	int alive;     /* owned: it reads the other end */
};

/*
 * guard_start - if this process ends before guard_dismiss(), however that comes, let
 * another one, which has what this one has now, call @clean with @context.
 *
 * Returns 0 or -errno after fail().
 */
int guard_start(struct guard *guard, void (*clean)(void *context), void *context);

/*
 * guard_leave - it is to clean up, as this process could not: it does so when this one has
 * ended, and those that were started since.
 */
void guard_leave(struct guard *guard);

/* guard_dismiss - there is nothing to clean up any more: wait until it is gone. */
void guard_dismiss(struct guard *guard);

#endif /* FLAGWALL_GUARD_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a filter may do that does not see every bit of a signature: the mildest
 * of all that the policy says, so that nothing is dropped that the policy lets pass.
 */
#ifndef FLAGWALL_MILDEST_H
#define FLAGWALL_MILDEST_H

#include "policy.h"

/* A policy as it is to be put into another filter's words. */
struct told {
	const struct policy *policy; /* not owned */
	bool observe;                /* every drop is lowered to count */
};

/* told_action - @action, or what --observe makes of it. */
static inline enum fw_action told_action(const struct told *told, enum fw_action action)
{
	return told->observe && action == FW_DROP ? FW_COUNT : action;
}

/*
 * mildest_pattern - the pattern with the mildest action of all signatures that
 * have the bits @seen, and of those in @unseen any. *@mixed is set if they differ in it.
 */
const struct pattern *mildest_pattern(const struct told *told, unsigned int seen,
				      unsigned int unseen, bool *mixed);

#endif /* FLAGWALL_MILDEST_H */

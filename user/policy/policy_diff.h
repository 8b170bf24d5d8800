/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where two policies disagree. Pure. */
#ifndef FLAGWALL_POLICY_DIFF_H
#define FLAGWALL_POLICY_DIFF_H

#include "policy.h"

/*
 * One set of segments on which they disagree: the control bits of @signature
 * with whatever others (all_variants), or exactly @signature.
 */
struct policy_difference {
	unsigned int signature;
	bool all_variants;
	const struct pattern *a, *b;
};

/*
 * policy_diff - the signatures for which @a and @b have other actions.
 *
 * @differences has room for FW_SIGNATURES. Returns how many there are. Where all
 * 32 variants of a combination of control bits have the same two patterns, they
 * are one difference.
 */
size_t policy_diff(const struct policy *a, const struct policy *b,
		   struct policy_difference *differences);

#endif /* FLAGWALL_POLICY_DIFF_H */

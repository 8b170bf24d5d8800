// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "policy_diff.h"

#define VARIANT (FW_CONTROL + 1) /* the lowest bit that is no control bit */

/* Do all variants of @control belong to the same pattern of each? */
static bool uniform(const struct policy *a, const struct policy *b, unsigned int control)
{
	for (unsigned int others = VARIANT; others < FW_SIGNATURES; others += VARIANT)
		if (policy_pattern(a, control | others) != policy_pattern(a, control) ||
		    policy_pattern(b, control | others) != policy_pattern(b, control))
			return false;
	return true;
}

static size_t compare(const struct policy *a, const struct policy *b, unsigned int signature,
		      bool all_variants, struct policy_difference *difference)
{
	*difference = (struct policy_difference){
		.signature = signature,
		.all_variants = all_variants,
		.a = policy_pattern(a, signature),
		.b = policy_pattern(b, signature),
	};
	return difference->a->action != difference->b->action;
}

size_t policy_diff(const struct policy *a, const struct policy *b,
		   struct policy_difference *differences)
{
	size_t count = 0;

	for (unsigned int control = 0; control < VARIANT; control++) {
		if (uniform(a, b, control)) {
			count += compare(a, b, control, true, &differences[count]);
			continue;
		}
		for (unsigned int others = 0; others < FW_SIGNATURES; others += VARIANT)
			count += compare(a, b, control | others, false, &differences[count]);
	}
	return count;
}

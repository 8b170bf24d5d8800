// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "mildest.h"

const struct pattern *mildest_pattern(const struct told *told, unsigned int seen,
				      unsigned int unseen, bool *mixed)
{
	const struct pattern *mildest = policy_pattern(told->policy, seen);
	enum fw_action action = told_action(told, mildest->action);
	unsigned int bits = 0;

	*mixed = false;
	/* Through all subsets of the unseen bits; the empty one is done. */
	while ((bits = (bits - unseen) & unseen)) {
		const struct pattern *other = policy_pattern(told->policy, seen | bits);
		enum fw_action other_action = told_action(told, other->action);

		*mixed |= other_action != action;
		if (other_action < action) {
			mildest = other;
			action = other_action;
		}
	}
	return mildest;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "hazard.h"

#include <errno.h>

#include "report.h"

int hazard_refuse(const struct policy *policy)
{
	char hazards[256];

	if (!policy_hazards(policy, hazards, sizeof(hazards)))
		return 0;
	return fail(EINVAL,
		    "policy %s drops what correct senders send: %s; --force puts it in force anyway",
		    policy->name, hazards);
}

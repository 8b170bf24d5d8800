// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "policy_choice.h"

#include <errno.h>

#include "cleanup.h"
#include "report.h"

int policy_choose(const char *name, bool force, struct policy *policy)
{
	_cleanup_(policy_release) struct policy chosen = {};
	char hazards[256];
	int err = policy_load(name, &chosen);

	if (err)
		return err;
	if (!force && policy_hazards(&chosen, hazards, sizeof(hazards)))
		return fail(
			EINVAL,
			"policy %s drops what correct senders send: %s; --force puts it in force all the same",
			chosen.name, hazards);
	*policy = chosen;
	chosen = (struct policy){};
	return 0;
}

int policy_verdict(const struct invocation *invocation, enum attach_verdict *verdict)
{
	if (invocation->given[OPTION_OBSERVE] && invocation->given[OPTION_ENFORCE])
		return fail(FW_EUSAGE, "--observe and --enforce exclude each other");
	*verdict = invocation->given[OPTION_OBSERVE] ? ATTACH_OBSERVE :
		   invocation->given[OPTION_ENFORCE] ? ATTACH_ENFORCE :
						       ATTACH_KEEP;
	return 0;
}

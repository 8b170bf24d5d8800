// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "policy_choice.h"

#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "report.h"

#define CONFIRM_MOST 86400 /* seconds: who needs longer does not wait */

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

int policy_confirm(const struct invocation *invocation, unsigned int *seconds)
{
	const char *text = invocation->value[OPTION_CONFIRM];
	char *end;
	long value;

	if (!text)
		return 0;
	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < 1 || value > CONFIRM_MOST)
		return fail(FW_EUSAGE, "--confirm: '%s' is no number of seconds from 1 to %d", text,
			    CONFIRM_MOST);
	*seconds = (unsigned int)value;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "policy_choice.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cleanup.h"
#include "hazard.h"
#include "report.h"

#define CONFIRM_MOST 86400 /* seconds: who needs longer does not wait */

int policy_choose(const char *name, bool force, struct policy *policy)
{
	_cleanup_(policy_release) struct policy chosen = {};
	int err = policy_load(name, &chosen);

	if (!err && !force)
		err = hazard_refuse(&chosen);
	if (err)
		return err;
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
	if (errno || !isdigit((unsigned char)text[0]) || *end || value < 1 || value > CONFIRM_MOST)
		return fail(FW_EUSAGE, "--confirm: '%s' is not a number of seconds from 1 to %d",
			    text, CONFIRM_MOST);
	*seconds = (unsigned int)value;
	return 0;
}

void policy_not_kept(const struct device *device, const char *name)
{
	char words[DEVICE_WORDS];

	if (device->hook != HOOK_XDP) {
		printf("  not kept over a reboot: let what brings %s up run 'flagwall attach %s --policy %s' as "
		       "well (docs/boot.md)\n",
		       device->label, device_words(device, words), name);
		return;
	}
	printf("  not kept over a reboot: for that, OPTIONS=\"--policy %s\" in /etc/flagwall/%s.conf and "
	       "'systemctl enable flagwall@%s', or let what brings it up run 'flagwall attach %s --policy "
	       "%s'\n",
	       name, device->label, device->label, device->label, name);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <sys/syslog.h>

#include "cleanup.h"
#include "kernel.h"
#include "policy_choice.h"
#include "status.h"
#include "target.h"
#include "verbs.h"

static int confirm(const struct device *device)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	int err = target_filter(device, &filter);

	return err ? err : filter_confirm(device);
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct device *devices = NULL;
	bool json = invocation->given[OPTION_JSON];
	int count, err = 0;

	kernel_listen();
	openlog("flagwall", LOG_PID, LOG_DAEMON);
	count = target_list(invocation, &devices);
	for (int i = 0; i < count && !err; i++)
		err = confirm(&devices[i]);
	if (count < 0 || err)
		return count < 0 ? count : err;
	err = status_print(devices, count, NULL, json);
	for (int i = 0; i < count && !err && !json; i++)
		policy_not_kept(&devices[i], "NAME|FILE");
	return err;
}

const struct verb verb_policy_confirm = {
	.name = "policy confirm",
	.arguments = "IFACE...",
	.summary = "Keep what --confirm put in force for a time",
	.details =
		"In time, the policy stays. Too late, the former one is in force again, and stays.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

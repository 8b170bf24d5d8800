// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <sys/syslog.h>

#include "cleanup.h"
#include "kernel.h"
#include "status.h"
#include "target.h"
#include "verbs.h"

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct device *devices = NULL;
	int count, err = 0;

	kernel_listen();
	openlog("flagwall", LOG_PID, LOG_DAEMON);
	count = target_list(invocation, &devices);
	for (int i = 0; i < count && !err; i++) {
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;

		err = target_filter(&devices[i], &filter);
		if (!err)
			err = filter_confirm(&devices[i]);
	}
	if (count < 0 || err)
		return count < 0 ? count : err;
	return status_print(devices, count, invocation->given[OPTION_JSON]);
}

const struct verb verb_policy_confirm = {
	.name = "policy confirm",
	.arguments = "IFACE...",
	.summary = "Keep what --confirm put in force for a time",
	.details =
		"In time, the policy stays. Too late, the former one is in force again, and stays.\n",
	.options = OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

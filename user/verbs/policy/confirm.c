// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <sys/syslog.h>

#include "cleanup.h"
#include "kernel.h"
#include "policy_choice.h"
#include "report.h"
#include "status.h"
#include "target.h"
#include "verbs.h"

static int waits(const struct device *device)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	int err = target_filter(device, &filter);

	return err ? err : filter.waiting;
}

/* Does another hook of the interface of @devices[@i] wait? Then that one is meant. */
static bool another_waits(const struct device *devices, const int *waiting, int count, int i)
{
	for (int k = 0; k < count; k++)
		if (waiting[k] > 0 && devices[k].ifindex == devices[i].ifindex)
			return true;
	return false;
}

/* All that wait, whatever becomes of one. Returns the first error. */
static int confirm(const struct device *devices, int count)
{
	_cleanup_free_ int *waiting = calloc((size_t)count + 1, sizeof(*waiting));
	int first = 0;

	if (!waiting)
		return fail(ENOMEM, "no memory for %d interfaces", count);
	for (int i = 0; i < count; i++)
		waiting[i] = waits(&devices[i]);
	for (int i = 0; i < count; i++) {
		int err = waiting[i];

		/* What does not wait says so itself. */
		if (err > 0 || (!err && !another_waits(devices, waiting, count, i)))
			err = filter_confirm(&devices[i]);
		if (err < 0 && !first)
			first = err;
	}
	return first;
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct device *devices = NULL;
	bool json = invocation->given[OPTION_JSON];
	int count, err, printed;

	kernel_listen();
	openlog("flagwall", LOG_PID, LOG_DAEMON);
	count = target_list(invocation, &devices);
	if (count < 0)
		return count;
	err = confirm(devices, count);
	if (err == -EALREADY || err == -ENOENT)
		return err;
	printed = status_print(devices, count, NULL, json);
	for (int i = 0; i < count && !err && !printed && !json; i++)
		policy_not_kept(&devices[i], "NAME|FILE");
	return err ? err : printed;
}

const struct verb verb_policy_confirm = {
	.name = "policy confirm",
	.arguments = "IFACE...",
	.summary = "Keep what --confirm put in force on trial",
	.details =
		"In time, the policy stays. If it is too late, the former one is in force again, and stays.\n"
		"Without --hook: at each hook where one is waiting.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

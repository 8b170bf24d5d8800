// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syslog.h>

#include "cleanup.h"
#include "kernel.h"
#include "report.h"
#include "status.h"
#include "target.h"
#include "verbs.h"

/* The kernel has the last word on what is still there. */
static void look_again(const struct device *device)
{
	struct xdp_state state;

	if (device->hook == HOOK_XDP && !device_xdp(device->ifindex, &state) && state.program)
		note("%s: an XDP program that is not ours is attached (id %u, %s)", device->label,
		     state.program, xdp_mode_name(state.mode));
}

static int detach(const struct device *device, bool json, bool *changed)
{
	int err = filter_detach(device);

	*changed = !err;
	if (err == -ENOENT)
		note("nothing is attached to %s%s", device->label, hook_at(device->hook));
	else if (err)
		return err;
	else if (!json)
		printf("%s: detached%s%s\n", device->label, device->hook == HOOK_XDP ? "" : " from ",
		       device->hook == HOOK_XDP ? "" : hook_names[device->hook]);
	look_again(device);
	return 0;
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct device *devices = NULL;
	_cleanup_free_ bool *changed = NULL;
	bool json = invocation->given[OPTION_JSON];
	int count, err;

	if (invocation->given[OPTION_ALL] == (invocation->argc > 0))
		return fail(FW_EUSAGE,
			    "detach: needs interfaces, or --all for every one of the namespace");
	kernel_listen();
	openlog("flagwall", LOG_PID, LOG_DAEMON);
	count = target_list(invocation, &devices);
	/* What is left of an interface that is gone is cleared away by whoever names it, too. */
	if (invocation->given[OPTION_ALL] || count == -ENODEV)
		filter_sweep();
	if (count < 0)
		return count;
	if (!count)
		note("nothing is attached in this network namespace%s%s",
		     invocation->given[OPTION_HOOK] ? " at " : "",
		     invocation->given[OPTION_HOOK] ? invocation->value[OPTION_HOOK] : "");
	changed = calloc((size_t)count + 1, sizeof(*changed));
	if (!changed)
		return fail(ENOMEM, "no memory for %d interfaces", count);
	for (int i = 0; i < count; i++) {
		err = detach(&devices[i], json, &changed[i]);
		if (err)
			return err;
	}
	return json ? status_print(devices, count, changed, json) : 0;
}

const struct verb verb_detach = {
	.name = "detach",
	.arguments = "IFACE...|--all",
	.summary = "Stop filtering an interface, and discard its counters",
	.details =
		"Without --hook: from all its hooks. If nothing is attached, that is not an error.\n"
		"Afterwards the kernel is asked what is still there.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_ALL) | OPTION_SET(OPTION_NETNS) |
		   OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

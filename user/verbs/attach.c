// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syslog.h>

#include "cleanup.h"
#include "kernel.h"
#include "policy_choice.h"
#include "report.h"
#include "status.h"
#include "target.h"
#include "verbs.h"

/* In the order of enum attach_mode; the last two are what `ip link` calls them. */
static const char *const modes[] = { "auto", "native", "generic", "drv", "skb", NULL };

/* @policy is filled, and lent to @request: for a new filter only, if none was named. */
static int read_request(const struct invocation *invocation, struct policy *policy,
			struct attach_request *request)
{
	const char *name = invocation->value[OPTION_POLICY];
	int mode = ATTACH_AUTO;
	int hook = target_hook(invocation);
	int err;

	if (hook < 0)
		return hook;

	if ((err = policy_verdict(invocation, &request->verdict)) ||
	    (err = policy_confirm(invocation, &request->confirm)))
		return err;
	if (invocation->given[OPTION_MODE] && hook > HOOK_XDP)
		return fail(FW_EUSAGE, "attach: --mode is of the hook xdp alone");
	if (invocation->given[OPTION_MODE])
		mode = options_choice("mode", invocation->value[OPTION_MODE], modes);
	if (mode < 0)
		return mode;
	if (mode > ATTACH_GENERIC) /* drv and skb */
		mode -= ATTACH_GENERIC;
	request->mode = (enum attach_mode)mode;
	request->force = invocation->given[OPTION_FORCE];
	request->first = policy;
	request->policy = name ? policy : NULL;
	return policy_choose(name ? name : POLICY_DEFAULT, request->force, policy);
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct device *devices = NULL;
	_cleanup_(policy_release) struct policy policy = {};
	_cleanup_free_ bool *changed = NULL;
	struct attach_request request = {};
	bool json = invocation->given[OPTION_JSON];
	int count, done, err;

	err = read_request(invocation, &policy, &request);
	if (err)
		return err;
	kernel_listen();
	openlog("flagwall", LOG_PID, LOG_DAEMON);
	count = target_named(invocation, &devices);
	if (count < 0)
		return count;
	changed = calloc((size_t)count, sizeof(*changed));
	if (!changed)
		return fail(ENOMEM, "no memory for %d interfaces", count);
	for (int i = 0; i < count; i++) {
		done = filter_attach(&devices[i], &request);
		changed[i] = done == FILTER_CHANGED;
		if (done >= 0)
			continue;
		/* Those before it are attached, and stay so. */
		if (i)
			status_print(devices, i, changed, json);
		return done;
	}
	return status_print(devices, count, changed, json);
}

const struct verb verb_attach = {
	.name = "attach",
	.arguments = "IFACE...",
	.summary = "Filter the segments that arrive on an interface, or leave through it",
	.details =
		"The filter stays when this command ends; 'flagwall detach' removes it. If the\n"
		"interface is already filtered, the program is replaced in place: counters\n"
		"continue, and without --policy, --observe or --enforce what is in force stays so.\n"
		"Mode auto tries native, and falls back to generic if the driver refuses, saying why.\n"
		"With --confirm the kernel undoes the change by itself after that time (a new filter\n"
		"then lets everything pass), unless 'flagwall policy confirm IFACE' is run before.\n"
		"Hooks: xdp (the default) sees what arrives before the kernel does; tc-ingress sees it\n"
		"after XDP, and tc-egress what is sent; netfilter (Linux 6.4) sees IP where firewalls\n"
		"begin, whole datagrams instead of fragments (6.6). Each has its own policy and counters;\n"
		"an interface may have a filter at each.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_MODE) | OPTION_SET(OPTION_POLICY) |
		   OPTION_SET(OPTION_FORCE) | OPTION_SET(OPTION_CONFIRM) |
		   OPTION_SET(OPTION_OBSERVE) | OPTION_SET(OPTION_ENFORCE) |
		   OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

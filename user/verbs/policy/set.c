// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <sys/syslog.h>

#include "cleanup.h"
#include "kernel.h"
#include "netns.h"
#include "policy_choice.h"
#include "status.h"
#include "target.h"
#include "verbs.h"

/* Every filter of the interface, or the one at --hook. */
static int find(const struct invocation *invocation, struct device filtered[HOOK_COUNT])
{
	const char *where = invocation->value[OPTION_NETNS];
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	int hook = target_hook(invocation), count = 0, err;
	struct device device;

	if (hook < 0)
		return hook;
	if ((err = netns_enter(where)) || (err = target_device(invocation->argv[0], where, &device)))
		return err;
	device.hook = (enum hook)hook;
	if (!invocation->given[OPTION_HOOK])
		count = target_filters(&device, filtered);
	if (count)
		return count;
	filtered[0] = device;
	err = target_filter(&device, &filter);
	return err ? err : 1;
}

static int run(const struct invocation *invocation)
{
	_cleanup_(policy_release) struct policy policy = {};
	struct attach_request request = { .policy = &policy,
					  .force = invocation->given[OPTION_FORCE] };
	bool json = invocation->given[OPTION_JSON], changed[HOOK_COUNT];
	struct device filtered[HOOK_COUNT];
	int count, done, err;

	if ((err = policy_verdict(invocation, &request.verdict)) ||
	    (err = policy_confirm(invocation, &request.confirm)))
		return err;
	err = policy_choose(invocation->argv[1], invocation->given[OPTION_FORCE], &policy);
	if (err)
		return err;
	kernel_listen();
	openlog("flagwall", LOG_PID, LOG_DAEMON);
	count = find(invocation, filtered);
	if (count < 0)
		return count;
	for (int i = 0; i < count; i++) {
		done = filter_set(&filtered[i], &request);
		changed[i] = done == FILTER_CHANGED;
		if (done >= 0)
			continue;
		/* Those before it have it, and keep it. */
		if (i)
			status_print(filtered, i, changed, json);
		return done;
	}
	err = status_print(filtered, count, changed, json);
	if (!err && !json && !request.confirm)
		policy_not_kept(&filtered[0], invocation->argv[1]);
	return err;
}

const struct verb verb_policy_set = {
	.name = "policy set",
	.arguments = "IFACE NAME|FILE",
	.summary = "Put a policy in force on an interface, without a gap",
	.details =
		"Every packet is judged by the old policy or by the new one, and counters continue. Without\n"
		"--observe or --enforce, whether drops are only counted stays as it is. With --confirm the\n"
		"kernel goes back by itself after that time, even if this session is cut off by then:\n"
		"'flagwall policy confirm IFACE' makes it stay. Without --hook: at every hook that has\n"
		"a filter.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_OBSERVE) |
		   OPTION_SET(OPTION_ENFORCE) | OPTION_SET(OPTION_FORCE) |
		   OPTION_SET(OPTION_CONFIRM) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 2,
	.most = 2,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <sys/syslog.h>

#include "cleanup.h"
#include "kernel.h"
#include "netns.h"
#include "policy_choice.h"
#include "status.h"
#include "target.h"
#include "verbs.h"

static int run(const struct invocation *invocation)
{
	_cleanup_(policy_release) struct policy policy = {};
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	const char *where = invocation->value[OPTION_NETNS];
	struct attach_request request = { .policy = &policy,
					  .force = invocation->given[OPTION_FORCE] };
	struct device device;
	int done, err;
	bool changed;

	if ((err = policy_verdict(invocation, &request.verdict)) ||
	    (err = policy_confirm(invocation, &request.confirm)))
		return err;
	err = policy_choose(invocation->argv[1], invocation->given[OPTION_FORCE], &policy);
	if (err)
		return err;
	kernel_listen();
	openlog("flagwall", LOG_PID, LOG_DAEMON);
	if ((err = netns_enter(where)) ||
	    (err = target_device(invocation->argv[0], where, &device)) ||
	    (err = target_filter(&device, &filter)))
		return err;
	done = filter_set(&device, &request);
	if (done < 0)
		return done;
	changed = done == FILTER_CHANGED;
	err = status_print(&device, 1, &changed, invocation->given[OPTION_JSON]);
	if (!err && !invocation->given[OPTION_JSON] && !request.confirm)
		policy_not_kept(&device, invocation->argv[1]);
	return err;
}

const struct verb verb_policy_set = {
	.name = "policy set",
	.arguments = "IFACE NAME|FILE",
	.summary = "Put a policy in force on an interface, without a gap",
	.details =
		"A packet meets the old policy or the new one. Counters go on. Without --observe or\n"
		"--enforce, whether drops are only counted stays as it is. With --confirm the kernel\n"
		"goes back by itself after that time, even if this session is cut off by then:\n"
		"'flagwall policy confirm IFACE' makes it stay.\n",
	.options = OPTION_SET(OPTION_OBSERVE) | OPTION_SET(OPTION_ENFORCE) |
		   OPTION_SET(OPTION_FORCE) | OPTION_SET(OPTION_CONFIRM) |
		   OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 2,
	.most = 2,
	.run = run,
};

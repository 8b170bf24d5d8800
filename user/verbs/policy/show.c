// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "cleanup.h"
#include "device.h"
#include "in_force.h"
#include "json.h"
#include "kernel.h"
#include "netns.h"
#include "policy_json.h"
#include "policy_store.h"
#include "target.h"
#include "verbs.h"

/* An interface comes before a policy of the same name. */
static int load(const struct invocation *invocation, struct policy *policy)
{
	const char *where = invocation->value[OPTION_NETNS];
	const char *name = invocation->argc ? invocation->argv[0] : POLICY_DEFAULT;
	struct in_force in_force = {};
	struct device device;
	int hook = target_hook(invocation), err;

	if (hook < 0)
		return hook;
	kernel_listen();
	err = netns_enter(where);
	if (err)
		return err;
	if (!invocation->argc || device_find(name, where, &device))
		return policy_load(name, policy);
	err = target_choose(invocation, &device);
	if (!err)
		err = in_force_read(&device, &in_force);
	*policy = in_force.policy;
	return err;
}

static int run(const struct invocation *invocation)
{
	_cleanup_(policy_release) struct policy policy = {};
	int err = load(invocation, &policy);

	if (err)
		return err;
	if (invocation->given[OPTION_JSON])
		return json_emit(policy_json(json_document(), &policy));
	fputs(policy.text, stdout);
	return 0;
}

const struct verb verb_policy_show = {
	.name = "policy show",
	.arguments = "[NAME|FILE|IFACE]",
	.summary = "A policy as it takes effect: includes and overrides resolved",
	.details =
		"With an interface: the one in force there. It can be read back: the output is a policy.\n"
		"Its SHA-256 is what 'status -j' calls policy_sha256.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.most = 1,
	.run = run,
};

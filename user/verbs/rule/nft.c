// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "netns.h"
#include "nft.h"
#include "policy_choice.h"
#include "policy_store.h"
#include "report.h"
#include "rule_words.h"
#include "target.h"
#include "tool.h"
#include "verbs.h"

/* The sentences that the ruleset also has as comments. */
static void warn(const struct policy *policy, const struct nft_limits *limits)
{
	char reasons[256];

	if (limits->mixed)
		note("nft sees neither AE nor the reserved bits nor payload: policy %s goes by them for %u "
		     "of the 256 values of the flags byte, where the ruleset takes the mildest action",
		     policy->name, limits->mixed);
	if (limits->tunnels)
		note("policy %s looks into tunnels, and nft does not: what is inside passes",
		     policy->name);
	if (limits->states)
		note("policy %s goes by the states of connections, and the ruleset does not",
		     policy->name);
	if (*rule_reasons(limits->reasons, reasons, sizeof(reasons)))
		note("nft cannot tell all packets that are %s: policy %s drops them, the ruleset lets "
		     "pass what it cannot tell",
		     reasons, policy->name);
}

static int emit(const struct nft_request *request, const struct nft_limits *limits,
		const char *ruleset, bool installed)
{
	const struct json_member members[] = {
		{ "language", json_string("nft") },
		{ "interfaces", rule_devices_json(request->devices, request->device_count) },
		{ "policy", json_text(request->told.policy->name) },
		{ "policy_sha256", json_hash(request->told.policy->sha256) },
		{ "observe", json_boolean(request->told.observe) },
		{ "milder_values", json_integer(limits->mixed) },
		{ "milder_reasons", rule_reasons_json(limits->reasons) },
		{ "milder_tunnels", json_boolean(limits->tunnels) },
		{ "milder_states", json_boolean(limits->states) },
		{ "installed", json_boolean(installed) },
		{ "ruleset", json_string(ruleset) },
		{},
	};

	return json_emit(json_members(json_document(), members));
}

static int load(const char *ruleset)
{
	static const char *const nft[] = { "nft", "-f", "-", NULL };

	return tool_run(nft, ruleset, NULL);
}

/* Newer kernels load a table for an interface that is not there: nobody would see the mistake. */
static int install_into(const struct invocation *invocation, const struct nft_request *request,
			const char *ruleset)
{
	const char *where = invocation->value[OPTION_NETNS];
	struct device device;
	int err;

	err = netns_enter(where);
	for (int i = 0; i < request->device_count && !err; i++)
		err = target_device(request->devices[i], where, &device);
	return err ?: load(ruleset);
}

static int emit_removed(void)
{
	const struct json_member members[] = {
		{ "language", json_string("nft") },
		{ "installed", json_false() },
		{},
	};

	return json_emit(json_members(json_document(), members));
}

static int take_out(const struct invocation *invocation)
{
	int err;

	if (invocation->given[OPTION_INSTALL])
		return fail(FW_EUSAGE, "--install and --remove exclude each other");
	if (invocation->argc)
		return fail(FW_EUSAGE,
			    "rule nft --remove: '%s' is one argument too many: the table "
			    "goes as a whole, from all interfaces",
			    invocation->argv[0]);
	err = netns_enter(invocation->value[OPTION_NETNS]);
	if (!err)
		err = load(nft_removal);
	if (err || invocation->given[OPTION_JSON])
		return err ?: emit_removed();
	puts("removed: table netdev flagwall is gone");
	return 0;
}

static int show(const struct invocation *invocation, const struct nft_request *request,
		const struct nft_limits *limits)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	bool install = invocation->given[OPTION_INSTALL];
	int err = 0;

	if (!stream)
		return fail(ENOMEM, "no memory for the ruleset");
	nft_print(stream, request);
	if (fclose(stream))
		return fail(ENOMEM, "no memory for the ruleset");
	if (install)
		err = install_into(invocation, request, text);
	if (err)
		return err;
	/* Who reads the ruleset has it in its comments. */
	if (install)
		note("nft sees neither reserved bits nor AE, and nothing behind a second VLAN tag, MPLS, PPPoE "
		     "or tunnels: what is there passes; 'flagwall rule nft' says the rest in comments");
	warn(request->told.policy, limits);
	if (invocation->given[OPTION_JSON])
		return emit(request, limits, text, install);
	if (install)
		printf("installed: table netdev flagwall, policy %s%s; 'nft list counters table netdev flagwall' "
		       "shows what arrives\n",
		       request->told.policy->name, request->told.observe ? ", observing" : "");
	else
		fputs(text, stdout);
	return 0;
}

static int run(const struct invocation *invocation)
{
	_cleanup_(policy_release) struct policy policy = {};
	struct nft_request request = { .told = { &policy, invocation->given[OPTION_OBSERVE] },
				       .devices = invocation->argv,
				       .device_count = invocation->argc };
	const char *name = invocation->value[OPTION_POLICY] ?: POLICY_DEFAULT;
	struct nft_limits limits;
	int err;

	if (invocation->given[OPTION_REMOVE])
		return take_out(invocation);
	if (!invocation->argc)
		return fail(FW_EUSAGE,
			    "rule nft: needs IFACE...; 'flagwall rule nft --help' says more");
	err = rule_devices(invocation, "nft", nft_device_valid,
			   "an nft script: names have 1 to 15 printable characters, none of them "
			   "\" * \\ / : or a blank");
	if (err)
		return err;
	err = policy_choose(name,
			    !invocation->given[OPTION_INSTALL] || invocation->given[OPTION_FORCE],
			    &policy);
	if (err)
		return err;
	nft_limits(&request, &limits);
	return show(invocation, &request, &limits);
}

const struct verb verb_rule_nft = {
	.name = "rule nft",
	.arguments = "IFACE...",
	.summary = "A policy as a ruleset for nftables: to read, to load, or loaded",
	.details =
		"Prints text and changes nothing, unless --install loads it; it then filters without\n"
		"flagwall. --install again replaces it in one step; --remove removes it, and takes no\n"
		"interface. Comments in it say what nftables cannot see.\n",
	.options = OPTION_SET(OPTION_POLICY) | OPTION_SET(OPTION_OBSERVE) |
		   OPTION_SET(OPTION_FORCE) | OPTION_SET(OPTION_INSTALL) |
		   OPTION_SET(OPTION_REMOVE) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "iptables_load.h"
#include "json.h"
#include "netns.h"
#include "pinned.h"
#include "policy_choice.h"
#include "report.h"
#include "rule_words.h"
#include "verbs.h"

static int read_backend(const struct invocation *invocation, enum iptables_backend *backend)
{
	static const char *const names[] = { "legacy", "nft", NULL };
	const char *value = invocation->value[OPTION_BACKEND];
	int choice = value ? options_choice("backend", value, names) : IPTABLES_DEFAULT;

	if (choice < 0)
		return choice;
	*backend = (enum iptables_backend)choice;
	return 0;
}

static int check_devices(const struct invocation *invocation)
{
	return rule_devices(invocation, "iptables", iptables_device_valid,
			    "a rule: names have 1 to 15 printable characters, no quotes, none of "
			    "\\ / : # * or a blank, no - or ! first, no + last");
}

/* The sentences that the rules also have as comments. */
static void warn(const struct policy *policy, const struct iptables_limits *limits,
		 enum iptables_backend backend)
{
	char reasons[256];

	if (limits->mixed)
		note("--tcp-flags sees neither ECE, CWR and AE nor the reserved bits nor payload: policy %s "
		     "goes by them for %u of the 64 values, where the rules take the mildest action",
		     policy->name, limits->mixed);
	if (policy->tunnels)
		note("policy %s looks into tunnels, and iptables does not: what is inside passes",
		     policy->name);
	if (policy->state_count)
		note("policy %s goes by the states of connections, and the rules do not",
		     policy->name);
	if (*rule_reasons(limits->milder, reasons, sizeof(reasons)))
		note("policy %s drops %s: the rules cannot tell all of it, and iptables-nft lets pass what they cannot tell",
		     policy->name, reasons);
	if (backend != IPTABLES_NFT && *rule_reasons(limits->stricter, reasons, sizeof(reasons)))
		note("policy %s lets %s pass: iptables-legacy drops such packets by itself, iptables-nft does not",
		     policy->name, reasons);
}

static int emit(const struct iptables_request *request, const struct iptables_limits *limits,
		const char *rules, bool installed)
{
	const struct json_member members[] = {
		{ "language", json_string("iptables") },
		{ "interfaces", rule_devices_json(request->devices, request->device_count) },
		{ "policy", json_text(request->told.policy->name) },
		{ "policy_sha256", json_hash(request->told.policy->sha256) },
		{ "observe", json_boolean(request->told.observe) },
		{ "milder_values", json_integer(limits->mixed) },
		{ "milder_reasons", rule_reasons_json(limits->milder) },
		{ "stricter_reasons", rule_reasons_json(limits->stricter) },
		{ "milder_tunnels", json_boolean(request->told.policy->tunnels) },
		{ "milder_states", json_boolean(request->told.policy->state_count > 0) },
		{ "installed", json_boolean(installed) },
		{ "ruleset", json_string(rules) },
		{},
	};

	return json_emit(json_members(json_document(), members));
}

static int print_json(const struct iptables_request *request, const struct iptables_limits *limits,
		      bool installed)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return fail(ENOMEM, "no memory for the rules");
	iptables_print(stream, request);
	if (fclose(stream))
		return fail(ENOMEM, "no memory for the rules");
	return emit(request, limits, text, installed);
}

static int take_out(const struct invocation *invocation, enum iptables_backend backend)
{
	if (invocation->given[OPTION_INSTALL])
		return fail(FW_EUSAGE, "--install and --remove exclude each other");
	if (invocation->argc)
		return fail(
			FW_EUSAGE,
			"rule iptables --remove: '%s' is one argument too many: all of flagwall's rules "
			"go, from all interfaces",
			invocation->argv[0]);
	return pinned_remove(invocation, backend);
}

static int show(const struct invocation *invocation, const struct iptables_request *request,
		enum iptables_backend backend)
{
	bool install = invocation->given[OPTION_INSTALL];
	struct iptables_limits limits;
	int err = 0;

	iptables_limits(request, &limits);
	if (install)
		err = netns_enter(invocation->value[OPTION_NETNS]) ?:
			      iptables_install(request, backend);
	if (err)
		return err;
	warn(request->told.policy, &limits, backend);
	if (invocation->given[OPTION_JSON])
		return print_json(request, &limits, install);
	if (install)
		printf("installed: chain " IPTABLES_CHAIN
		       " of table raw, IPv4 and IPv6, policy %s%s; "
		       "'iptables -t raw -nvxL " IPTABLES_FLAGS "' shows what arrives\n",
		       request->told.policy->name, request->told.observe ? ", observing" : "");
	else
		iptables_print(stdout, request);
	return 0;
}

static int run_native(const struct invocation *invocation, enum iptables_backend backend)
{
	_cleanup_(policy_release) struct policy policy = {};
	struct iptables_request request = { .told = { .policy = &policy },
					    .devices = invocation->argv,
					    .device_count = invocation->argc };
	const char *name = invocation->value[OPTION_POLICY] ?: POLICY_DEFAULT;
	enum attach_verdict verdict;
	int err;

	if (invocation->given[OPTION_MATCH])
		return fail(FW_EUSAGE,
			    "--native and --match exclude each other: --tcp-flags matches a pattern");
	err = check_devices(invocation) ?: policy_verdict(invocation, &verdict);
	if (err)
		return err;
	err = policy_choose(name,
			    !invocation->given[OPTION_INSTALL] || invocation->given[OPTION_FORCE],
			    &policy);
	if (err)
		return err;
	request.told.observe = verdict == ATTACH_OBSERVE;
	return show(invocation, &request, backend);
}

static int run_pinned(const struct invocation *invocation, enum iptables_backend backend)
{
	struct iptables_request request = { .devices = invocation->argv,
					    .device_count = invocation->argc };

	return check_devices(invocation) ?: pinned_show(invocation, &request, backend);
}

static int run(const struct invocation *invocation)
{
	enum iptables_backend backend;
	int err = read_backend(invocation, &backend);

	if (err)
		return err;
	if (invocation->given[OPTION_REMOVE])
		return take_out(invocation, backend);
	return invocation->given[OPTION_NATIVE] ? run_native(invocation, backend) :
						  run_pinned(invocation, backend);
}

const struct verb verb_rule_iptables = {
	.name = "rule iptables",
	.arguments = "[IFACE...]",
	.summary = "A policy as rules for iptables: to read, to load, or loaded",
	.details =
		"Pins a program that tells what the policy drops, and prints the commands that make rules\n"
		"of table raw call it; --install runs them, replacing older rules of flagwall. If it is\n"
		"already pinned, its policy is kept or exchanged in place. --match pins a program for one\n"
		"pattern, or for everything with these flags, and prints what goes into a rule of yours.\n"
		"With --native: tcp-flags rules, one text for iptables and ip6tables, in a chain " IPTABLES_CHAIN
		".\n"
		"They need no BPF, see less, and are kept by iptables-save.\n"
		"--remove removes rules and program; with --match that program, if no rule calls it. Rules\n"
		"of others are not touched.\n",
	.options = OPTION_SET(OPTION_NATIVE) | OPTION_SET(OPTION_MATCH) |
		   OPTION_SET(OPTION_POLICY) | OPTION_SET(OPTION_ENFORCE) |
		   OPTION_SET(OPTION_OBSERVE) | OPTION_SET(OPTION_FORCE) |
		   OPTION_SET(OPTION_INSTALL) | OPTION_SET(OPTION_REMOVE) |
		   OPTION_SET(OPTION_BACKEND) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

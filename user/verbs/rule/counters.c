// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "kernel.h"
#include "matcher.h"
#include "netns.h"
#include "policy_store.h"
#include "report.h"
#include "verbs.h"
#include "view_print.h"

/* What a pinned program was asked. */
struct asked {
	const char *match; /* as the user wrote it; NULL: the policy's */
	char path[PINS_PATH];
	struct fw_config state;
	struct policy policy; /* owned */
	struct fw_count counts[FW_OUTCOMES];
};

static void asked_release(struct asked *asked)
{
	policy_release(&asked->policy);
}

/*
 * The name of the program for @text. Patterns of a policy that is not at hand are known by
 * their pins.
 */
static int find_name(const char *text, char name[SELECTION_NAME])
{
	_cleanup_(policy_release) struct policy policy = {};
	struct selection selection;
	int err;

	if (!text) {
		snprintf(name, SELECTION_NAME, MATCHER_POLICY);
		return 0;
	}
	if (strlen(text) < PATTERN_NAME && !strchr(text, '/')) {
		snprintf(name, SELECTION_NAME, "pattern-%s", text);
		if (matcher_there(name))
			return 0;
	}
	err = policy_load(POLICY_DEFAULT, &policy) ?: selection_read(&policy, text, &selection);
	if (!err)
		memcpy(name, selection.name, SELECTION_NAME);
	return err;
}

static int ask(const struct invocation *invocation, struct asked *asked)
{
	char name[SELECTION_NAME];
	int err;

	asked->match = invocation->argc ? invocation->argv[0] : NULL;
	err = netns_enter(invocation->value[OPTION_NETNS]);
	if (err)
		return err;
	kernel_listen();
	err = find_name(asked->match, name);
	if (err)
		return err;
	matcher_path(name, asked->path);
	err = matcher_counts(name, &asked->state, asked->counts);
	return err ?: policy_in_force(&asked->state, &asked->policy);
}

static int print_json(const struct asked *asked, const struct view *view, const struct query *query)
{
	const struct json_member members[] = {
		{ "selection", json_text(asked->match) },
		{ "program", json_string(asked->path) },
		{ "policy", json_text(asked->state.policy) },
		{ "policy_sha256", json_hash(asked->state.policy_sha256) },
		{ "observe", json_boolean(asked->state.observe) },
		{ "time", json_time(time_now()) },
		{ "pinned_since", json_time(asked->state.attached_since) },
		{ "policy_since", json_time(asked->state.policy_since) },
		{},
	};
	json_t *root = view_json(json_members(json_document(), members), view);

	return json_emit(view_json_rows(root, view, query));
}

static int run(const struct invocation *invocation)
{
	_cleanup_(asked_release) struct asked asked = {};
	struct query query;
	struct view view;
	char since[JSON_TIME];
	int err;

	err = query_read(invocation, false, &query) ?: ask(invocation, &asked);
	if (err)
		return err;
	view = (struct view){ .policy = &asked.policy,
			      .observe = asked.state.observe,
			      .counts = asked.counts };
	if (invocation->given[OPTION_JSON])
		return print_json(&asked, &view, &query);
	printf("%s of policy %.64s%s, asked by rules since %s; DROPPED is where the answer was yes\n",
	       asked.match ?: "all", asked.state.policy,
	       view.observe ? " (observing: what is in brackets is only counted)" : "",
	       time_print(asked.state.attached_since, since));
	view_text(&view, &query);
	return 0;
}

const struct verb verb_rule_counters = {
	.name = "rule counters",
	.arguments = "[FLAGS]",
	.summary = "What rules of iptables asked, and how often the answer was yes",
	.details =
		"FLAGS is what --match of 'rule iptables' was told; without it: the program that holds what\n"
		"the policy drops. A packet counts once for each rule that asks about it.\n",
	.options = OPTION_SET(OPTION_BY) | OPTION_SET(OPTION_MATCH) | OPTION_SET(OPTION_NETNS) |
		   OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = 1,
	.run = run,
};

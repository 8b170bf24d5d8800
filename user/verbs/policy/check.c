// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "policy_store.h"
#include "report.h"
#include "state_name.h"
#include "verbs.h"

#define NAMES 256

/* The patterns that have what @shadowed would hold. */
static void name_owners(const struct policy *policy, const struct pattern *shadowed,
			char names[NAMES])
{
	bool owner[PATTERNS_MOST] = {};
	size_t used = 0;

	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		if (match_holds(&shadowed->match, signature))
			owner[policy_pattern(policy, signature) - policy->patterns] = true;
	names[0] = '\0';
	for (size_t i = 0; i < policy->pattern_count && used < NAMES; i++)
		if (owner[i])
			used += (size_t)snprintf(names + used, NAMES - used, "%s%s",
						 used ? ", " : "", policy->patterns[i].name);
}

/* Returns how many lines of the file's own are shadowed, after naming them. */
static size_t check_shadowed(const char *file, const struct policy *policy)
{
	size_t count = 0;

	for (size_t i = 0; i < policy->pattern_count; i++) {
		const struct pattern *pattern = &policy->patterns[i];
		char names[NAMES];

		if (pattern->members || !pattern->line)
			continue;
		name_owners(policy, pattern, names);
		note("%s:%u: pattern %s is shadowed: all that it holds belongs to %s before it",
		     file, pattern->line, pattern->name, names);
		count++;
	}
	return count;
}

/* The same for lines about states. */
static size_t check_shadowed_states(const char *file, const struct policy *policy)
{
	size_t count = 0;

	for (size_t i = 0; i < policy->state_count; i++) {
		const struct state_line *line = &policy->states[i];

		if (line->members || !line->line)
			continue;
		note("%s:%u: this line about state %s is shadowed: all that it holds belongs to "
		     "lines before it",
		     file, line->line, state_texts[line->state].name);
		count++;
	}
	return count;
}

/* Name what is lost by what is dropped for its state, and append it to @array. */
static void check_states(const char *file, const struct policy *policy, json_t *array)
{
	enum fw_state state;
	const char *cost;
	size_t index = 0;

	while ((cost = policy_state_cost(policy, &index, &state))) {
		const struct json_member members[] = {
			{ "state", json_string(state_texts[state].name) },
			{ "cost", json_string(cost) },
			{},
		};

		note("%s: what it drops in state %s has a cost: %s", file, state_texts[state].name,
		     cost);
		json_array_append_new(array, json_members(json_object(), members));
	}
}

/* Does any line about states flag anything? */
static bool flags_states(const struct policy *policy)
{
	for (size_t i = 0; i < policy->state_count; i++)
		if (policy->states[i].members && policy->states[i].action != FW_PASS)
			return true;
	return false;
}

/* Is there anything flagged, of what it names, that has an address? */
static bool matters(const struct policy *policy, const struct exception *exception)
{
	if (exception_holds(exception, FW_CLASS_STATE) && flags_states(policy))
		return true;
	for (size_t i = 0; i < policy->pattern_count; i++)
		if (exception_holds(exception, (unsigned int)i) && policy->patterns[i].members &&
		    policy->patterns[i].action != FW_PASS)
			return true;
	for (unsigned int i = 0; i < FW_REASON_COUNT; i++)
		if (exception_holds(exception, FW_CLASS_REASONS + i) &&
		    FW_REASON_BASE + i != FW_REASON_NOT_IP && policy->reasons[i] != FW_PASS)
			return true;
	return false;
}

/* Returns how many exceptions change nothing, after naming the first. */
static size_t check_idle(const char *file, const struct policy *policy)
{
	const struct exception *first = NULL;
	char prefix[PREFIX_TEXT];
	size_t count = 0;

	for (size_t i = 0; i < policy->exception_count; i++) {
		if (matters(policy, &policy->exceptions[i]))
			continue;
		first = first ? first : &policy->exceptions[i];
		count++;
	}
	if (first)
		note("%s: %zu of its exceptions change nothing (except %s %s is the first): what they "
		     "name passes anyway, or has no address",
		     file, count, first->direction == FW_FROM ? "from" : "to",
		     exception_print(first, prefix));
	return count;
}

static int check(const char *file, bool strict, json_t *array)
{
	_cleanup_(policy_release) struct policy policy = {};
	char hazards[NAMES];
	size_t shadowed, hazardous, idle;
	json_t *costs;
	int err = policy_load(file, &policy);

	if (err)
		return err;
	costs = json_array();
	shadowed = check_shadowed(file, &policy) + check_shadowed_states(file, &policy);
	idle = check_idle(file, &policy);
	hazardous = policy_hazards(&policy, hazards, sizeof(hazards));
	if (hazardous)
		note("%s: drops what correct senders send: %s; attach and set want --force", file,
		     hazards);
	check_states(file, &policy, costs);
	if (array) {
		json_t *inspect = json_array();
		const struct json_member members[] = {
			{ "file", json_text(file) },
			{ "policy_sha256", json_hash(policy.sha256) },
			{ "inspect", inspect },
			{ "exceptions", json_integer((json_int_t)policy.exception_count) },
			{ "idle_exceptions", json_integer((json_int_t)idle) },
			{ "shadowed", json_integer((json_int_t)shadowed) },
			{ "hazards", json_text(hazardous ? hazards : NULL) },
			{ "state_lines", json_integer((json_int_t)policy.state_count) },
			{ "state_costs", costs },
			{},
		};
		if (policy.tunnels)
			json_array_append_new(inspect, json_string("tunnels"));
		json_array_append_new(array, json_members(json_object(), members));
	} else {
		printf("%s: %zu patterns, %zu shadowed, %zu exceptions%s", file,
		       policy.pattern_count, shadowed, policy.exception_count,
		       policy.tunnels ? ", inspects tunnels" : "");
		if (policy.state_count)
			printf(", %zu state lines", policy.state_count);
		putchar('\n');
		json_decref(costs);
	}
	return strict && shadowed ?
		       fail(EINVAL, "%s: shadowed lines are errors under --strict", file) :
		       0;
}

static int run(const struct invocation *invocation)
{
	bool json = invocation->given[OPTION_JSON];
	json_t *array = json ? json_array() : NULL;
	const struct json_member members[] = { { "policies", array }, {} };
	int result = 0;

	for (int i = 0; i < invocation->argc; i++) {
		int err = check(invocation->argv[i], invocation->given[OPTION_STRICT], array);

		result = result ? result : err;
	}
	if (!json)
		return result;
	if (!result)
		return json_emit(json_members(json_document(), members));
	json_decref(array);
	return result;
}

const struct verb verb_policy_check = {
	.name = "policy check",
	.arguments = "FILE...",
	.summary = "Whether a policy can be read, and what is odd about it",
	.details =
		"Errors name file, line and column. A pattern that can never match is a warning, and so\n"
		"is an exception that changes nothing, and a policy that drops what correct senders\n"
		"send, or ARP. It also says what dropping by the state of a connection costs.\n",
	.options = OPTION_SET(OPTION_STRICT) | OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

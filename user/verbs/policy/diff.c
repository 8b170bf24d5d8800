// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "flags.h"
#include "json.h"
#include "policy_diff.h"
#include "policy_store.h"
#include "reason.h"
#include "report.h"
#include "state_name.h"
#include "verbs.h"

struct comparison {
	struct policy a, b;                    /* owned */
	struct policy_difference *differences; /* owned */
	size_t count;
};

static void release(struct comparison *comparison)
{
	policy_release(&comparison->a);
	policy_release(&comparison->b);
	free(comparison->differences);
}

static bool reason_differs(const struct comparison *comparison, size_t reason)
{
	return comparison->a.reasons[reason] != comparison->b.reasons[reason];
}

static void side(const struct pattern *pattern, char text[64])
{
	snprintf(text, 64, "%s (%s)", policy_action_name(pattern->action), pattern->name);
}

/* Both lists are canonical: equal lines are equal exceptions. */
static const char *exceptions_of(const struct policy *policy)
{
	return policy->text + policy->rules_length;
}

static bool exceptions_differ(const struct comparison *comparison)
{
	return strcmp(exceptions_of(&comparison->a), exceptions_of(&comparison->b)) != 0;
}

static const char *looks(const struct policy *policy)
{
	return policy->tunnels ? "is judged" : "is not looked at";
}

/* Does @policy let any segment with these control bits pass, so that its state is asked? */
static bool asks(const struct policy *policy, unsigned int control)
{
	for (unsigned int others = 0; others < FW_SIGNATURES; others += FW_CONTROL + 1)
		if (policy_pattern(policy, control | others)->action == FW_PASS)
			return true;
	return false;
}

static bool state_differs(const struct comparison *comparison, unsigned int state,
			  unsigned int control)
{
	control &= FW_CONTROL;
	return (asks(&comparison->a, control) || asks(&comparison->b, control)) &&
	       policy_state_action(&comparison->a, (enum fw_state)state, control) !=
		       policy_state_action(&comparison->b, (enum fw_state)state, control);
}

/* A row for each state and combination that they judge otherwise. Returns how many. */
static size_t print_states(const struct comparison *comparison)
{
	char flags[FLAGS_TEXT], name[FLAGS_TEXT + 16];
	size_t count = 0;

	for (unsigned int state = 0; state < FW_STATE_COUNT; state++) {
		for (unsigned int control = 0; control < FW_STATE_FLAGS; control++) {
			if (!state_differs(comparison, state, control))
				continue;
			snprintf(name, sizeof(name), "%s %s", state_texts[state].name,
				 flags_print(control, flags));
			printf("%-28s  %-28s  %s\n", name,
			       policy_action_name(policy_state_action(&comparison->a,
								      (enum fw_state)state,
								      control)),
			       policy_action_name(policy_state_action(&comparison->b,
								      (enum fw_state)state,
								      control)));
			count++;
		}
	}
	return count;
}

static void print_text(const struct comparison *comparison)
{
	size_t reasons = 0, states;

	printf("%-28s  %-28s  %s\n", "FLAGS", comparison->a.name, comparison->b.name);
	for (size_t i = 0; i < comparison->count; i++) {
		const struct policy_difference *difference = &comparison->differences[i];
		char name[SIGNATURE_TEXT], a[64], b[64];

		signature_print(difference->signature, name);
		side(difference->a, a);
		side(difference->b, b);
		printf("%-28s  %-28s  %s\n", name, a, b);
	}
	for (size_t i = 0; i < FW_REASON_COUNT; i++) {
		if (!reason_differs(comparison, i))
			continue;
		printf("%-28s  %-28s  %s\n", reason_texts[i].name,
		       policy_action_name(comparison->a.reasons[i]),
		       policy_action_name(comparison->b.reasons[i]));
		reasons++;
	}
	if (comparison->a.tunnels != comparison->b.tunnels)
		printf("%-28s  %-28s  %s\n", "what is in tunnels", looks(&comparison->a),
		       looks(&comparison->b));
	states = print_states(comparison);
	if (comparison->a.state_count || comparison->b.state_count)
		printf("%zu combinations of state and flags differ\n", states);
	printf("%zu combinations and %zu reasons differ; the exceptions (%zu and %zu) %s\n",
	       comparison->count, reasons, comparison->a.exception_count,
	       comparison->b.exception_count,
	       exceptions_differ(comparison) ? "differ" : "are the same");
}

static json_t *side_json(const struct pattern *pattern)
{
	const struct json_member members[] = {
		{ "pattern", json_string(pattern->name) },
		{ "action", json_string(policy_action_name(pattern->action)) },
		{},
	};

	return json_members(json_object(), members);
}

static json_t *difference_json(const struct policy_difference *difference)
{
	unsigned int signature = difference->signature;
	bool all = difference->all_variants;
	char flags[FLAGS_TEXT];
	const struct json_member members[] = {
		{ "flags", json_string(flags_print(signature, flags)) },
		{ "value", json_integer(signature & FW_FLAGS) },
		{ "all_variants", json_boolean(all) },
		{ "data", all ? json_null() : json_boolean(signature & FW_DATA) },
		{ "reserved", all ? json_null() : json_boolean(signature & FW_RSV) },
		{ "a", side_json(difference->a) },
		{ "b", side_json(difference->b) },
		{},
	};

	return json_members(json_object(), members);
}

static json_t *reasons_json(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t i = 0; i < FW_REASON_COUNT; i++) {
		const struct json_member members[] = {
			{ "name", json_string(reason_texts[i].name) },
			{ "a", json_string(policy_action_name(comparison->a.reasons[i])) },
			{ "b", json_string(policy_action_name(comparison->b.reasons[i])) },
			{},
		};
		json_t *object = json_members(json_object(), members);

		if (reason_differs(comparison, i))
			json_array_append_new(array, object);
		else
			json_decref(object);
	}
	return array;
}

static json_t *states_json(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (unsigned int slot = 0; slot < FW_STATE_COUNT * FW_STATE_FLAGS; slot++) {
		const enum fw_state state = slot / FW_STATE_FLAGS;
		char flags[FLAGS_TEXT];
		const struct json_member members[] = {
			{ "state", json_string(state_texts[state].name) },
			{ "flags", json_string(flags_print(slot % FW_STATE_FLAGS, flags)) },
			{ "value", json_integer(slot % FW_STATE_FLAGS) },
			{ "a", json_string(policy_action_name(
				       policy_state_action(&comparison->a, state, slot))) },
			{ "b", json_string(policy_action_name(
				       policy_state_action(&comparison->b, state, slot))) },
			{},
		};
		json_t *object = json_members(json_object(), members);

		if (state_differs(comparison, state, slot))
			json_array_append_new(array, object);
		else
			json_decref(object);
	}
	return array;
}

static int print_json(const struct comparison *comparison)
{
	json_t *array = json_array();
	const struct json_member members[] = {
		{ "a", json_text(comparison->a.name) },
		{ "b", json_text(comparison->b.name) },
		{ "flags", array },
		{ "reasons", reasons_json(comparison) },
		{ "states", states_json(comparison) },
		{ "inspect_differs", json_boolean(comparison->a.tunnels != comparison->b.tunnels) },
		{ "exceptions_differ", json_boolean(exceptions_differ(comparison)) },
		{},
	};

	for (size_t i = 0; i < comparison->count; i++)
		json_array_append_new(array, difference_json(&comparison->differences[i]));
	return json_emit(json_members(json_document(), members));
}

static int run(const struct invocation *invocation)
{
	_cleanup_(release) struct comparison comparison = {};
	int err;

	err = policy_load(invocation->argv[0], &comparison.a);
	if (err)
		return err;
	err = policy_load(invocation->argv[1], &comparison.b);
	if (err)
		return err;
	comparison.differences = calloc(FW_SIGNATURES, sizeof(*comparison.differences));
	if (!comparison.differences)
		return fail(ENOMEM, "no memory for the differences");
	comparison.count = policy_diff(&comparison.a, &comparison.b, comparison.differences);
	if (invocation->given[OPTION_JSON])
		return print_json(&comparison);
	print_text(&comparison);
	return 0;
}

const struct verb verb_policy_diff = {
	.name = "policy diff",
	.arguments = "A B",
	.summary = "The combinations of flags for which two policies differ",
	.options = OPTION_SET(OPTION_JSON),
	.least = 2,
	.most = 2,
	.run = run,
};

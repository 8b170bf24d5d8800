// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "policy_json.h"

#include "json.h"
#include "reason.h"
#include "state_name.h"

static json_t *pattern_json(const struct pattern *pattern)
{
	char match[MATCH_TEXT];
	const struct json_member members[] = {
		{ "name", json_string(pattern->name) },
		{ "match", json_string(match_print(&pattern->match, match)) },
		{ "action", json_string(policy_action_name(pattern->action)) },
		{ "shadowed", json_boolean(!pattern->members) },
		{},
	};

	return json_members(json_object(), members);
}

static json_t *reason_json(const struct policy *policy, size_t reason)
{
	const struct json_member members[] = {
		{ "name", json_string(reason_texts[reason].name) },
		{ "action", json_string(policy_action_name(policy->reasons[reason])) },
		{},
	};

	return json_members(json_object(), members);
}

static json_t *state_json(const struct state_line *line)
{
	char match[MATCH_TEXT];
	const struct json_member members[] = {
		{ "state", json_string(state_texts[line->state].name) },
		{ "match", json_string(match_print(&line->match, match)) },
		{ "action", json_string(policy_action_name(line->action)) },
		{ "shadowed", json_boolean(!line->members) },
		{},
	};

	return json_members(json_object(), members);
}

static json_t *exception_json(const struct policy *policy, const struct exception *exception)
{
	char prefix[PREFIX_TEXT];
	json_t *names = json_array();
	const struct json_member members[] = {
		{ "direction", json_string(exception->direction == FW_TO ? "to" : "from") },
		{ "prefix", json_string(exception_print(exception, prefix)) },
		{ "patterns", exception_everything(exception) ? json_null() : names },
		{},
	};

	for (unsigned int class = 0; class < FW_CLASSES; class ++) {
		const char *name = policy_class_name(policy, class);

		if (name && exception_holds(exception, class))
			json_array_append_new(names, json_string(name));
	}
	if (exception_everything(exception))
		json_decref(names);
	return json_members(json_object(), members);
}

json_t *policy_json(json_t *object, const struct policy *policy)
{
	json_t *patterns = json_array(), *reasons = json_array(), *exceptions = json_array();
	json_t *inspect = json_array(), *states = json_array();
	const struct json_member members[] = {
		{ "policy", json_text(policy->name) },
		{ "policy_sha256", json_hash(policy->sha256) },
		{ "patterns", patterns },
		{ "reasons", reasons },
		{ "inspect", inspect },
		{ "states", states },
		{ "exceptions", exceptions },
		{},
	};

	for (size_t i = 0; i < policy->pattern_count; i++)
		json_array_append_new(patterns, pattern_json(&policy->patterns[i]));
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		json_array_append_new(reasons, reason_json(policy, i));
	if (policy->tunnels)
		json_array_append_new(inspect, json_string("tunnels"));
	for (size_t i = 0; i < policy->state_count; i++)
		json_array_append_new(states, state_json(&policy->states[i]));
	for (size_t i = 0; i < policy->exception_count; i++)
		json_array_append_new(exceptions, exception_json(policy, &policy->exceptions[i]));
	return json_members(object, members);
}

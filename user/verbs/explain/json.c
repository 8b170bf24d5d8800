// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "flags.h"
#include "json.h"
#include "knowledge.h"
#include "question.h"
#include "state_knowledge.h"
#include "state_name.h"

static json_t *json_sources(const struct knowledge *entry)
{
	json_t *sources = json_array();

	for (size_t i = 0; i < KNOWLEDGE_SOURCES && entry->sources[i]; i++)
		json_array_append_new(sources, json_string(entry->sources[i]));
	return sources;
}

/* Add what is known about a combination to @object, which is handed on. */
static json_t *json_knowledge(json_t *object, const struct knowledge *entry)
{
	const struct json_member members[] = {
		{ "description", json_string(entry->description) },
		{ "sources", json_sources(entry) },
		{ "legitimate_senders", json_string(entry->senders) },
		{ "tools", json_string(entry->tools) },
		{},
	};

	return json_members(object, members);
}

/* Add one combination and its fate to @object, which is handed on. */
static json_t *json_combination(json_t *object, const struct question *question,
				unsigned int signature)
{
	const struct pattern *pattern = policy_pattern(question->policy, signature);
	char flags[FLAGS_TEXT];
	const struct json_member members[] = {
		{ "flags", json_string(flags_print(signature, flags)) },
		{ "value", json_integer(signature & FW_FLAGS) },
		{ "reserved", json_boolean(signature & FW_RSV) },
		{ "pattern", json_string(pattern->name) },
		{ "action", json_string(policy_action_name(pattern->action)) },
		{},
	};

	return json_members(object, members);
}

static json_t *json_modifiers(unsigned int signature)
{
	json_t *modifiers = json_array();

	for (size_t i = 0; i < knowledge_modifier_count; i++)
		if (knowledge_holds(&knowledge_modifiers[i], signature))
			json_array_append_new(modifiers, json_knowledge(json_object(),
									&knowledge_modifiers[i]));
	return modifiers;
}

/* The policies that take each action: names with blanks between become arrays. */
static json_t *json_profiles(const struct question *question)
{
	json_t *object = json_object();

	for (int action = FW_PASS; action <= FW_DROP; action++) {
		const char *at = question->profiles[action];
		json_t *array = json_array();

		while (at && *at) {
			size_t length = strcspn(at, " ");

			json_array_append_new(array, json_stringn(at, length));
			at += length + strspn(at + length, " ");
		}
		json_object_set_new(object, policy_action_name((enum fw_action)action), array);
	}
	return object;
}

/* What happens to it on one interface. */
static json_t *json_in_force(const struct question *question, const struct in_force *in_force)
{
	const struct policy *policy = &in_force->policy;
	bool one = notation_is_one(&question->notation);
	unsigned int signature = question->notation.value;
	const struct pattern *pattern = policy_pattern(policy, signature);
	const struct json_member members[] = {
		{ "interface", json_text(in_force->device.label) },
		{ "hook", json_string(hook_names[in_force->device.hook]) },
		{ "ifindex", json_integer(in_force->device.ifindex) },
		{ "netns", json_text(in_force->device.where) },
		{ "policy", json_string(policy->name) },
		{ "policy_sha256", json_hash(policy->sha256) },
		{ "observe", json_boolean(in_force->observe) },
		{ "unconfirmed", json_boolean(in_force->unconfirmed) },
		{ "pattern", one ? json_string(pattern->name) : json_null() },
		{ "action", one ? json_string(policy_action_name(pattern->action)) : json_null() },
		{ "exceptions",
		  json_integer((json_int_t)(one ? question_exceptions(policy, signature) :
						  policy->exception_count)) },
		{},
	};

	return json_members(json_object(), members);
}

static json_t *json_all_in_force(const struct question *question)
{
	json_t *array = json_array();

	for (int i = 0; i < question->in_force_count; i++)
		json_array_append_new(array, json_in_force(question, &question->in_force[i]));
	return array;
}

/* What it is in the state that was asked about; null: none was. */
static json_t *json_state(const struct question *question)
{
	unsigned int signature = question->notation.value;
	const struct policy *policy = question->policy;
	const struct state_knowledge *entry = state_knowledge_find(question->state, signature);
	enum fw_action action = policy_state_action(policy, question->state, signature);
	bool asked = policy->state_count && policy_pattern(policy, signature)->action == FW_PASS;
	const struct json_member members[] = {
		{ "state", json_string(state_texts[question->state].name) },
		{ "asked", json_boolean(asked) },
		{ "action", asked ? json_string(policy_action_name(action)) : json_null() },
		{ "answer", json_string(entry->answer) },
		{ "source", json_string(entry->source) },
		{},
	};

	return json_members(json_object(), members);
}

static json_t *json_one(const struct question *question)
{
	unsigned int signature = question->notation.value;
	json_t *document = json_combination(json_document(), question, signature);
	const struct json_member members[] = {
		{ "policy", json_string(question->policy->name) },
		{ "state", question->state_given ? json_state(question) : json_null() },
		{ "in_force", json_all_in_force(question) },
		{ "modifiers", json_modifiers(signature) },
		{ "profiles", json_profiles(question) },
		{},
	};

	return json_members(json_knowledge(document, knowledge_find(signature)), members);
}

static json_t *json_combinations(const struct question *question)
{
	json_t *array = json_array();

	for (unsigned int control = 0; control < QUESTION_COMBINATIONS; control++)
		if (question_holds(question, control, NULL))
			json_array_append_new(array,
					      json_combination(json_object(), question,
							       question_combination(question,
										    control)));
	return array;
}

static json_t *json_set(const struct question *question)
{
	const struct json_member members[] = {
		{ "mask", json_integer(question->notation.mask & FW_FLAGS) },
		{ "value", json_integer(question->notation.value & FW_FLAGS) },
		{ "policy", json_string(question->policy->name) },
		{ "in_force", json_all_in_force(question) },
		{ "combinations", json_combinations(question) },
		{},
	};

	return json_members(json_document(), members);
}

json_t *question_json(const struct question *question)
{
	return notation_is_one(&question->notation) ? json_one(question) : json_set(question);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "flags.h"
#include "json.h"
#include "knowledge.h"
#include "notation.h"
#include "policy_store.h"
#include "report.h"
#include "verbs.h"

#define COLUMNS 80
#define COMBINATIONS 64

/* What is asked, and the policy that answers. */
struct question {
	struct notation notation;
	struct policy policy;
	const struct pattern *only;  /* a pattern was asked for by its name; or NULL */
	char *profiles[FW_DROP + 1]; /* owned: the policies that take each action */
};

/* What the user typed with blanks between, as one text; the caller frees it. */
static char *join(const struct invocation *invocation)
{
	const char *mask = invocation->value[OPTION_TCP_FLAGS];
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	if (mask)
		fprintf(stream, "--tcp-flags %s", mask);
	for (int i = 0; i < invocation->argc; i++)
		fprintf(stream, "%s%s", mask || i ? " " : "", invocation->argv[i]);
	if (fclose(stream)) {
		free(text);
		return NULL;
	}
	return text;
}

/* The signatures of a set differ in control bits; the others are as asked. */
static unsigned int combination(const struct notation *notation, unsigned int control)
{
	return control | (notation->value & ~(unsigned int)FW_CONTROL);
}

static bool holds(const struct question *question, unsigned int control,
		  const struct pattern *pattern)
{
	unsigned int signature = combination(&question->notation, control);

	pattern = pattern ? pattern : question->only;
	return notation_holds(&question->notation, signature) &&
	       (!pattern || policy_pattern(&question->policy, signature) == pattern);
}

/* How many combinations there are; of @pattern only, unless it is NULL. */
static unsigned int count(const struct question *question, const struct pattern *pattern)
{
	unsigned int sum = 0;

	for (unsigned int control = 0; control < COMBINATIONS; control++)
		sum += holds(question, control, pattern);
	return sum;
}

/* --- what the others do --- */

static int add_profile(struct question *question, const struct policy *policy)
{
	enum fw_action action = policy_pattern(policy, question->notation.value)->action;
	char *before = question->profiles[action];

	if (asprintf(&question->profiles[action], "%s%s%s", before ? before : "", before ? " " : "",
		     policy->name) < 0)
		question->profiles[action] = NULL;
	free(before);
	return question->profiles[action] ? 0 : fail(ENOMEM, "explain: no memory for the profiles");
}

static int ask_profiles(struct question *question)
{
	int err = 0;

	for (size_t i = 0; !err; i++) {
		_cleanup_(policy_release) struct policy policy = {};

		err = policy_built_in(i, &policy);
		if (!err)
			err = add_profile(question, &policy);
	}
	return err == -ENOENT ? 0 : err;
}

/* --- text --- */

static void print_sources(const struct knowledge *entry)
{
	for (size_t i = 0; i < KNOWLEDGE_SOURCES && entry->sources[i]; i++)
		printf("%-10s %s\n", i ? "" : "source", entry->sources[i]);
}

static void print_knowledge(const struct knowledge *entry)
{
	printf("%-10s %s\n", "what", entry->description);
	print_sources(entry);
	printf("%-10s %s\n", "sent by", entry->senders);
	printf("%-10s %s\n", "tools", entry->tools);
}

static void print_one(const struct question *question)
{
	unsigned int signature = question->notation.value;
	const struct pattern *pattern = policy_pattern(&question->policy, signature);
	char flags[FLAGS_TEXT];

	printf("%-10s %s%s\n", "flags", flags_print(signature, flags),
	       signature & FW_RSV ? ", and a reserved bit" : "");
	printf("%-10s 0x%03x\n", "value", signature & FW_FLAGS);
	printf("%-10s %s\n", "pattern", pattern->name);
	printf("%-10s %s (policy %s)\n", "action", policy_action_name(pattern->action),
	       question->policy.name);
	print_knowledge(knowledge_find(signature));
	for (int action = FW_DROP; action >= FW_PASS; action--)
		if (question->profiles[action])
			printf("%-10s %s\n",
			       action == FW_DROP  ? "drop in" :
			       action == FW_COUNT ? "count in" :
						    "pass in",
			       question->profiles[action]);
	for (size_t i = 0; i < knowledge_modifier_count; i++) {
		if (!knowledge_holds(&knowledge_modifiers[i], signature))
			continue;
		putchar('\n');
		print_knowledge(&knowledge_modifiers[i]);
	}
}

/* The combinations of @pattern, wrapped. */
static void print_members(const struct question *question, const struct pattern *pattern)
{
	size_t column = 0;

	for (unsigned int control = 0; control < COMBINATIONS; control++) {
		char flags[FLAGS_TEXT];

		if (!holds(question, control, pattern))
			continue;
		flags_print(combination(&question->notation, control), flags);
		if (column && column + 2 + strlen(flags) > COLUMNS) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf("  %s", flags);
	}
	putchar('\n');
}

static void print_set(const struct question *question)
{
	const struct notation *notation = &question->notation;
	unsigned int outside = notation->value & ~notation->mask;
	unsigned int members = count(question, NULL);
	char flags[FLAGS_TEXT];

	printf("%-10s %s (0x%03x)\n", "mask", flags_print(notation->mask, flags),
	       notation->mask & FW_FLAGS);
	printf("%-10s %s (0x%03x)\n", "value", flags_print(notation->value, flags),
	       notation->value & FW_FLAGS);
	if (!members) {
		printf("%-10s nothing, it never matches: the value has %s, which the mask has not\n",
		       "holds", outside & FW_FLAGS ? flags_print(outside, flags) : "a reserved bit");
		return;
	}
	printf("%-10s %u of the %d combinations of the six control bits (policy %s)\n", "holds",
	       members, COMBINATIONS, question->policy.name);
	for (size_t i = 0; i < question->policy.pattern_count; i++) {
		const struct pattern *pattern = &question->policy.patterns[i];
		unsigned int in_pattern = count(question, pattern);

		if (!in_pattern || (question->only && pattern != question->only))
			continue;
		printf("\n%s: %s, %u combination%s\n", pattern->name,
		       policy_action_name(pattern->action), in_pattern, in_pattern == 1 ? "" : "s");
		print_members(question, pattern);
	}
}

/* --- JSON; a part that could not be built makes the whole NULL --- */

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
	const struct pattern *pattern = policy_pattern(&question->policy, signature);
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

static json_t *json_one(const struct question *question)
{
	unsigned int signature = question->notation.value;
	json_t *document = json_combination(json_document(), question, signature);
	const struct json_member members[] = {
		{ "policy", json_string(question->policy.name) },
		{ "modifiers", json_modifiers(signature) },
		{ "profiles", json_profiles(question) },
		{},
	};

	return json_members(json_knowledge(document, knowledge_find(signature)), members);
}

static json_t *json_combinations(const struct question *question)
{
	json_t *array = json_array();

	for (unsigned int control = 0; control < COMBINATIONS; control++)
		if (holds(question, control, NULL))
			json_array_append_new(array,
					      json_combination(json_object(), question,
							       combination(&question->notation,
									   control)));
	return array;
}

static json_t *json_set(const struct question *question)
{
	const struct json_member members[] = {
		{ "mask", json_integer(question->notation.mask & FW_FLAGS) },
		{ "value", json_integer(question->notation.value & FW_FLAGS) },
		{ "policy", json_string(question->policy.name) },
		{ "combinations", json_combinations(question) },
		{},
	};

	return json_members(json_document(), members);
}

/* --- the verb --- */

static int answer(const struct question *question, bool json)
{
	bool one = notation_is_one(&question->notation);

	if (json)
		return json_emit(one ? json_one(question) : json_set(question));
	if (one)
		print_one(question);
	else
		print_set(question);
	return 0;
}

static void release(struct question *question)
{
	policy_release(&question->policy);
	for (int action = FW_PASS; action <= FW_DROP; action++)
		free(question->profiles[action]);
}

/* Tables of counters name patterns: so may the question. */
static bool ask_for_pattern(struct question *question, const char *name)
{
	for (size_t i = 0; i < question->policy.pattern_count; i++) {
		const struct pattern *pattern = &question->policy.patterns[i];
		unsigned int named = pattern->match.set | pattern->match.clear;

		if (strcmp(pattern->name, name) != 0)
			continue;
		question->only = pattern;
		question->notation = (struct notation){
			.value = pattern->match.set & ~(unsigned int)FW_DATA,
			.mask = named & ~(unsigned int)FW_DATA,
		};
		return true;
	}
	return false;
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ char *text = join(invocation);
	_cleanup_(release) struct question question = {};
	struct text_error error;
	int err;

	if (!text)
		return fail(ENOMEM, "explain: no memory for the arguments");
	err = policy_load(invocation->value[OPTION_POLICY] ? invocation->value[OPTION_POLICY] :
							     POLICY_DEFAULT,
			  &question.policy);
	if (err)
		return err;
	if (notation_parse(text, strlen(text), &question.notation, &error) &&
	    !ask_for_pattern(&question, text))
		return fail(FW_EUSAGE, "explain: %s", error.message);
	err = ask_profiles(&question);
	if (err)
		return err;
	return answer(&question, invocation->given[OPTION_JSON]);
}

const struct verb verb_explain = {
	.name = "explain",
	.arguments = "FLAGS",
	.summary = "What a combination of flags is, what happens to it, and why",
	.details =
		"FLAGS is read in any of these notations; quote what the shell would take apart:\n"
		"  SYN,FIN   SF   0x03   3        flagwall, letters, numbers\n"
		"  '[S.]'   'S.E'                 tcpdump\n"
		"  '[SYN, ACK]'   ·······A··S·    tshark\n"
		"  SYN,RST SYN                    iptables: MASK COMP\n"
		"  'tcp flags & (fin|syn) == fin' nft\n"
		"  'tcp flags syn / fin,syn'      nft: VALUE / MASK\n"
		"  xmas                           a pattern of the policy\n"
		"What iptables and nft print is a set of combinations: all of them are listed.\n",
	.options = OPTION_SET(OPTION_POLICY) | OPTION_SET(OPTION_TCP_FLAGS) |
		   OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

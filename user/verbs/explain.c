// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "embedded.h"
#include "flags.h"
#include "json.h"
#include "knowledge.h"
#include "notation.h"
#include "policy.h"
#include "report.h"
#include "verbs.h"

#define COLUMNS 80
#define COMBINATIONS 64

/* What is asked, and the policy that answers. */
struct question {
	struct notation notation;
	struct policy policy;
};

/* The arguments with blanks between, as one text; the caller frees it. */
static char *join(int argc, char **argv)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (int i = 0; i < argc; i++)
		fprintf(stream, "%s%s", i ? " " : "", argv[i]);
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
	unsigned int members = count(question, NULL);
	char flags[FLAGS_TEXT];

	printf("%-10s %s (0x%03x)\n", "mask", flags_print(notation->mask, flags),
	       notation->mask & FW_FLAGS);
	printf("%-10s %s (0x%03x)\n", "value", flags_print(notation->value, flags),
	       notation->value & FW_FLAGS);
	if (!members) {
		printf("%-10s nothing, it never matches: the value has %s, which the mask leaves out\n",
		       "holds", flags_print(notation->value & ~notation->mask, flags));
		return;
	}
	printf("%-10s %u of the %d combinations of the six control bits (policy %s)\n", "holds",
	       members, COMBINATIONS, question->policy.name);
	for (size_t i = 0; i < question->policy.pattern_count; i++) {
		const struct pattern *pattern = &question->policy.patterns[i];
		unsigned int in_pattern = count(question, pattern);

		if (!in_pattern)
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

static json_t *json_knowledge(const struct knowledge *entry)
{
	return json_pack("{s:s, s:o, s:s, s:s}", "description", entry->description, "sources",
			 json_sources(entry), "legitimate_senders", entry->senders, "tools",
			 entry->tools);
}

static json_t *json_combination(const struct question *question, unsigned int signature)
{
	const struct pattern *pattern = policy_pattern(&question->policy, signature);
	char flags[FLAGS_TEXT];

	return json_pack("{s:s, s:i, s:b, s:s, s:s}", "flags", flags_print(signature, flags),
			 "value", (int)(signature & FW_FLAGS), "reserved", !!(signature & FW_RSV),
			 "pattern", pattern->name, "action", policy_action_name(pattern->action));
}

static json_t *json_modifiers(unsigned int signature)
{
	json_t *modifiers = json_array();

	for (size_t i = 0; i < knowledge_modifier_count; i++)
		if (knowledge_holds(&knowledge_modifiers[i], signature))
			json_array_append_new(modifiers, json_knowledge(&knowledge_modifiers[i]));
	return modifiers;
}

static json_t *json_one(const struct question *question)
{
	unsigned int signature = question->notation.value;
	json_t *document = json_document();

	json_object_update_new(document, json_combination(question, signature));
	json_object_set_new(document, "policy", json_string(question->policy.name));
	json_object_update_new(document, json_knowledge(knowledge_find(signature)));
	json_object_set_new(document, "modifiers", json_modifiers(signature));
	return document;
}

static json_t *json_set(const struct question *question)
{
	const struct notation *notation = &question->notation;
	json_t *document = json_document();
	json_t *members = json_array();

	for (unsigned int control = 0; control < COMBINATIONS; control++)
		if (holds(question, control, NULL))
			json_array_append_new(members,
					      json_combination(question, combination(notation, control)));
	json_object_set_new(document, "mask", json_integer(notation->mask & FW_FLAGS));
	json_object_set_new(document, "value", json_integer(notation->value & FW_FLAGS));
	json_object_set_new(document, "policy", json_string(question->policy.name));
	json_object_set_new(document, "combinations", members);
	return document;
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

static int load_policy(struct policy *policy)
{
	const struct embedded *file = &embedded_default_policy;
	struct policy_error error;
	int err = policy_parse("default", file->start, embedded_size(file), policy, &error);

	if (err == -EINVAL)
		return fail(EINVAL, "default policy, line %u: %s", error.line, error.message);
	return err ? fail(-err, "cannot read the default policy: %s", strerror(-err)) : 0;
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ char *text = join(invocation->argc, invocation->argv);
	_cleanup_(policy_release) struct policy policy = {};
	struct question question;
	struct text_error error;
	int err;

	if (!text)
		return fail(ENOMEM, "explain: no memory for the arguments");
	if (notation_parse(text, strlen(text), &question.notation, &error))
		return fail(FW_EUSAGE, "explain: %s", error.message);
	err = load_policy(&policy);
	if (err)
		return err;
	question.policy = policy; /* lent */
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
		"What iptables and nft print is a set of combinations: all of them are listed.\n",
	.options = OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

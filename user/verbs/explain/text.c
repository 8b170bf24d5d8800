// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>

#include "flags.h"
#include "knowledge.h"
#include "question.h"
#include "state_knowledge.h"
#include "state_name.h"

#define COLUMNS 80

/* How many combinations there are; of @pattern only, unless it is NULL. */
static unsigned int count(const struct question *question, const struct pattern *pattern)
{
	unsigned int sum = 0;

	for (unsigned int control = 0; control < QUESTION_COMBINATIONS; control++)
		sum += question_holds(question, control, pattern);
	return sum;
}

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

/* What happens to it on the interfaces that are filtered. */
static void print_in_force(const struct question *question)
{
	unsigned int signature = question->notation.value;
	bool one = notation_is_one(&question->notation);

	for (int i = 0; i < question->in_force_count; i++) {
		const struct in_force *in_force = &question->in_force[i];
		const struct policy *policy = &in_force->policy;
		const char *action = policy_action_name(policy_pattern(policy, signature)->action);
		size_t exceptions = one ? question_exceptions(policy, signature) :
					  policy->exception_count;

		printf("%-10s %s%s%s: %s%spolicy %s", i ? "" : "in force", in_force->device.label,
		       in_force->device.hook == HOOK_XDP ? "" : " ",
		       in_force->device.hook == HOOK_XDP ? "" : hook_names[in_force->device.hook],
		       one ? action : "", one ? ", " : "", policy->name);
		if (in_force->observe)
			printf(", which only observes");
		if (exceptions)
			printf(", %zu exception%s", exceptions, exceptions == 1 ? "" : "s");
		puts(in_force->unconfirmed ? ", not confirmed yet" : "");
	}
}

/* What it is where a connection is in the state that was asked about. */
static void print_state(const struct question *question)
{
	unsigned int signature = question->notation.value;
	const struct policy *policy = question->policy;
	const struct pattern *pattern = policy_pattern(policy, signature);
	enum fw_action action = policy_state_action(policy, question->state, signature);
	const struct state_knowledge *entry = state_knowledge_find(question->state, signature);

	printf("%-10s %s: %s\n", "state", state_texts[question->state].name,
	       state_texts[question->state].meaning);
	if (pattern->action != FW_PASS)
		printf("%-10s not asked about: pattern %s is not let pass\n", "", pattern->name);
	else if (!policy->state_count)
		printf("%-10s pass: policy %s has no lines about states\n", "", policy->name);
	else
		printf("%-10s %s (policy %s)\n", "", policy_action_name(action), policy->name);
	printf("%-10s %s\n", "then", entry->answer);
	printf("%-10s %s\n", "source", entry->source);
}

static void print_one(const struct question *question)
{
	unsigned int signature = question->notation.value;
	const struct pattern *pattern = policy_pattern(question->policy, signature);
	char flags[FLAGS_TEXT];

	printf("%-10s %s%s\n", "flags", flags_print(signature, flags),
	       signature & FW_RSV ? ", and a reserved bit" : "");
	printf("%-10s 0x%03x\n", "value", signature & FW_FLAGS);
	printf("%-10s %s\n", "pattern", pattern->name);
	printf("%-10s %s (policy %s)\n", "action", policy_action_name(pattern->action),
	       question->policy->name);
	if (question->state_given)
		print_state(question);
	print_in_force(question);
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

	for (unsigned int control = 0; control < QUESTION_COMBINATIONS; control++) {
		char flags[FLAGS_TEXT];

		if (!question_holds(question, control, pattern))
			continue;
		flags_print(question_combination(question, control), flags);
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
	       members, QUESTION_COMBINATIONS, question->policy->name);
	print_in_force(question);
	for (size_t i = 0; i < question->policy->pattern_count; i++) {
		const struct pattern *pattern = &question->policy->patterns[i];
		unsigned int in_pattern = count(question, pattern);

		if (!in_pattern || (question->only && pattern != question->only))
			continue;
		printf("\n%s: %s, %u combination%s\n", pattern->name,
		       policy_action_name(pattern->action), in_pattern, in_pattern == 1 ? "" : "s");
		print_members(question, pattern);
	}
}

void question_text(const struct question *question)
{
	if (notation_is_one(&question->notation))
		print_one(question);
	else
		print_set(question);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The canonical text of a policy. */
#include <errno.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_reader.h"
#include "reason.h"
#include "state_name.h"

static bool names_all(const struct policy *policy, const struct exception *exception)
{
	for (unsigned int i = 0; i < policy->pattern_count; i++)
		if (!exception_holds(exception, i))
			return false;
	if (policy->state_count && !exception_holds(exception, FW_CLASS_STATE))
		return false;
	return exception->classes[FW_CLASS_REASONS / 64] == (1ULL << FW_REASON_COUNT) - 1;
}

/* Who names everything there is means everything. */
static void canonical(struct policy *policy)
{
	for (size_t i = 0; i < policy->exception_count; i++)
		if (names_all(policy, &policy->exceptions[i]))
			memset(policy->exceptions[i].classes, 0xff,
			       sizeof(policy->exceptions[i].classes));
	policy->exception_count = exception_canonical(policy->exceptions, policy->exception_count);
	/* Together, prefixes may come to name everything. */
	for (size_t i = 0; i < policy->exception_count; i++)
		if (names_all(policy, &policy->exceptions[i]))
			memset(policy->exceptions[i].classes, 0xff,
			       sizeof(policy->exceptions[i].classes));
	policy->exception_count = exception_canonical(policy->exceptions, policy->exception_count);
}

static void print_rules(const struct policy *policy, FILE *stream)
{
	char match[MATCH_TEXT];

	for (size_t i = 0; i < policy->pattern_count; i++) {
		const struct pattern *pattern = &policy->patterns[i];

		fprintf(stream, "pattern %s %s %s\n", pattern->name,
			match_print(&pattern->match, match), policy_action_name(pattern->action));
	}
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		fprintf(stream, "reason %s %s\n", reason_texts[i].name,
			policy_action_name(policy->reasons[i]));
	if (policy->tunnels)
		fputs("inspect tunnels\n", stream);
	for (size_t i = 0; i < policy->state_count; i++)
		fprintf(stream, "state %s %s %s\n", state_texts[policy->states[i].state].name,
			match_print(&policy->states[i].match, match),
			policy_action_name(policy->states[i].action));
}

const char *policy_class_name(const struct policy *policy, unsigned int class)
{
	if (class < policy->pattern_count)
		return policy->patterns[class].name;
	if (class == FW_CLASS_STATE)
		return STATE_CLASS;
	if (class < FW_CLASS_REASONS || class >= FW_CLASS_REASONS + FW_REASON_COUNT)
		return NULL;
	return reason_texts[class - FW_CLASS_REASONS].name;
}

static void print_exception(const struct policy *policy, const struct exception *exception,
			    FILE *stream)
{
	char prefix[PREFIX_TEXT];
	const char *before = " ";

	fprintf(stream, "except %s %s", exception->direction == FW_TO ? "to" : "from",
		exception_print(exception, prefix));
	for (unsigned int class = 0; class < FW_CLASSES && !exception_everything(exception);
	     class ++) {
		const char *name = policy_class_name(policy, class);

		if (!name || !exception_holds(exception, class))
			continue;
		fprintf(stream, "%s%s", before, name);
		before = ",";
	}
	fputc('\n', stream);
}

static char *print(struct policy *policy)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	print_rules(policy, stream);
	policy->rules_length = (size_t)ftell(stream);
	for (size_t i = 0; i < policy->exception_count; i++)
		print_exception(policy, &policy->exceptions[i], stream);
	if (fclose(stream)) {
		free(text);
		return NULL;
	}
	return text;
}

int policy_finish(struct policy *policy, const char *name)
{
	SHA2_CTX hash;

	canonical(policy);
	policy->text = print(policy);
	if (!policy->text)
		return -ENOMEM;
	snprintf(policy->name, sizeof(policy->name), "%s", name);
	SHA256Init(&hash);
	SHA256Update(&hash, (const uint8_t *)policy->text, strlen(policy->text));
	SHA256Final(policy->sha256, &hash);
	return 0;
}

int policy_except(struct policy *policy, struct exception *exceptions, size_t count)
{
	char name[POLICY_NAME];

	free(policy->exceptions);
	free(policy->text);
	policy->text = NULL;
	policy->exceptions = exceptions;
	policy->exception_count = count;
	memcpy(name, policy->name, sizeof(name));
	return policy_finish(policy, name);
}

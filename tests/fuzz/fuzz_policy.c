// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The policy reader. An input is one text, or several with form feeds between:
 * the first may include the second as "b", the third as "c", and so on, and each
 * of them any other.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "policy.h"

static const char *input;
static size_t input_length;

/* Part @index of the input; false: there are not so many. */
static bool part(size_t index, const char **text, size_t *length)
{
	const char *at = input, *end = input + input_length, *stop;

	while ((stop = memchr(at, '\f', (size_t)(end - at))) && index--)
		at = stop + 1;
	if (!stop && index)
		return false;
	*text = at;
	*length = (size_t)((stop ? stop : end) - at);
	return true;
}

static int find(struct policy_includes *includes, unsigned int depth, const char *name, char **text,
		size_t *length)
{
	const char *found;

	(void)includes;
	HOLDS(depth < POLICY_INCLUDES_MOST);
	if (name[0] < 'a' || name[0] > 'z' || name[1] ||
	    !part((size_t)(name[0] - 'a'), &found, length))
		return -ENOENT;
	*text = malloc(*length + 1);
	HOLDS(*text);
	memcpy(*text, found, *length);
	return 0;
}

static struct policy_includes includes = { .find = find };

/* The error is at a place in the text, or behind its end, and says something. */
static void check_error(const struct policy_error *error, const char *text, size_t length)
{
	unsigned int lines = 1;

	HOLDS(error->message[0]);
	HOLDS(memchr(error->message, '\0', sizeof(error->message)));
	HOLDS(error->depth <= POLICY_INCLUDES_MOST);
	if (error->depth)
		return;
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	HOLDS(error->line >= 1 && error->line <= lines + 1);
	HOLDS(error->column >= 1 && error->column <= length + 1);
}

/* What every policy that was read keeps. */
static void check_policy(const struct policy *policy)
{
	static __u8 action[FW_ACTION_SLOTS], observed[FW_ACTION_SLOTS], class[FW_ACTION_SLOTS];
	unsigned int members = 0;
	__u8 states[FW_STATE_SLOTS];
	char text[64];

	HOLDS(policy->pattern_count <= PATTERNS_MOST);
	HOLDS(policy->rules_length <= strlen(policy->text));
	policy_compile(policy, false, action);
	policy_compile(policy, true, observed);
	policy_classes(policy, class);
	for (unsigned int i = 0; i < policy->pattern_count; i++)
		members += policy->patterns[i].members;
	HOLDS(members == FW_SIGNATURES);
	for (unsigned int i = 0; i < FW_SIGNATURES; i++) {
		const struct pattern *pattern = policy_pattern(policy, i);

		HOLDS(pattern && match_holds(&pattern->match, i));
		HOLDS(action[i] == pattern->action);
		HOLDS(observed[i] == (action[i] == FW_DROP ? FW_COUNT : action[i]));
		HOLDS(class[i] == pattern - policy->patterns);
		HOLDS(!strcmp(policy_class_name(policy, class[i]), pattern->name));
	}
	policy_compile_states(policy, false, states);
	for (size_t i = 0; i < FW_STATE_SLOTS; i++)
		HOLDS(states[i] <= FW_DROP && (i < FW_STATE_COUNT * FW_STATE_FLAGS || !states[i]));
	policy_hazards(policy, text, sizeof(text));
	HOLDS(memchr(text, '\0', sizeof(text)));
}

/* The canonical text is a policy, and its own canonical text. */
static void check_again(const struct policy *policy)
{
	struct policy_error error;
	struct policy again;

	HOLDS(!policy_parse(policy->name, policy->text, strlen(policy->text), &again, &error));
	HOLDS(!strcmp(again.text, policy->text));
	HOLDS(!memcmp(again.sha256, policy->sha256, sizeof(again.sha256)));
	HOLDS(again.exception_count == policy->exception_count);
	HOLDS(!policy->exception_count ||
	      !memcmp(again.exceptions, policy->exceptions,
		      policy->exception_count * sizeof(*policy->exceptions)));
	check_policy(&again);
	policy_release(&again);
}

/* As it comes back from the kernel: the rules, and the exceptions for themselves. */
static void check_reunited(const struct policy *policy)
{
	size_t size = policy->exception_count * sizeof(*policy->exceptions);
	struct exception *exceptions = malloc(size ? size : 1);
	struct policy_error error;
	struct policy rules;

	HOLDS(exceptions);
	if (size)
		memcpy(exceptions, policy->exceptions, size);
	HOLDS(!policy_parse(policy->name, policy->text, policy->rules_length, &rules, &error));
	HOLDS(!policy_except(&rules, exceptions, policy->exception_count));
	HOLDS(!strcmp(rules.text, policy->text));
	policy_release(&rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_error error;
	struct policy policy;
	const char *text = NULL;
	size_t length = 0;

	input = (const char *)data;
	input_length = size;
	memset(&error, 0, sizeof(error));
	HOLDS(part(0, &text, &length));
	if (policy_parse_with("a", text, length, &includes, &policy, &error)) {
		check_error(&error, text, length);
		return 0;
	}
	check_policy(&policy);
	check_again(&policy);
	check_reunited(&policy);
	policy_release(&policy);
	return 0;
}

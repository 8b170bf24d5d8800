// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "question.h"

unsigned int question_combination(const struct question *question, unsigned int control)
{
	return control | (question->notation.value & ~(unsigned int)FW_CONTROL);
}

bool question_holds(const struct question *question, unsigned int control,
		    const struct pattern *pattern)
{
	unsigned int signature = question_combination(question, control);

	pattern = pattern ? pattern : question->only;
	return notation_holds(&question->notation, signature) &&
	       (!pattern || policy_pattern(question->policy, signature) == pattern);
}

size_t question_exceptions(const struct policy *policy, unsigned int signature)
{
	__u8 class[FW_ACTION_SLOTS];
	size_t sum = 0;

	policy_classes(policy, class);
	for (size_t i = 0; i < policy->exception_count; i++)
		sum += exception_holds(&policy->exceptions[i], class[signature]);
	return sum;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * policy_actions FILE: what a policy does, for judges that are not ours. A line
 * for each of the 2,048 signatures: "signature action pattern", and for each
 * reason: "reason action -".
 */
#include <stdio.h>
#include <string.h>

#include "policy.h"
#include "reason.h"

#define TEXT_MOST 65536

static void print(const struct policy *policy)
{
	__u8 action[FW_ACTION_SLOTS];

	policy_compile(policy, false, action);
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		printf("%u %s %s\n", signature, policy_action_name(action[signature]),
		       policy_pattern(policy, signature)->name);
	for (unsigned int i = 0; i < FW_REASON_COUNT; i++)
		printf("%s %s -\n", reason_texts[i].name,
		       policy_action_name(action[FW_REASON_BASE + i]));
}

int main(int argc, char **argv)
{
	static char text[TEXT_MOST];
	struct policy_error error = {};
	struct policy policy = {};
	size_t length;
	FILE *file;

	if (argc != 2) {
		fprintf(stderr, "usage: policy_actions FILE\n");
		return 1;
	}
	file = fopen(argv[1], "re");
	if (!file) {
		perror(argv[1]);
		return 1;
	}
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (policy_parse(argv[1], text, length, &policy, &error)) {
		fprintf(stderr, "%s:%u:%u: %s\n", argv[1], error.line, error.column, error.message);
		return 1;
	}
	print(&policy);
	policy_release(&policy);
	return 0;
}

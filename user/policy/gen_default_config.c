// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Build-time tool: compiles a policy file to the initializer of struct
 * fw_config that the BPF object carries, so that the object filters by it
 * under any loader and the policy is written down once.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "policy.h"
#include "report.h"

#define POLICY_MOST (1 << 20)

static int read_file(const char *path, char **text, size_t *length)
{
	_cleanup_free_ char *buffer = malloc(POLICY_MOST);
	FILE *file = fopen(path, "re");

	if (!file || !buffer)
		return fail(errno, "%s: %s", path, strerror(errno));
	*length = fread(buffer, 1, POLICY_MOST, file);
	fclose(file);
	*text = take_ptr(buffer);
	return 0;
}

static void print_bytes(const char *member, const __u8 *bytes, size_t count)
{
	printf("\t.%s = {", member);
	for (size_t i = 0; i < count; i++)
		printf("%s%u,", i % 32 ? "" : "\n\t\t", bytes[i]);
	printf("\n\t},\n");
}

static void print_text(const char *member, const char *text)
{
	printf("\t.%s = \"", member);
	for (; *text; text++)
		if (*text == '\n')
			printf("\\n\"\n\t\t\"");
		else
			putchar(*text);
	printf("\",\n");
}

int main(int argc, char **argv)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_(policy_release) struct policy policy = {};
	struct policy_error error = {};
	__u8 action[FW_ACTION_SLOTS];
	size_t length = 0;

	if (argc != 3)
		return fail(1, "usage: gen_default_config NAME FILE") ? 1 : 0;
	if (read_file(argv[2], &text, &length))
		return 1;
	if (policy_parse(argv[1], text, length, &policy, &error)) {
		fail(EINVAL, "%s:%u:%u: %s", argv[2], error.line, error.column, error.message);
		return 1;
	}
	policy_compile(&policy, false, action);
	/* The object's own switches are off, and this must say what they are. */
	if (policy.tunnels || policy.exception_count || policy.state_count) {
		fail(EINVAL, "%s: nothing but patterns and reasons can be compiled in", argv[2]);
		return 1;
	}
	printf("\t.layout = FW_LAYOUT,\n\t.policy = \"%s\",\n", policy.name);
	print_text("text", policy.text);
	print_bytes("policy_sha256", policy.sha256, sizeof(policy.sha256));
	print_bytes("action", action, FW_OUTCOMES);
	policy_classes(&policy, action);
	print_bytes("class", action, FW_OUTCOMES);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a policy does: that the default policy is the one in the design, for
 * all 2,048 signatures and all reasons. (What a policy's text may be is in
 * test_policy_text.c.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expected.h"
#include "policy.h"
#include "reason.h"

#define DEFAULT_POLICY "policies/default.policy"
#define TEXT_MOST 65536

static int parse(const char *text, size_t length, struct policy *policy, struct policy_error *error)
{
	return policy_parse("test", text, length, policy, error);
}

/* The default policy of the tree. */
static void read_default(struct policy *policy)
{
	struct policy_error error = {};
	char *text = malloc(TEXT_MOST);
	FILE *file = fopen(DEFAULT_POLICY, "re");
	size_t length;

	assert_non_null(text);
	if (!file)
		fail_msg(DEFAULT_POLICY ": tests run from the top of the tree");
	length = fread(text, 1, TEXT_MOST, file);
	fclose(file);
	if (parse(text, length, policy, &error))
		fail_msg(DEFAULT_POLICY ":%u:%u: %s", error.line, error.column, error.message);
	free(text);
}

/* 2,048 signatures and 11 reasons, against the fixture. */
static void test_default(void **state)
{
	__u8 action[FW_ACTION_SLOTS];
	struct expected expected;
	struct policy policy;

	(void)state;
	assert_int_equal(expected_read(&expected), 0);
	read_default(&policy);
	memset(action, 0xff, sizeof(action));
	policy_compile(&policy, false, action);
	assert_int_equal(policy.pattern_count, 20);
	assert_string_equal(policy.name, "test");

	for (__u32 signature = 0; signature < FW_SIGNATURES; signature++) {
		const struct pattern *pattern = policy_pattern(&policy, signature);
		const struct expected_row *row = expected_row(&expected, signature);

		assert_non_null(pattern);
		if (strcmp(pattern->name, row->name) ||
		    strcmp(policy_action_name(pattern->action), row->action) ||
		    action[signature] != pattern->action)
			fail_msg("signature 0x%03x: expected %s %s, got %s %s, compiled %u",
				 signature, row->name, row->action, pattern->name,
				 policy_action_name(pattern->action), action[signature]);
	}
	for (__u32 i = 0; i < FW_REASON_COUNT; i++) {
		const struct expected_row *row = expected_row(&expected, FW_REASON_BASE + i);
		const char *compiled = policy_action_name(action[FW_REASON_BASE + i]);

		assert_non_null(row);
		assert_string_equal(reason_texts[i].name, row->name);
		if (strcmp(compiled, row->action))
			fail_msg("reason %s: expected %s, compiled %s", row->name, row->action,
				 compiled);
	}
	for (__u32 slot = FW_REASON_BASE + FW_REASON_COUNT; slot < FW_ACTION_SLOTS; slot++)
		assert_int_equal(action[slot], FW_PASS);
	policy_release(&policy);
}

/* Every drop becomes a count, nothing else changes. */
static void test_observe(void **state)
{
	__u8 enforced[FW_ACTION_SLOTS], observed[FW_ACTION_SLOTS];
	struct policy policy;
	size_t drops = 0;

	(void)state;
	read_default(&policy);
	policy_compile(&policy, false, enforced);
	policy_compile(&policy, true, observed);
	for (__u32 slot = 0; slot < FW_ACTION_SLOTS; slot++) {
		drops += enforced[slot] == FW_DROP;
		assert_int_equal(observed[slot],
				 enforced[slot] == FW_DROP ? FW_COUNT : enforced[slot]);
	}
	assert_int_equal(drops, 38 * 32 + 2);
	policy_release(&policy);
}

/* The first match wins; reasons that are not named pass. */
static void test_order(void **state)
{
	static const char text[] =
		"pattern both syn,fin count\npattern one syn drop\npattern rest any pass\n"
		"reason not-tcp drop\n";
	__u8 action[FW_ACTION_SLOTS];
	struct policy_error error;
	struct policy policy;

	(void)state;
	assert_int_equal(parse(text, sizeof(text) - 1, &policy, &error), 0);
	policy_compile(&policy, false, action);
	for (__u32 signature = 0; signature < FW_SIGNATURES; signature++) {
		const char *want = !(signature & 2) ? "rest" : signature & 1 ? "both" : "one";

		assert_string_equal(policy_pattern(&policy, signature)->name, want);
		assert_int_equal(action[signature], !(signature & 2) ? FW_PASS :
						    signature & 1    ? FW_COUNT :
								       FW_DROP);
	}
	for (__u32 slot = FW_REASON_BASE; slot < FW_ACTION_SLOTS; slot++)
		assert_int_equal(action[slot], slot == FW_REASON_NOT_TCP ? FW_DROP : FW_PASS);
	policy_release(&policy);
}

/* The digest is that of the text, to the byte; names that are too long are cut. */
static void test_identity(void **state)
{
	static const char text[] = "pattern all any pass\n";
	static const __u8 digest[32] = {
		0x53, 0x3e, 0x9b, 0x0a, 0x7a, 0x9e, 0x9f, 0x77, 0xb1, 0x98, 0x91,
		0xfb, 0xab, 0xb4, 0x6f, 0x20, 0xb1, 0x15, 0xc1, 0x01, 0x10, 0x52,
		0x2b, 0xc5, 0x14, 0x11, 0x86, 0xc9, 0x91, 0x5e, 0xd4, 0xe4,
	};
	static const char name[] =
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
	struct policy_error error;
	struct policy policy;

	(void)state;
	assert_int_equal(policy_parse(name, text, sizeof(text) - 1, &policy, &error), 0);
	assert_memory_equal(policy.sha256, digest, sizeof(digest));
	assert_int_equal(strlen(policy.name), POLICY_NAME - 1);
	assert_memory_equal(policy.name, name, POLICY_NAME - 1);
	policy_release(&policy);
}

/* More patterns than anybody needs: each is its own. */
static void test_many(void **state)
{
	struct policy_error error = {};
	struct policy policy = {};
	char *heap = malloc(TEXT_MOST);
	size_t length = 0;

	(void)state;
	assert_non_null(heap);
	for (unsigned int i = 0; i < 1500; i++)
		length += (size_t)snprintf(heap + length, TEXT_MOST - length,
					   "pattern p%u %s drop\n", i,
					   i == 1400 ? "any" : "syn,fin");
	assert_int_equal(parse(heap, length, &policy, &error), 0);
	assert_int_equal(policy.pattern_count, 1500);
	assert_string_equal(policy_pattern(&policy, 0x003)->name, "p0");
	assert_string_equal(policy_pattern(&policy, 0x002)->name, "p1400");
	policy_release(&policy);
	free(heap);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		{ "the default policy: 2048 signatures and 11 reasons", test_default, NULL, NULL,
		  NULL },
		{ "observing: 4096 slots", test_observe, NULL, NULL, NULL },
		{ "the first match wins", test_order, NULL, NULL, NULL },
		{ "1500 patterns", test_many, NULL, NULL, NULL },
		{ "digest and name", test_identity, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}

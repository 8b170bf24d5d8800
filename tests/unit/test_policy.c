// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a policy does: that the default policy is the one in the design, for
 * all 2,048 signatures and all reasons. (What a policy's text may be is in
 * test_policy_text.c.)
 */
#include <errno.h>
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

/*
 * The digest is that of the canonical text (by sha256sum, of what `policy show`
 * prints), whatever the spelling, with the byte order mark that Windows' editors write
 * too; names that are too long are cut.
 */
static void test_identity(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf# a comment\n  pattern\tall any   pass\r\nreason not-ip pass\n";
	static const __u8 digest[32] = {
		0xd1, 0x98, 0x93, 0xbe, 0xce, 0xd2, 0xcd, 0x35, 0x9b, 0xe6, 0x6a,
		0xf9, 0xfd, 0x99, 0x68, 0x31, 0x7a, 0xb7, 0x78, 0xdf, 0x9b, 0x15,
		0x87, 0x8e, 0x56, 0x38, 0xe0, 0x64, 0x3d, 0x9d, 0xcc, 0xc1,
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

/* As many patterns as there may be, and one more. */
static void test_many(void **state)
{
	struct policy_error error = {};
	struct policy policy = {};
	char *heap = malloc(TEXT_MOST);
	size_t length = 0;

	(void)state;
	assert_non_null(heap);
	for (unsigned int i = 0; i < PATTERNS_MOST; i++)
		length += (size_t)snprintf(heap + length, TEXT_MOST - length,
					   "pattern p%u %s drop\n", i, i == 100 ? "any" : "syn,fin");
	assert_int_equal(parse(heap, length, &policy, &error), 0);
	assert_int_equal(policy.pattern_count, PATTERNS_MOST);
	assert_string_equal(policy_pattern(&policy, 0x003)->name, "p0");
	assert_string_equal(policy_pattern(&policy, 0x002)->name, "p100");
	assert_int_equal(policy.patterns[1].members, 0);
	policy_release(&policy);
	length += (size_t)snprintf(heap + length, TEXT_MOST - length, "pattern more any pass\n");
	assert_int_equal(parse(heap, length, &policy, &error), -EINVAL);
	assert_int_equal(error.line, PATTERNS_MOST + 1);
	free(heap);
}

/* Parse, print, parse: the same text, the same table, the same digest. */
static void test_round_trip(void **state)
{
	static const char text[] =
		"pattern a syn,!fin,ece,!cwr,ae drop\npattern b !rsv,data,urg count\n"
		"pattern rest any pass\nreason truncated drop\n";
	struct policy_error error = {};
	struct policy first = {}, second = {};
	__u8 a[FW_ACTION_SLOTS], b[FW_ACTION_SLOTS];

	(void)state;
	assert_int_equal(parse(text, sizeof(text) - 1, &first, &error), 0);
	assert_int_equal(parse(first.text, strlen(first.text), &second, &error), 0);
	assert_string_equal(first.text, second.text);
	assert_memory_equal(first.sha256, second.sha256, sizeof(first.sha256));
	policy_compile(&first, false, a);
	policy_compile(&second, false, b);
	assert_memory_equal(a, b, sizeof(a));
	policy_release(&first);
	policy_release(&second);
}

/* What an include line finds here. "loop" includes itself. */
static int find(struct policy_includes *includes, unsigned int depth, const char *name, char **text,
		size_t *length)
{
	static const struct {
		const char *name, *text;
	} files[] = {
		{ "base",
		  "pattern bad syn,fin drop\npattern odd syn,psh count\npattern rest any pass\n"
		  "reason not-ip count\nreason truncated count\n" },
		{ "loop", "include loop\npattern rest any pass\n" },
		{ "wrong", "pattern rest any pass\n\npatern a any pass\n" },
	};

	(void)includes;
	(void)depth;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (strcmp(files[i].name, name) != 0)
			continue;
		*text = strdup(files[i].text);
		*length = strlen(files[i].text);
		return *text ? 0 : -ENOMEM;
	}
	return -ENOENT;
}

static struct policy_includes include = { .find = find };

static void test_include(void **state)
{
	static const char text[] =
		"# mine\ninclude base\naction odd drop\npattern first syn,fin,urg count\n"
		"reason truncated drop\n";
	struct policy_error error = {};
	struct policy policy = {};

	(void)state;
	assert_int_equal(policy_parse_with("mine", text, sizeof(text) - 1, &include, &policy,
					   &error),
			 0);
	assert_string_equal(policy_pattern(&policy, 0x023)->name, "first");
	assert_string_equal(policy_pattern(&policy, 0x003)->name, "bad");
	assert_int_equal(policy_pattern(&policy, 0x00a)->action, FW_DROP);
	assert_int_equal(policy.reasons[FW_REASON_NOT_IP - FW_REASON_BASE], FW_COUNT);
	assert_int_equal(policy.reasons[FW_REASON_TRUNCATED - FW_REASON_BASE], FW_DROP);
	policy_release(&policy);
}

static void test_include_refused(void **state)
{
	static const struct {
		const char *text;
		unsigned int depth, line, column;
	} wrong[] = {
		{ "include nosuch\n", 0, 1, 9 },
		{ "pattern a any pass\ninclude base\n", 0, 2, 1 },
		{ "include base\ninclude base\n", 0, 2, 1 },
		{ "include base\naction nosuch drop\n", 0, 2, 8 },
		{ "include base\npattern odd any pass\n", 0, 2, 9 },
		{ "include wrong\n", 1, 3, 1 },
		{ "include loop\n", POLICY_INCLUDES_MOST, 1, 9 },
		{ "include\n", 0, 1, 1 },
		{ "include base\naction odd drop\naction odd drop\n", 0, 3, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct policy_error error = {};
		struct policy policy = {};

		assert_int_equal(policy_parse_with("mine", wrong[i].text, strlen(wrong[i].text),
						   &include, &policy, &error),
				 -EINVAL);
		assert_int_equal(error.depth, wrong[i].depth);
		assert_int_equal(error.line, wrong[i].line);
		assert_int_equal(error.column, wrong[i].column);
		assert_null(policy.patterns);
	}
}

/* What correct senders send must not drop, whatever else is said about it. */
static void test_hazards(void **state)
{
	static const struct {
		const char *text;
		bool hazardous;
	} policies[] = {
		{ "pattern bad syn,fin drop\npattern rest any pass\n", false },
		{ "pattern bad syn,ece,fin drop\npattern rest any count\n", false },
		{ "pattern bad syn,!fin,!rst,!psh,!ack,!urg drop\npattern rest any pass\n", true },
		{ "pattern bad syn,ece,!fin,!rst,!psh,!ack,!urg drop\npattern rest any pass\n",
		  true },
		{ "pattern bad ack,cwr drop\npattern rest any pass\n", true },
		{ "pattern bad ack,ae drop\npattern rest any pass\n", true },
		{ "pattern bad ack,rsv drop\npattern rest any pass\n", true },
		{ "pattern bad ack,data drop\npattern rest any pass\n", true },
		{ "pattern rest any pass\nreason not-tcp drop\n", true },
		{ "pattern rest any pass\nreason not-ip drop\n", true },
		{ "pattern rest any pass\nreason truncated drop\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		struct policy_error error = {};
		struct policy policy = {};
		char names[256] = "";

		assert_int_equal(policy_parse("test", policies[i].text, strlen(policies[i].text),
					      &policy, &error),
				 0);
		assert_int_equal(policy_hazards(&policy, names, sizeof(names)) > 0,
				 policies[i].hazardous);
		assert_int_equal(names[0] != '\0', policies[i].hazardous);
		policy_release(&policy);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		{ "the default policy: 2048 signatures and 11 reasons", test_default, NULL, NULL,
		  NULL },
		{ "observing: 4096 slots", test_observe, NULL, NULL, NULL },
		{ "the first match wins", test_order, NULL, NULL, NULL },
		{ "128 patterns, and not 129", test_many, NULL, NULL, NULL },
		{ "parse, print, parse is the identity", test_round_trip, NULL, NULL, NULL },
		{ "include, and what comes on top of it", test_include, NULL, NULL, NULL },
		{ "11 policies, some of which hit correct senders", test_hazards, NULL, NULL, NULL },
		{ "9 includes that are refused", test_include_refused, NULL, NULL, NULL },
		{ "digest and name", test_identity, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Exceptions of a policy: that the canonical list, of which the kernel only finds
 * the longest prefix, says what all lines together say.
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

#include "flagwall/outcome.h"
#include "lookup.h"
#include "policy.h"

#define RULES "pattern a syn,fin drop\npattern b syn,rst count\npattern c any pass\n"

static int find(struct policy_includes *includes, unsigned int depth, const char *name, char **text,
		size_t *length)
{
	static const char included[] = "pattern x fin,!ack drop\npattern y any pass\n"
				       "except from 10.0.0.0/8 x\nexcept to 2001:db8::/32\n";

	(void)includes;
	(void)depth;
	if (!strcmp(name, "unreadable"))
		return -EIO;
	if (strcmp(name, "base") != 0)
		return -ENOENT;
	*text = strdup(included);
	*length = sizeof(included) - 1;
	return 0;
}

static struct policy_includes base = { .find = find };

static int parse(const char *text, struct policy *policy, struct policy_error *error)
{
	return policy_parse_with("test", text, strlen(text), &base, policy, error);
}

static void accept(const char *text, struct policy *policy)
{
	struct policy_error error = {};

	if (parse(text, policy, &error))
		fail_msg("%u:%u: %s", error.line, error.column, error.message);
}

static void refuse(const char *line, unsigned int column)
{
	struct policy_error error = {};
	struct policy policy = {};
	char text[256];

	snprintf(text, sizeof(text), RULES "%s\n", line);
	assert_int_equal(parse(text, &policy, &error), -EINVAL);
	assert_int_equal(error.line, 4);
	if (error.column != column)
		fail_msg("'%s': column %u, not %u: %s", line, error.column, column, error.message);
}

static void test_refused(void **state)
{
	(void)state;
	refuse("except", 1);
	refuse("except from", 1);
	refuse("except by 10.0.0.1", 8);
	refuse("except from x", 13);
	refuse("except from 10.0.0.1/8", 13);
	refuse("except from 10.0.0.1/33", 13);
	refuse("except from 10.0.0.1/", 13);
	refuse("except from 10.0.0.1/032x", 13);
	refuse("except from 2001:db8::1/64", 13);
	refuse("except from 2001:db8::/129", 13);
	refuse("except from ::ffff:10.0.0.1", 13);
	refuse("except from 10.0.0.0/8 nobody", 24);
	refuse("except from 10.0.0.0/8 a,", 26);
	refuse("except from 10.0.0.0/8 a,,b", 26);
	refuse("except from 10.0.0.0/8 a b", 1);
	refuse("pattern truncated any pass", 9);
}

/* Including what is not there, or cannot be read. */
static void test_include_refused(void **state)
{
	static const char *const texts[] = { "include nobody\n", "include unreadable\n" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct policy_error error = {};
		struct policy policy;

		assert_int_equal(parse(texts[i], &policy, &error), -EINVAL);
		assert_int_equal(error.line, 1);
		assert_int_equal(error.column, 9);
	}
}

static void canonical(const char *lines, const char *expected)
{
	struct policy policy, again;
	char text[1024];

	snprintf(text, sizeof(text), RULES "%s", lines);
	accept(text, &policy);
	assert_string_equal(policy.text + policy.rules_length, expected);
	accept(policy.text, &again);
	assert_string_equal(again.text, policy.text);
	assert_memory_equal(again.sha256, policy.sha256, sizeof(policy.sha256));
	policy_release(&again);
	policy_release(&policy);
}

static void test_canonical(void **state)
{
	(void)state;
	canonical("", "");
	canonical("except to 10.0.0.1 a\nexcept from 10.0.0.1 b,a\n",
		  "except from 10.0.0.1/32 a,b\nexcept to 10.0.0.1/32 a\n");
	canonical("except from 10.0.0.0/8 a\nexcept from 10.1.0.0/16 b\n",
		  "except from 10.0.0.0/8 a\nexcept from 10.1.0.0/16 a,b\n");
	canonical("except from 10.1.0.0/16 a\nexcept from 10.0.0.0/8 a,b\n",
		  "except from 10.0.0.0/8 a,b\n");
	canonical("except from 10.0.0.0/8 a\nexcept from 10.0.0.0/8 truncated\n",
		  "except from 10.0.0.0/8 a,truncated\n");
	canonical("except from 0.0.0.0/0\nexcept from ::/0 a\nexcept from 192.0.2.1 a\n",
		  "except from 0.0.0.0/0\nexcept from ::/0 a\n");
}

/* All reasons, with commas before them. */
#define REASON(id, number, name, meaning) "," name
#define REASONS FW_REASONS(REASON)

/* Who names everything there is, at once or by a wider prefix too, means everything. */
static void test_everything(void **state)
{
	(void)state;
	canonical("except from 10.0.0.0/8 a,b,c" REASONS "\n", "except from 10.0.0.0/8\n");
	canonical("except from 10.0.0.0/8 c,b\nexcept from 10.1.0.0/16 a" REASONS "\n",
		  "except from 10.0.0.0/8 b,c\nexcept from 10.1.0.0/16\n");
	canonical("except to 10.0.0.0/8 a,b" REASONS "\nexcept to 10.0.0.0/8 c\n",
		  "except to 10.0.0.0/8\n");
}

/* Own patterns stand before included ones, and exceptions go on naming the same. */
static void test_include(void **state)
{
	struct policy policy;

	(void)state;
	accept("include base\npattern own syn,rst drop\nexcept from 10.1.0.0/16 own,y\n", &policy);
	assert_string_equal(policy.text + policy.rules_length,
			    "except from 10.0.0.0/8 x\nexcept from 10.1.0.0/16 own,x,y\n"
			    "except to 2001:db8::/32\n");
	policy_release(&policy);
}

static bool holds(const struct exception *exception, const __u8 address[16])
{
	for (unsigned int bit = 0; bit < exception->prefix; bit++)
		if ((exception->address[bit / 8] ^ address[bit / 8]) & (0x80 >> bit % 8))
			return false;
	return true;
}

/* Against all lines one by one: few bits, so that prefixes meet. */
static void test_longest(void **state)
{
	struct exception lines[40], list[40];

	(void)state;
	srand(20261124);
	for (int round = 0; round < 2000; round++) {
		size_t count = (size_t)rand() % 40, left;

		memset(lines, 0, sizeof(lines));
		for (size_t i = 0; i < count; i++) {
			lines[i].family = 4;
			lines[i].prefix = (__u8)(rand() % 9);
			lines[i].address[0] = (__u8)((rand() & 0xff) & (0xff00 >> lines[i].prefix));
			lines[i].classes[rand() % 3] = 1ULL << (rand() % 3);
		}
		memcpy(list, lines, sizeof(lines));
		struct policy policy = { .exceptions = list };
		struct lookup lookup;

		left = exception_canonical(list, count);
		policy.exception_count = left;
		assert_int_equal(lookup_build(&lookup, &policy), 0);
		for (unsigned int value = 0; value < 256; value++) {
			__u8 address[16] = { (__u8)value };
			struct fw_except_key key = { .prefixlen = FW_EXCEPT_BITS + 32,
						     .family = 4,
						     .address = { (__u8)value } };
			const struct exception *longest = NULL;
			__u64 all[EXCEPTION_WORDS] = {}, none[EXCEPTION_WORDS] = {};

			for (size_t i = 0; i < count; i++)
				for (size_t word = 0; word < EXCEPTION_WORDS; word++)
					if (holds(&lines[i], address))
						all[word] |= lines[i].classes[word];
			for (size_t i = 0; i < left; i++)
				if (holds(&list[i], address) &&
				    (!longest || list[i].prefix > longest->prefix))
					longest = &list[i];
			assert_memory_equal(longest ? longest->classes : none, all, sizeof(all));
			assert_ptr_equal(lookup_find(&lookup, &key), longest);
		}
		lookup_release(&lookup);
	}
}

/* What the kernel gives back, in no order, is the same policy. */
static void test_back(void **state)
{
	static const char lines[] = "except from 10.0.0.0/8 a\nexcept from 10.1.0.0/16 b\n"
				    "except to 2001:db8::/32\nexcept from 192.0.2.1 a,b\n";
	struct policy policy, rules;
	struct exception *exceptions;

	(void)state;
	accept(RULES, &rules);
	{
		char text[512];

		snprintf(text, sizeof(text), RULES "%s", lines);
		accept(text, &policy);
	}
	exceptions = calloc(policy.exception_count, sizeof(*exceptions));
	assert_non_null(exceptions);
	for (size_t i = 0; i < policy.exception_count; i++)
		exceptions[i] = policy.exceptions[policy.exception_count - 1 - i];
	assert_int_equal(policy_except(&rules, exceptions, policy.exception_count), 0);
	assert_string_equal(rules.text, policy.text);
	assert_memory_equal(rules.sha256, policy.sha256, sizeof(rules.sha256));
	policy_release(&rules);
	policy_release(&policy);
}

/* Every outcome is known by its pattern or its reason. */
static void test_classes(void **state)
{
	__u8 class[FW_ACTION_SLOTS];
	struct policy policy;

	(void)state;
	accept(RULES, &policy);
	policy_classes(&policy, class);
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		assert_int_equal(class[signature],
				 policy_pattern(&policy, signature) - policy.patterns);
	for (unsigned int reason = 0; reason < FW_REASON_COUNT; reason++)
		assert_int_equal(class[FW_REASON_BASE + reason], FW_CLASS_REASONS + reason);
	policy_release(&policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),   cmocka_unit_test(test_include_refused),
		cmocka_unit_test(test_canonical), cmocka_unit_test(test_everything),
		cmocka_unit_test(test_include),   cmocka_unit_test(test_longest),
		cmocka_unit_test(test_back),      cmocka_unit_test(test_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The policy's text: a good one is accepted, a wrong one is refused at the
 * right line and column. Texts lie on the heap at their exact length, without
 * a NUL.
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

#include "policy.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define TEXT_MOST 65536
#define ALL "pattern all any pass\n"

/* A text, and where and why it is refused. */
struct text {
	const char *what;
	const char *text;
	size_t length; /* 0: up to the NUL */
	unsigned int line;
	unsigned int column;
	const char *message; /* a part of it */
};

static const struct {
	const char *what;
	const char *text;
} accepted[] = {
	{ "the least", ALL },
	{ "no newline at the end", "pattern all any pass" },
	{ "upper case flags", "pattern a SYN,!Fin drop\npattern all ANY pass\n" },
	{ "tabs, spaces, empty lines, comments",
	  "\n# a\n \t\n\tpattern\tall  any\tpass \t# b\n\n#" },
	{ "a comment without a space", "pattern all any pass# b\n" },
	{ "CRLF",
	  "pattern a syn drop\r\n\r\n# c\r\nreason not-ip count\r\npattern all any pass\r\n" },
	{ "every flag", "pattern a syn,fin,rst,psh,ack,urg,ece,cwr,ae,rsv,data drop\n" ALL },
	{ "a name of 31", "pattern abcdefghijklmnopqrstuvwxyz-_012 any pass\n" },
	{ "two halves of everything", "pattern a syn pass\npattern b !syn drop\n" },
	{ "every action", "pattern a syn pass\npattern b fin count\npattern c any drop\n" },
	{ "a look into tunnels", "inspect tunnels # all of them\n" ALL },
};

static const struct text refused[] = {
	/* Unknown words. */
	{ "unknown keyword", ALL "patern a syn drop\n", 0, 2, 1, "unknown line 'patern'" },
	{ "unknown keyword, indented", "\t  rule a syn drop\n", 0, 1, 4, "unknown line 'rule'" },
	{ "keyword in upper case", "PATTERN all any pass\n", 0, 1, 1, "unknown line 'PATTERN'" },
	{ "the start of a keyword", "patter all any pass\n", 0, 1, 1, "unknown line 'patter'" },
	{ "unknown flag", ALL "pattern a syn,fni drop\n", 0, 2, 15, "unknown flag 'fni'" },
	{ "unknown negated flag", "pattern a !sin drop\n", 0, 1, 11, "unknown flag '!sin'" },
	{ "the start of a flag", "pattern a sy drop\n", 0, 1, 11, "unknown flag 'sy'" },
	{ "more than a flag", "pattern a syns drop\n", 0, 1, 11, "unknown flag 'syns'" },
	{ "any among flags", "pattern a syn,any drop\n", 0, 1, 15, "unknown flag 'any'" },
	{ "not any", "pattern a !any drop\n", 0, 1, 11, "unknown flag '!any'" },
	{ "no flag behind a comma", "pattern a syn, drop\n", 0, 1, 15, "unknown flag ''" },
	{ "no flag before a comma", "pattern a ,syn drop\n", 0, 1, 11, "unknown flag ''" },
	{ "only a comma", "pattern a , drop\n", 0, 1, 11, "unknown flag ''" },
	{ "only a !", "pattern a ! drop\n", 0, 1, 11, "unknown flag '!'" },
	{ "twice not", "pattern a !!syn drop\n", 0, 1, 11, "unknown flag '!!syn'" },
	{ "flag named twice", "pattern a syn,fin,SYN drop\n", 0, 1, 19, "flag named twice 'SYN'" },
	{ "flag and its contrary", "pattern a syn,!syn drop\n", 0, 1, 15,
	  "flag named twice '!syn'" },
	{ "unknown action", "# a\n\npattern a syn reject\n", 0, 3, 15, "unknown action 'reject'" },
	{ "action in upper case", "pattern a syn DROP\n", 0, 1, 15, "unknown action 'DROP'" },
	{ "unknown reason", ALL "reason no-ip drop\n", 0, 2, 8, "unknown reason 'no-ip'" },
	{ "unknown action of a reason", ALL "reason not-ip deny\n", 0, 2, 15,
	  "unknown action 'deny'" },

	{ "inspect alone", "inspect\n" ALL, 0, 1, 1, "the form is: inspect tunnels" },
	{ "inspect with one word more", "inspect tunnels gre\n" ALL, 0, 1, 1, "inspect tunnels" },
	{ "inspect something else", ALL "inspect tunnel\n", 0, 2, 9, "unknown 'tunnel'" },
	{ "inspect twice", "inspect tunnels\ninspect tunnels\n" ALL, 0, 2, 9, "there already" },

	/* Names. */
	{ "duplicate pattern", "pattern a syn drop\npattern a fin drop\n" ALL, 0, 2, 9,
	  "pattern 'a' is there already" },
	{ "duplicate reason", ALL "reason not-ip drop\nreason not-ip drop\n", 0, 3, 8,
	  "reason 'not-ip' is there already" },
	{ "name in upper case", "pattern aB syn drop\n", 0, 1, 10, "pattern names are made of" },
	{ "name with a dot", "pattern ab.c syn drop\n", 0, 1, 11, "pattern names are made of" },
	{ "name with a high byte", "pattern \xc3\xa9 syn drop\n", 0, 1, 9,
	  "pattern names are made of" },
	{ "name of 32", "pattern abcdefghijklmnopqrstuvwxyz-_0123 any pass\n", 0, 1, 9,
	  "longer than 31 characters" },

	/* Words too many or too few. */
	{ "pattern alone", "pattern\n", 0, 1, 1, "the form is: pattern NAME MATCH ACTION" },
	{ "pattern without an action", "pattern a syn\n", 0, 1, 1, "pattern NAME MATCH ACTION" },
	{ "pattern with one word more", "pattern a syn drop now\n", 0, 1, 1,
	  "pattern NAME MATCH ACTION" },
	{ "pattern with a space in its match", "pattern a syn, fin drop\n", 0, 1, 1,
	  "pattern NAME MATCH ACTION" },
	{ "pattern with many words more", "pattern a b c d e f g h i j k l m n\n", 0, 1, 1,
	  "pattern NAME MATCH ACTION" },
	{ "pattern cut by a comment", "pattern a #syn drop\n", 0, 1, 1,
	  "pattern NAME MATCH ACTION" },
	{ "reason without an action", "reason not-ip\n", 0, 1, 1,
	  "the form is: reason NAME ACTION" },
	{ "reason with one word more", "reason not-ip drop now\n", 0, 1, 1, "reason NAME ACTION" },

	/* Signatures left out. */
	{ "comments only", "# a\n# b\n", 0, 3, 1, "no pattern holds none" },
	{ "a newline", "\n", 0, 2, 1, "no pattern holds none" },
	{ "no pattern without FIN", "pattern a fin drop\n", 0, 2, 1, "no pattern holds none" },
	{ "no pattern for SYN and FIN", "pattern a !syn drop\npattern b !fin pass\n", 0, 3, 1,
	  "no pattern holds SYN,FIN:" },
	{ "no pattern for AE", "pattern a !ae drop\n", 0, 2, 1, "no pattern holds AE:" },
	{ "no catch-all behind a CRLF", "pattern a syn drop\r\n", 0, 2, 1, "no pattern holds none" },

	/* What is no text. */
	{ "a NUL", "\0", 1, 1, 1, "a NUL byte" },
	{ "a NUL in a keyword", "pattern\0 a syn drop\n", 20, 1, 8, "a NUL byte" },
	{ "a NUL in a flag", "pattern a syn\0 drop\n", 20, 1, 14, "a NUL byte" },
	{ "a NUL in an action", "pattern a syn drop\0\n", 20, 1, 19, "a NUL byte" },
	{ "a NUL in a name", "pattern a\0b syn drop\n" ALL, 42, 1, 10, "a NUL byte" },
	{ "a NUL as a name", "pattern \0 any drop\n", 19, 1, 9, "a NUL byte" },
	{ "a byte order mark behind another", "\xef\xbb\xbf\xef\xbb\xbf" ALL, 0, 1, 1,
	  "unknown line" },
	{ "UTF-16", "p\0a\0t\0t\0e\0r\0n\0", 14, 1, 2, "a NUL byte" },
	{ "an ELF file",
	  "\x7f"
	  "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
	  16, 1, 8, "a NUL byte" },
	{ "a vertical tab", "pattern\vall any pass\n", 0, 1, 1, "unknown line" },
};

/* policy_parse() on a copy of @text of exactly @length bytes. */
static int parse(const char *text, size_t length, struct policy *policy, struct policy_error *error)
{
	char *heap = malloc(length ? length : 1);
	int err;

	assert_non_null(heap);
	memcpy(heap, text, length);
	err = policy_parse("test", heap, length, policy, error);
	free(heap);
	return err;
}

/* A refused text must leave the policy alone and say where it stands. */
static void check_refused(const struct text *text, size_t length)
{
	struct policy policy, before;
	struct policy_error error = {};

	memset(&policy, 0xa5, sizeof(policy));
	memcpy(&before, &policy, sizeof(policy));
	if (parse(text->text, length, &policy, &error) != -EINVAL) {
		policy_release(&policy);
		fail_msg("%s: was accepted", text->what);
	}
	if (error.line != text->line || error.column != text->column ||
	    !strstr(error.message, text->message))
		fail_msg("%s: expected %u:%u: %s, got %u:%u: %s", text->what, text->line,
			 text->column, text->message, error.line, error.column, error.message);
	assert_memory_equal(&policy, &before, sizeof(policy));
}

static void test_refused(void **state)
{
	const struct text *text = *state;

	check_refused(text, text->length ? text->length : strlen(text->text));
}

static void test_accepted(void **state)
{
	const char *text = *state;
	struct policy_error error = {};
	struct policy policy = {};

	if (parse(text, strlen(text), &policy, &error))
		fail_msg("refused: %u:%u: %s", error.line, error.column, error.message);
	policy_release(&policy);
	assert_null(policy.patterns);
}

static int find_looking(struct policy_includes *includes, unsigned int depth, const char *name,
			char **text, size_t *length)
{
	(void)includes;
	(void)depth;
	*text = strdup(strcmp(name, "looks") ? ALL : ALL "inspect tunnels\n");
	*length = *text ? strlen(*text) : 0;
	return *text ? 0 : -ENOMEM;
}

static struct policy_includes looking = { .find = find_looking };

/* What is read is what is printed: alone, included, and not at all. */
static void test_tunnels(void **state)
{
	static const struct {
		const char *text, *ends;
		bool tunnels;
	} texts[] = {
		{ "inspect tunnels\n" ALL, "reason encrypted pass\ninspect tunnels\n", true },
		{ "include looks\naction all drop\n", "pass\ninspect tunnels\n", true },
		{ "include looks\ninspect tunnels\n", "pass\ninspect tunnels\n", true },
		{ "include looks_not\ninspect tunnels\n", "pass\ninspect tunnels\n", true },
		{ "include looks_not\n", "reason encrypted pass\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct policy policy = {}, again = {};
		struct policy_error error = {};
		size_t length;

		assert_int_equal(policy_parse_with("test", texts[i].text, strlen(texts[i].text),
						   &looking, &policy, &error),
				 0);
		assert_int_equal(policy.tunnels, texts[i].tunnels);
		length = strlen(policy.text);
		assert_int_equal(length, policy.rules_length);
		assert_string_equal(policy.text + length - strlen(texts[i].ends), texts[i].ends);
		assert_int_equal(parse(policy.text, length, &again, &error), 0);
		assert_int_equal(again.tunnels, texts[i].tunnels);
		assert_memory_equal(again.sha256, policy.sha256, sizeof(policy.sha256));
		policy_release(&policy);
		policy_release(&again);
	}
}

static void test_empty(void **state)
{
	static const struct text empty = { "nothing", "", 0, 1, 1, "no pattern holds none" };

	(void)state;
	check_refused(&empty, 0);
}

/* Very long words and lines, and very many lines. */
static void test_long(void **state)
{
	static const struct text shapes[] = {
		{ "a long keyword", "", 0, 1, 1, "unknown line 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'" },
		{ "a long name", "pattern ", 0, 1, 9, "longer than 31 characters" },
		{ "a long flag", "pattern a ", 0, 1, 11,
		  "unknown flag 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'" },
		{ "a long action", "pattern a syn ", 0, 1, 15,
		  "unknown action 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'" },
		{ "a long comment", "#", 0, 2, 1, "no pattern holds none" },
	};
	char *heap = malloc(TEXT_MOST);

	(void)state;
	assert_non_null(heap);
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		struct text text = shapes[i];
		size_t start = strlen(text.text);

		memset(heap, 'a', TEXT_MOST);
		memcpy(heap, text.text, start);
		if (start == 8) /* needs the right number of words */
			memcpy(heap + TEXT_MOST - 10, " syn drop\n", 10);
		else if (start == 10)
			memcpy(heap + TEXT_MOST - 6, " drop\n", 6);
		else
			heap[TEXT_MOST - 1] = '\n';
		text.text = heap;
		check_refused(&text, TEXT_MOST);
	}
	memset(heap, ' ', TEXT_MOST);
	memcpy(heap + TEXT_MOST - strlen(ALL) - 4, "x\n" ALL, strlen(ALL) + 2);
	check_refused(&(struct text){ "a word behind many spaces", heap, 0, 1,
				      (unsigned int)(TEXT_MOST - strlen(ALL) - 4 + 1),
				      "unknown line 'x'" },
		      TEXT_MOST);
	memset(heap, '\n', TEXT_MOST);
	heap[TEXT_MOST - 1] = 'x';
	check_refused(&(struct text){ "the last of many lines", heap, 0, TEXT_MOST, 1,
				      "unknown line 'x'" },
		      TEXT_MOST);
	free(heap);
}

/* Mutations of a good text: refused with a place inside it, or accepted. */
static void test_garbage(void **state)
{
	static const char good[] = "pattern a syn,!fin drop\r\nreason not-ip count\n# c\n" ALL;
	static const char bytes[] = " \t\r\n#,!\0\xffpatern syn fin any drop";
	struct policy_error error;
	struct policy policy;
	__u32 random = 1;
	size_t good_count = 0;

	(void)state;
	for (unsigned int round = 0; round < 100000; round++) {
		char text[sizeof(good)];
		size_t length, lines = 1;

		memcpy(text, good, sizeof(good));
		for (unsigned int i = 0; i <= round % 3; i++) {
			random = random * 1664525 + 1013904223;
			text[(random >> 8) % (sizeof(good) - 1)] =
				bytes[(random >> 20) % (sizeof(bytes) - 1)];
		}
		random = random * 1664525 + 1013904223;
		length = round % 4 ? sizeof(good) - 1 : (random >> 8) % sizeof(good);
		for (size_t i = 0; i < length; i++)
			lines += text[i] == '\n';

		memset(&error, 0, sizeof(error));
		if (!parse(text, length, &policy, &error)) {
			for (unsigned int signature = 0; signature < FW_SIGNATURES; signature += 341)
				assert_non_null(policy_pattern(&policy, signature));
			policy_release(&policy);
			good_count++;
			continue;
		}
		assert_in_range(error.line, 1, lines + 1);
		assert_in_range(error.column, 1, length + 1);
		assert_true(error.message[0] && memchr(error.message, 0, sizeof(error.message)));
	}
	assert_in_range(good_count, 1000, 99000);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		{ "tunnels, there and back", test_tunnels, NULL, NULL, NULL },
		{ "refused: nothing at all", test_empty, NULL, NULL, NULL },
		{ "long words and lines", test_long, NULL, NULL, NULL },
		{ "100000 broken texts", test_garbage, NULL, NULL, NULL },
	};
	static struct CMUnitTest
		tests[ARRAY_SIZE(others) + ARRAY_SIZE(accepted) + ARRAY_SIZE(refused)];
	static char names[ARRAY_SIZE(tests)][80];
	size_t count = ARRAY_SIZE(others);

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < ARRAY_SIZE(accepted); i++, count++) {
		snprintf(names[count], sizeof(names[count]), "accepted: %s", accepted[i].what);
		tests[count] = (struct CMUnitTest){ .name = names[count],
						    .test_func = test_accepted,
						    .initial_state = (void *)accepted[i].text };
	}
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++, count++) {
		snprintf(names[count], sizeof(names[count]), "refused: %s", refused[i].what);
		tests[count] = (struct CMUnitTest){ .name = names[count],
						    .test_func = test_refused,
						    .initial_state = (void *)&refused[i] };
	}
	return cmocka_run_group_tests_name("policy text", tests, NULL, NULL);
}

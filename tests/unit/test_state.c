// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Lines about states: what is read is what is printed and compiled, a wrong one is
 * refused where it is wrong, and what the shipped policy says of every combination is
 * what RFC 9293 section 3.10.7 makes of it.
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
#include "state_knowledge.h"
#include "state_name.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define ALL "pattern all any pass\n"
#define MOST (1 << 16)

static int find(struct policy_includes *includes, unsigned int depth, const char *name, char **text,
		size_t *length)
{
	char path[128];
	FILE *file;

	(void)includes;
	(void)depth;
	if (!strcmp(name, "base")) {
		*text = strdup(ALL "state none ack count\nstate listen rst drop\n");
		*length = strlen(*text);
		return 0;
	}
	snprintf(path, sizeof(path), "policies/%s.policy", name);
	file = fopen(path, "re");
	if (!file)
		return -ENOENT;
	*text = malloc(MOST);
	assert_non_null(*text);
	*length = fread(*text, 1, MOST, file);
	fclose(file);
	return 0;
}

static struct policy_includes includes = { .find = find };

static struct policy read_text(const char *text)
{
	struct policy_error error = {};
	struct policy policy = {};

	if (policy_parse_with("test", text, strlen(text), &includes, &policy, &error))
		fail_msg("%u:%u: %s", error.line, error.column, error.message);
	return policy;
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		unsigned int line, column;
	} texts[] = {
		{ "state\n" ALL, 1, 1 },
		{ "state none ack\n" ALL, 1, 1 },
		{ "state none ack count now\n" ALL, 1, 1 },
		{ "state nobody ack count\n" ALL, 1, 7 },
		{ "state unjudged ack count\n" ALL, 1, 7 },
		{ ALL "state none ack,bogus count\n", 2, 16 },
		{ ALL "state none ece count\n", 2, 12 },
		{ ALL "state none ack,!data count\n", 2, 12 },
		{ ALL "state none ack refuse\n", 2, 16 },
		{ "pattern state any pass\n", 1, 9 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct policy_error error = {};
		struct policy policy = {};

		assert_int_equal(policy_parse("test", texts[i].text, strlen(texts[i].text), &policy,
					      &error),
				 -EINVAL);
		if (error.line != texts[i].line || error.column != texts[i].column ||
		    !*error.message)
			fail_msg("%s: %u:%u: %s", texts[i].text, error.line, error.column,
				 error.message);
	}
}

static void test_most(void **state)
{
	char text[MOST] = ALL;
	struct policy_error error = {};
	struct policy policy = {};

	(void)state;
	for (int i = 0; i < STATE_LINES_MOST; i++)
		strcat(text, "state none ack count\n");
	policy = read_text(text);
	assert_int_equal(policy.state_count, STATE_LINES_MOST);
	policy_release(&policy);
	strcat(text, "state none ack count\n");
	assert_int_equal(policy_parse("test", text, strlen(text), &policy, &error), -EINVAL);
	assert_int_equal(error.line, STATE_LINES_MOST + 2);
}

/* The text, the table and the hash are those of the lines; the rules hold them. */
static void test_there_and_back(void **state)
{
	static const char text[] = "state none SYN,ack drop\n" ALL "state listen any count # all\n"
				   "state none any count\n";
	struct policy policy = read_text(text), again = read_text(policy.text);
	struct policy without = read_text(ALL);
	static const char ends[] = "state none syn,ack drop\nstate listen any count\n"
				   "state none any count\n";
	__u8 table[FW_STATE_SLOTS];

	(void)state;
	assert_string_equal(policy.text + strlen(policy.text) - strlen(ends), ends);
	assert_int_equal(policy.rules_length, strlen(policy.text));
	assert_memory_equal(policy.sha256, again.sha256, sizeof(policy.sha256));
	assert_memory_not_equal(policy.sha256, without.sha256, sizeof(policy.sha256));
	policy_compile_states(&policy, false, table);
	for (unsigned int slot = 0; slot < FW_STATE_SLOTS; slot++) {
		unsigned int which = slot / FW_STATE_FLAGS, flags = slot % FW_STATE_FLAGS;
		enum fw_action wanted =
			which == FW_STATE_NONE ?
				((flags & FW_SYN) && (flags & FW_ACK) ? FW_DROP : FW_COUNT) :
			which == FW_STATE_LISTEN ? FW_COUNT :
						   FW_PASS;

		assert_int_equal(table[slot], wanted);
	}
	policy_compile_states(&policy, true, table);
	for (unsigned int slot = 0; slot < FW_STATE_SLOTS; slot++)
		assert_int_not_equal(table[slot], FW_DROP);
	policy_release(&policy);
	policy_release(&again);
	policy_release(&without);
}

static void test_included(void **state)
{
	struct policy policy = read_text("include base\nstate none syn,ack drop\n"
					 "state listen rst pass\n");

	(void)state;
	assert_int_equal(policy.state_count, 4);
	assert_int_equal(policy_state_action(&policy, FW_STATE_NONE, FW_SYN | FW_ACK), FW_DROP);
	assert_int_equal(policy_state_action(&policy, FW_STATE_NONE, FW_ACK | FW_ECE), FW_COUNT);
	assert_int_equal(policy_state_action(&policy, FW_STATE_LISTEN, FW_RST), FW_PASS);
	assert_int_equal(policy_state_action(&policy, FW_STATE_OTHER, FW_ACK), FW_PASS);
	/* Whose line it is, and that one is shadowed. */
	assert_int_equal(policy.states[0].line, 2);
	assert_int_equal(policy.states[3].line, 0);
	assert_int_equal(policy.states[3].members, 0);
	assert_int_equal(policy.states[0].members, 16);
	policy_release(&policy);
}

/* "state" names all of them, and is part of everything. */
static void test_excepted(void **state)
{
	static const char all[] =
		"not-ip,not-tcp,fragment,fragment-overlap,tiny-fragment,truncated,"
		"bad-ip-header,bad-tcp-offset,header-chain,encapsulation,encrypted";
	char text[512];
	struct policy policy, named;

	(void)state;
	policy = read_text(ALL "state none ack count\nexcept from 192.0.2.1 state\n"
			       "except to 192.0.2.2\n");
	assert_int_equal(policy.exception_count, 2);
	assert_non_null(strstr(policy.text, "\nexcept from 192.0.2.1/32 state\n"));
	for (size_t i = 0; i < 2; i++)
		assert_true(exception_holds(&policy.exceptions[i], FW_CLASS_STATE));
	policy_release(&policy);
	snprintf(text, sizeof(text), ALL "state none ack count\nexcept from 192.0.2.1 all,%s\n",
		 all);
	named = read_text(text);
	assert_false(exception_everything(&named.exceptions[0]));
	policy_release(&named);
	snprintf(text, sizeof(text),
		 ALL "state none ack count\nexcept from 192.0.2.1 state,all,%s\n", all);
	named = read_text(text);
	assert_true(exception_everything(&named.exceptions[0]));
	policy_release(&named);
	/* Without such lines the name adds nothing to all the others. */
	snprintf(text, sizeof(text), ALL "except from 192.0.2.1 all,%s\n", all);
	named = read_text(text);
	assert_true(exception_everything(&named.exceptions[0]));
	policy_release(&named);
}

static void test_hazards(void **state)
{
	static const struct {
		const char *text, *hazards;
		size_t costs;
	} policies[] = {
		{ "state other ack drop\n", "state other", 3 },
		{ "state other any count\n", "", 0 },
		{ "state listen syn,!ack drop\n", "state listen", 1 },
		{ "state syn-sent syn,ack drop\n", "state syn-sent", 1 },
		{ "state syn-sent rst,!ack drop\n", "", 0 },
		{ "state time-wait syn drop\n", "state time-wait", 1 },
		{ "state time-wait syn,ack drop\n", "", 0 },
		{ "state none rst drop\nstate listen rst drop\n", "", 0 },
		{ "state none syn,ack drop\n", "", 0 },
		{ "state none ack drop\n", "", 1 },
		{ "state none any drop\nstate listen ack drop\n", "", 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		char text[256], hazards[256];
		struct policy policy;
		enum fw_state which;
		size_t index = 0, costs = 0;

		snprintf(text, sizeof(text), ALL "%s", policies[i].text);
		policy = read_text(text);
		policy_hazards(&policy, hazards, sizeof(hazards));
		assert_string_equal(hazards, policies[i].hazards);
		while (policy_state_cost(&policy, &index, &which))
			costs++;
		if (costs != policies[i].costs)
			fail_msg("%s: %zu costs", policies[i].text, costs);
		policy_release(&policy);
	}
}

/*
 * By the letter of 3.10.7, of the combinations that the default policy lets pass: what is
 * answered with a RST or thrown away is counted, all else passes; and nothing is dropped.
 */
static enum fw_action by_the_rfc(unsigned int which, unsigned int flags)
{
	bool syn = flags & FW_SYN, rst = flags & FW_RST, ack = flags & FW_ACK;

	switch (which) {
	case FW_STATE_NONE:
	case FW_STATE_LISTEN:
		return syn && !rst && !ack ? FW_PASS : FW_COUNT;
	case FW_STATE_SYN_SENT:
		return (rst && ack) || (syn && !rst) ? FW_PASS : FW_COUNT;
	case FW_STATE_TIME_WAIT:
		return syn && ack ? FW_COUNT : FW_PASS;
	default:
		return FW_PASS;
	}
}

static void test_shipped(void **state)
{
	struct policy policy = read_text("include stateful\n");
	unsigned int seen = 0;

	(void)state;
	for (unsigned int slot = 0; slot < FW_STATE_COUNT * FW_STATE_FLAGS; slot++) {
		unsigned int which = slot / FW_STATE_FLAGS, flags = slot % FW_STATE_FLAGS;

		if (policy_pattern(&policy, flags)->action != FW_PASS)
			continue;
		if (policy_state_action(&policy, which, flags) != by_the_rfc(which, flags))
			fail_msg("%s 0x%02x", state_texts[which].name, flags);
		seen++;
	}
	assert_int_equal(seen, FW_STATE_COUNT * 14);
	policy_release(&policy);
}

/* Every combination in every state has an answer, of its own state. */
static void test_knowledge(void **state)
{
	(void)state;
	for (unsigned int slot = 0; slot < FW_STATE_COUNT * FW_STATE_FLAGS; slot++) {
		const struct state_knowledge *entry =
			state_knowledge_find(slot / FW_STATE_FLAGS, slot % FW_STATE_FLAGS);

		assert_int_equal(entry->state, slot / FW_STATE_FLAGS);
		assert_non_null(entry->answer);
	}
	assert_string_equal(state_knowledge_find(FW_STATE_LISTEN, FW_SYN)->answer,
			    "It opens a connection.");
	assert_string_equal(state_knowledge_find(FW_STATE_NONE, FW_RST | FW_ACK)->answer,
			    "It is discarded.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "refused, and where", test_refused, NULL, NULL, NULL },
		{ "64 lines, and not 65", test_most, NULL, NULL, NULL },
		{ "there and back, and the table", test_there_and_back, NULL, NULL, NULL },
		{ "included, and what comes before", test_included, NULL, NULL, NULL },
		{ "exceptions from them", test_excepted, NULL, NULL, NULL },
		{ "what dropping costs", test_hazards, NULL, NULL, NULL },
		{ "the shipped policy is RFC 9293 section 3.10.7", test_shipped, NULL, NULL, NULL },
		{ "what is known of each", test_knowledge, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

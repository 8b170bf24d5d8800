// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The policies we ship: each profile drops what its rival calls bad, by a
 * fixture that was made without them; the strict one lets 14 combinations
 * through; and no bit of ECN or of AccECN decides anything.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expected.h"
#include "flagwall/signature.h"
#include "policy.h"

#define FIXTURE "tests/fixtures/profiles.tsv"
#define ECN (FW_ECE | FW_CWR | FW_AE)
#define SHIPPED 16 /* policies there are at least */
#define PROFILES 13
#define COMBINATIONS 64
#define TEXT_MOST 65536

/* A policy we ship, with its text. */
struct shipped {
	char name[POLICY_NAME];
	char text[TEXT_MOST];
	struct policy policy;
};

/* The fixture: a row for each combination, a column for each profile. */
struct profiles {
	char names[PROFILES][POLICY_NAME];
	char bad[COMBINATIONS][PROFILES];
	unsigned int total[PROFILES];
};

static int find_shipped(struct policy_includes *includes, unsigned int depth, const char *name,
			char **text, size_t *length)
{
	char path[256];
	FILE *file;

	(void)includes;
	(void)depth;
	snprintf(path, sizeof(path), "policies/%s.policy", name);
	file = fopen(path, "re");
	*text = malloc(TEXT_MOST);
	if (!file || !*text)
		fail_msg("%s: it is included, and not there", path);
	*length = fread(*text, 1, TEXT_MOST - 1, file);
	fclose(file);
	return 0;
}

static struct policy_includes includes = { .find = find_shipped };

/* "policies/pf-openbsd.policy" or "pf-openbsd". */
static struct shipped *load(const char *which)
{
	struct shipped *shipped = calloc(1, sizeof(*shipped));
	const char *slash = strrchr(which, '/');
	struct policy_error error = {};
	char path[256];
	FILE *file;
	size_t length;

	assert_non_null(shipped);
	snprintf(shipped->name, sizeof(shipped->name), "%s", slash ? slash + 1 : which);
	shipped->name[strcspn(shipped->name, ".")] = '\0';
	snprintf(path, sizeof(path), "policies/%s.policy", shipped->name);
	file = fopen(path, "re");
	if (!file)
		fail_msg("%s: tests run from the top of the tree", path);
	length = fread(shipped->text, 1, TEXT_MOST - 1, file);
	fclose(file);
	if (policy_parse_with(shipped->name, shipped->text, length, &includes, &shipped->policy,
			      &error))
		fail_msg("%s:%u:%u: %s", path, error.line, error.column, error.message);
	return shipped;
}

static void unload(struct shipped *shipped)
{
	policy_release(&shipped->policy);
	free(shipped);
}

static enum fw_action action_of(const struct shipped *shipped, unsigned int signature)
{
	return policy_pattern(&shipped->policy, signature)->action;
}

/* @visit every policy that we ship. */
static void each(void (*visit)(const struct shipped *shipped))
{
	glob_t found;

	assert_int_equal(glob("policies/*.policy", 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= SHIPPED);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct shipped *shipped = load(found.gl_pathv[i]);

		visit(shipped);
		unload(shipped);
	}
	globfree(&found);
}

/* The words of @line behind the second. */
static void read_row(struct profiles *profiles, char *line)
{
	char *save, *value = strtok_r(line, "\t\n", &save), *word;
	unsigned int column = 0;

	strtok_r(NULL, "\t\n", &save);
	while ((word = strtok_r(NULL, "\t\n", &save))) {
		assert_true(column < PROFILES);
		if (!strcmp(value, "# value"))
			snprintf(profiles->names[column], POLICY_NAME, "%s", word);
		else if (!strcmp(value, "total"))
			profiles->total[column] = (unsigned int)strtoul(word, NULL, 10);
		else
			profiles->bad[strtoul(value, NULL, 10) % COMBINATIONS][column] = word[0];
		column++;
	}
	assert_int_equal(column, PROFILES);
}

static void read_fixture(struct profiles *profiles)
{
	FILE *file = fopen(FIXTURE, "re");
	char line[1024];

	assert_non_null(file);
	memset(profiles, 0, sizeof(*profiles));
	while (fgets(line, sizeof(line), file))
		if (line[0] != '#' || !strncmp(line, "# value\t", 8))
			read_row(profiles, line);
	fclose(file);
	for (unsigned int i = 0; i < COMBINATIONS * PROFILES; i++)
		assert_non_null(strchr("X.", profiles->bad[i / PROFILES][i % PROFILES]));
}

/* A profile drops what its rival calls bad, in all 2,048 signatures. */
static void test_rivals(void **state)
{
	struct profiles profiles;

	(void)state;
	read_fixture(&profiles);
	for (unsigned int column = 0; column < PROFILES; column++) {
		struct shipped *shipped = load(profiles.names[column]);
		unsigned int bad = 0;

		for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++) {
			char want = profiles.bad[signature % COMBINATIONS][column];

			if (action_of(shipped, signature) != (want == 'X' ? FW_DROP : FW_PASS))
				fail_msg("%s: signature 0x%03x: %s, but the fixture has %c",
					 shipped->name, signature,
					 policy_action_name(action_of(shipped, signature)), want);
			bad += want == 'X' && signature < COMBINATIONS;
		}
		if (bad != profiles.total[column])
			fail_msg("%s: %u combinations, but the fixture's total is %u",
				 shipped->name, bad, profiles.total[column]);
		unload(shipped);
	}
}

/* Strict: what default passes passes or is counted, all else is dropped. */
static void test_strict(void **state)
{
	struct shipped *strict = load("strict");
	struct expected expected;
	unsigned int passed = 0;

	(void)state;
	assert_int_equal(expected_read(&expected), 0);
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++) {
		const struct expected_row *row = expected_row(&expected, signature);
		const struct pattern *pattern = policy_pattern(&strict->policy, signature);
		bool legal = !strcmp(row->action, "pass");
		const char *name = row->name;
		enum fw_action action = FW_PASS;

		if (!legal) {
			action = FW_DROP;
		} else if (signature & FW_RSV) {
			action = FW_COUNT;
			name = "rsv";
		} else if ((signature & FW_PSH) && !(signature & FW_DATA)) {
			action = FW_COUNT;
			name = "psh-no-data";
		}
		if (pattern->action != action || strcmp(pattern->name, name))
			fail_msg("signature 0x%03x: %s %s, expected %s %s", signature,
				 pattern->name, policy_action_name(pattern->action), name,
				 policy_action_name(action));
		passed += signature < COMBINATIONS && legal;
	}
	assert_int_equal(passed, 14);
	unload(strict);
}

/* Basic: three sentences. */
static void test_basic(void **state)
{
	struct shipped *basic = load("basic");

	(void)state;
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++) {
		bool syn = signature & FW_SYN, fin = signature & FW_FIN;
		bool bad = (syn && (fin || signature & FW_RST)) || (fin && !(signature & FW_ACK));

		assert_int_equal(action_of(basic, signature), bad ? FW_DROP : FW_PASS);
	}
	unload(basic);
}

/* Whatever ECE, CWR and AE are, the action is the same, unless a pattern names them. */
static void ecn_decides_nothing(const struct shipped *shipped)
{
	__u8 action[FW_ACTION_SLOTS];

	for (size_t i = 0; i < shipped->policy.pattern_count; i++) {
		const struct match *match = &shipped->policy.patterns[i].match;

		if ((match->set | match->clear) & ECN)
			return;
	}
	policy_compile(&shipped->policy, false, action);
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		if (action[signature] != action[signature & ~(unsigned int)ECN])
			fail_msg("%s: signature 0x%03x", shipped->name, signature);
}

static void test_ecn(void **state)
{
	(void)state;
	each(ecn_decides_nothing);
}

/* It stands for somebody else's rules, not for ours. */
static bool is_profile(const struct shipped *shipped)
{
	return strcmp(shipped->name, "default") && strcmp(shipped->name, "strict") &&
	       strcmp(shipped->name, "basic") && strcmp(shipped->name, "stateful");
}

/* Where it is from; an action for every reason; never against ARP or UDP. */
static void complete(const struct shipped *shipped)
{
	unsigned int reasons = 0, sources = 0, year, month;
	const struct policy *policy = &shipped->policy;

	for (const char *line = shipped->text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		reasons += !strncmp(line, "reason ", 7);
		sources += !strncmp(line, "# verified: kernel\n", 19);
		sources += sscanf(line, "# from: %*[^,\n], %4u-%2u", &year, &month) == 2;
	}
	if (reasons != FW_REASON_COUNT && !strstr(shipped->text, "\ninclude default\n"))
		fail_msg("%s: %u reasons", shipped->name, reasons);
	if (sources != 1 && strcmp(shipped->name, "default"))
		fail_msg("%s: %u lines say where it is from", shipped->name, sources);
	assert_int_equal(policy->reasons[FW_REASON_NOT_IP - FW_REASON_BASE], FW_PASS);
	assert_int_equal(policy->reasons[FW_REASON_NOT_TCP - FW_REASON_BASE], FW_PASS);
	if (is_profile(shipped) && strcmp(shipped->name, "conntrack"))
		assert_string_equal(policy->patterns[policy->pattern_count - 1].name, "other");
}

static void test_complete(void **state)
{
	(void)state;
	each(complete);
}

/* The lines that can never match: no others, in the whole folder. */
static const char *const shadowed[] = {
	"fortinet-np7 tcp-fin-only",
	"iptables-classic ack-fin-fin",
	"iptables-classic all-all",
	"iptables-classic all-none",
	"iptables-classic all-fin-psh-urg",
	"iptables-classic all-syn-fin-psh-urg",
	"iptables-classic all-syn-rst-ack-fin-urg",
};
#define SHADOWED (sizeof(shadowed) / sizeof(shadowed[0]))

static unsigned int shadows_seen;

static void find_shadows(const struct shipped *shipped)
{
	for (size_t i = 0; i < shipped->policy.pattern_count; i++) {
		const struct pattern *pattern = &shipped->policy.patterns[i];
		unsigned int signature = 0, known = 0;
		char line[POLICY_NAME + 1 + PATTERN_NAME];

		while (signature < FW_SIGNATURES &&
		       policy_pattern(&shipped->policy, signature) != pattern)
			signature++;
		snprintf(line, sizeof(line), "%s %s", shipped->name, pattern->name);
		while (known < SHADOWED && strcmp(line, shadowed[known]))
			known++;
		if ((signature == FW_SIGNATURES) != (known < SHADOWED))
			fail_msg("%s: %s", line, known < SHADOWED ? "matches" : "never matches");
		shadows_seen += known < SHADOWED;
	}
}

static void test_shadowed(void **state)
{
	(void)state;
	shadows_seen = 0;
	each(find_shadows);
	assert_int_equal(shadows_seen, SHADOWED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		{ "13 profiles: 64 combinations by the fixture", test_rivals, NULL, NULL, NULL },
		{ "strict: 14 combinations and two oddities", test_strict, NULL, NULL, NULL },
		{ "basic: three rules", test_basic, NULL, NULL, NULL },
		{ "ECE, CWR and AE decide nothing", test_ecn, NULL, NULL, NULL },
		{ "a source and every reason", test_complete, NULL, NULL, NULL },
		{ "lines that never match", test_shadowed, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests_name("profiles", tests, NULL, NULL);
}

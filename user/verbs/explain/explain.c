// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "kernel.h"
#include "netns.h"
#include "policy_store.h"
#include "question.h"
#include "report.h"
#include "state_name.h"
#include "verbs.h"

/* What the user typed with blanks between, as one text; the caller frees it. */
static char *join(const struct invocation *invocation)
{
	const char *mask = invocation->value[OPTION_TCP_FLAGS];
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	if (mask)
		fprintf(stream, "--tcp-flags %s", mask);
	for (int i = 0; i < invocation->argc; i++)
		fprintf(stream, "%s%s", mask || i ? " " : "", invocation->argv[i]);
	if (fclose(stream)) {
		free(text);
		return NULL;
	}
	return text;
}

static int add_profile(struct question *question, const struct policy *policy)
{
	enum fw_action action = policy_pattern(policy, question->notation.value)->action;
	char *before = question->profiles[action];

	if (asprintf(&question->profiles[action], "%s%s%s", before ? before : "", before ? " " : "",
		     policy->name) < 0)
		question->profiles[action] = NULL;
	free(before);
	return question->profiles[action] ? 0 : fail(ENOMEM, "explain: no memory for the profiles");
}

static int ask_profiles(struct question *question)
{
	int err = 0;

	for (size_t i = 0; !err; i++) {
		_cleanup_(policy_release) struct policy policy = {};

		err = policy_built_in(i, &policy);
		if (!err)
			err = add_profile(question, &policy);
	}
	return err == -ENOENT ? 0 : err;
}

static void release(struct question *question)
{
	policy_release(&question->loaded);
	in_force_free(question->in_force, question->in_force_count);
	for (int action = FW_PASS; action <= FW_DROP; action++)
		free(question->profiles[action]);
}

/* Tables of counters name patterns: so may the question. */
static bool ask_for_pattern(struct question *question, const char *name)
{
	for (size_t i = 0; i < question->policy->pattern_count; i++) {
		const struct pattern *pattern = &question->policy->patterns[i];
		unsigned int named = pattern->match.set | pattern->match.clear;

		if (strcmp(pattern->name, name) != 0)
			continue;
		question->only = pattern;
		question->notation = (struct notation){
			.value = pattern->match.set & ~(unsigned int)FW_DATA,
			.mask = named & ~(unsigned int)FW_DATA,
		};
		return true;
	}
	return false;
}

/* Is the same policy in force wherever there is one? */
static bool one_in_force(const struct question *question)
{
	const struct in_force *all = question->in_force;

	for (int i = 1; i < question->in_force_count; i++)
		if (memcmp(all[i].policy.sha256, all[0].policy.sha256,
			   sizeof(all[0].policy.sha256)) != 0)
			return false;
	return question->in_force_count;
}

/* Who answers: the policy asked for, or the one in force, or the default. */
static int choose(const struct invocation *invocation, struct question *question)
{
	const char *where = invocation->value[OPTION_NETNS];
	const char *name = invocation->value[OPTION_POLICY];
	int err = netns_enter(where);

	if (!err && !name)
		err = in_force_all(where, &question->in_force, &question->in_force_count);
	if (err)
		return err;
	if (one_in_force(question)) {
		question->policy = &question->in_force[0].policy;
		return 0;
	}
	question->policy = &question->loaded;
	return policy_load(name ? name : POLICY_DEFAULT, &question->loaded);
}

static int choose_state(const struct invocation *invocation, struct question *question)
{
	int state;

	question->state_given = invocation->given[OPTION_STATE];
	if (!question->state_given)
		return 0;
	state = options_choice("state", invocation->value[OPTION_STATE], state_names);
	if (state < 0)
		return state;
	question->state = (enum fw_state)state;
	return 0;
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ char *text = join(invocation);
	_cleanup_(release) struct question question = {};
	struct text_error error;
	int err;

	if (!text)
		return fail(ENOMEM, "explain: no memory for the arguments");
	kernel_listen();
	if ((err = choose_state(invocation, &question)) || (err = choose(invocation, &question)))
		return err;
	if (notation_parse(text, strlen(text), &question.notation, &error) &&
	    !ask_for_pattern(&question, text))
		return fail(FW_EUSAGE, "explain: %s", error.message);
	if (question.state_given && !notation_is_one(&question.notation))
		return fail(FW_EUSAGE, "explain: --state is about one combination of flags");
	err = ask_profiles(&question);
	if (err)
		return err;
	if (invocation->given[OPTION_JSON])
		return json_emit(question_json(&question));
	question_text(&question);
	return 0;
}

const struct verb verb_explain = {
	.name = "explain",
	.arguments = "FLAGS",
	.summary = "What a combination of flags is, what happens to it, and why",
	.details =
		"FLAGS is read in any of these notations; quote what the shell would interpret:\n"
		"  SYN,FIN   SF   0x03   3        flagwall, letters, numbers\n"
		"  '[S.]'   'S.E'                 tcpdump\n"
		"  '[SYN, ACK]'   ·······A··S·    tshark\n"
		"  SYN,RST SYN                    iptables: MASK COMP\n"
		"  'tcp flags & (fin|syn) == fin' nft\n"
		"  'tcp flags syn / fin,syn'      nft: VALUE / MASK\n"
		"  xmas                           a pattern of the policy\n"
		"What iptables and nft print is a set of combinations: all of them are listed.\n"
		"Without --policy the one in force answers, as far as you may see it: if it is the same\n"
		"wherever there is one; else the default policy.\n",
	.options = OPTION_SET(OPTION_POLICY) | OPTION_SET(OPTION_TCP_FLAGS) |
		   OPTION_SET(OPTION_STATE) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

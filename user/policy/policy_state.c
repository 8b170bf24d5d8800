// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The lines of a policy about the states of connections. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_reader.h"
#include "state_name.h"

static int find_state(const struct word *word)
{
	for (int i = 0; i < FW_STATE_COUNT; i++)
		if (word_is(word, state_texts[i].name))
			return i;
	return -1;
}

static int append(struct policy *policy, const struct state_line *line)
{
	struct state_line *grown =
		reallocarray(policy->states, policy->state_count + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	policy->states = grown;
	policy->states[policy->state_count++] = *line;
	return 0;
}

int read_state(struct reader *reader, const struct word *words)
{
	struct state_line line = { .line = reader->number };
	struct text_error where = {};
	int state = find_state(&words[1]), err;

	if (state < 0)
		return policy_refuse(reader, words[1].text,
				     "unknown state '%.*s': valid are " STATE_NAMES,
				     word_shown(&words[1]), words[1].text);
	line.state = (enum fw_state)state;
	if (match_parse(words[2].text, words[2].length, &line.match, &where))
		return policy_refuse(reader, words[2].text + where.column, "%s", where.message);
	if ((line.match.set | line.match.clear) & ~(unsigned int)FW_CONTROL)
		return policy_refuse(
			reader, words[2].text,
			"state lines know the six control bits only: fin, syn, rst, psh, ack, urg");
	if (reader->policy.state_count + reader->base.state_count == STATE_LINES_MOST)
		return policy_refuse(reader, words[0].text, "more than %d state lines",
				     STATE_LINES_MOST);
	err = read_action(reader, &words[3], &line.action);
	return err ? err : append(&reader->policy, &line);
}

int policy_merge_states(struct reader *reader)
{
	const struct policy *base = &reader->base;
	int err = 0;

	for (size_t i = 0; i < base->state_count && !err; i++) {
		struct state_line line = base->states[i];

		line.line = 0;
		err = append(&reader->policy, &line);
	}
	return err;
}

void policy_count_states(struct policy *policy)
{
	for (size_t i = 0; i < policy->state_count; i++)
		policy->states[i].members = 0;
	for (unsigned int state = 0; state < FW_STATE_COUNT; state++) {
		for (unsigned int control = 0; control < FW_STATE_FLAGS; control++) {
			const struct state_line *line =
				policy_state_line(policy, (enum fw_state)state, control);

			if (line)
				policy->states[line - policy->states].members++;
		}
	}
}

const struct state_line *policy_state_line(const struct policy *policy, enum fw_state state,
					   unsigned int signature)
{
	for (size_t i = 0; i < policy->state_count; i++)
		if (policy->states[i].state == state &&
		    match_holds(&policy->states[i].match, signature & FW_CONTROL))
			return &policy->states[i];
	return NULL;
}

enum fw_action policy_state_action(const struct policy *policy, enum fw_state state,
				   unsigned int signature)
{
	const struct state_line *line = policy_state_line(policy, state, signature);

	return line ? line->action : FW_PASS;
}

void policy_compile_states(const struct policy *policy, bool observe, __u8 action[FW_STATE_SLOTS])
{
	memset(action, FW_PASS, FW_STATE_SLOTS);
	for (unsigned int state = 0; state < FW_STATE_COUNT; state++) {
		for (unsigned int control = 0; control < FW_STATE_FLAGS; control++) {
			enum fw_action verdict =
				policy_state_action(policy, (enum fw_state)state, control);

			if (observe && verdict == FW_DROP)
				verdict = FW_COUNT;
			action[FW_STATE_SLOT(state, control)] = (__u8)verdict;
		}
	}
}

/*
 * What correct senders send, and need an answer to, by state. "No connection works
 * without" makes a hazard, all else a cost.
 */
static const struct {
	enum fw_state state;
	struct match match;
	bool vital;
	const char *cost;
} costs[] = {
	{ FW_STATE_LISTEN, { FW_SYN, FW_FIN | FW_RST | FW_ACK }, true, "nobody can connect" },
	{ FW_STATE_SYN_SENT, { FW_SYN, FW_FIN | FW_RST }, true, "this host cannot connect" },
	{ FW_STATE_SYN_SENT,
	  { FW_RST | FW_ACK, FW_SYN | FW_FIN },
	  true,
	  "this host is not told of refused connections" },
	{ FW_STATE_TIME_WAIT,
	  { FW_ACK, FW_SYN | FW_RST },
	  true,
	  "connections that this host closed first lose their last data" },
	{ FW_STATE_TIME_WAIT,
	  { FW_SYN, FW_FIN | FW_RST | FW_ACK },
	  true,
	  "ports cannot be used again for a minute (RFC 6191)" },
	{ FW_STATE_OTHER, { FW_ACK, 0 }, true, "no connection works" },
	{ FW_STATE_OTHER, { FW_SYN, FW_FIN | FW_RST }, true, "lost handshakes are not repeated" },
	{ FW_STATE_OTHER, { FW_RST, FW_FIN | FW_SYN }, true, "connections are not reset" },
	{ FW_STATE_NONE,
	  { FW_SYN, FW_FIN | FW_RST | FW_ACK },
	  false,
	  "who connects to a closed port waits, instead of being refused" },
	{ FW_STATE_NONE,
	  { FW_ACK, FW_SYN | FW_RST },
	  false,
	  "peers of connections that this host has forgotten are not reset, and hang "
	  "(RFC 9293 section 3.5.1)" },
	{ FW_STATE_LISTEN,
	  { FW_ACK, FW_SYN | FW_RST },
	  false,
	  "peers of connections that this host has forgotten are not reset, and hang "
	  "(RFC 9293 section 3.5.1)" },
	{ FW_STATE_SYN_SENT,
	  { FW_ACK, FW_SYN | FW_RST },
	  false,
	  "a peer that still knows the last connection of these ports is not reset, and this host "
	  "cannot connect until it forgets it (RFC 9293 section 3.5.1)" },
};

#define COSTS (sizeof(costs) / sizeof(costs[0]))

/* Does @policy drop any segment of the row @index? */
static bool drops(const struct policy *policy, size_t index)
{
	for (unsigned int control = 0; control < FW_STATE_FLAGS; control++)
		if (match_holds(&costs[index].match, control) && policy_is_legal(control) &&
		    policy_state_action(policy, costs[index].state, control) == FW_DROP)
			return true;
	return false;
}

bool policy_state_vital(const struct policy *policy, enum fw_state state)
{
	for (size_t i = 0; i < COSTS; i++)
		if (costs[i].state == state && costs[i].vital && drops(policy, i))
			return true;
	return false;
}

const char *policy_state_cost(const struct policy *policy, size_t *index, enum fw_state *state)
{
	for (; *index < COSTS; (*index)++) {
		if (!drops(policy, *index))
			continue;
		*state = costs[*index].state;
		return costs[(*index)++].cost;
	}
	return NULL;
}

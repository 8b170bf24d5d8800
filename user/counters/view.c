// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "view.h"

#include "count.h"
#include "reason.h"
#include "state_name.h"

static const char *action_text(enum fw_action action, bool observe)
{
	return policy_action_name(observe && action == FW_DROP ? FW_COUNT : action);
}

const char *view_action(const struct view_row *row)
{
	const char *drop = policy_action_name(FW_DROP);

	return row->by_policy == drop && row->action != drop ? "(drop)" : row->action;
}

struct fw_count view_total(const struct fw_count counts[FW_OUTCOMES])
{
	struct fw_count sum = {};

	for (unsigned int outcome = 0; outcome < FW_OUTCOMES; outcome++)
		count_add(&sum, &counts[outcome]);
	return sum;
}

size_t view_patterns(const struct policy *policy, bool observe,
		     const struct fw_count counts[FW_OUTCOMES], struct view_row *rows)
{
	for (size_t i = 0; i < policy->pattern_count; i++)
		rows[i] = (struct view_row){
			.name = policy->patterns[i].name,
			.action = action_text(policy->patterns[i].action, observe),
			.by_policy = policy_action_name(policy->patterns[i].action),
		};
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		count_add(&rows[policy_pattern(policy, signature) - policy->patterns].count,
			  &counts[signature]);
	return policy->pattern_count;
}

size_t view_reasons(const struct policy *policy, bool observe,
		    const struct fw_count counts[FW_OUTCOMES], struct view_row *rows)
{
	for (unsigned int reason = 0; reason < FW_REASON_COUNT; reason++)
		rows[reason] = (struct view_row){
			.name = reason_texts[reason].name,
			.action = action_text(policy->reasons[reason], observe),
			.by_policy = policy_action_name(policy->reasons[reason]),
			.count = counts[FW_REASON_BASE + reason],
		};
	return FW_REASON_COUNT;
}

size_t view_flags(const struct policy *policy, bool observe, const struct match *match,
		  const struct fw_count counts[FW_OUTCOMES], struct view_row *rows)
{
	size_t used = 0;

	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++) {
		const struct pattern *pattern;

		if (!counts[signature].packets || !match_holds(match, signature))
			continue;
		pattern = policy_pattern(policy, signature);
		rows[used++] = (struct view_row){
			.name = pattern->name,
			.action = action_text(pattern->action, observe),
			.by_policy = policy_action_name(pattern->action),
			.signature = signature,
			.count = counts[signature],
		};
	}
	return used;
}

size_t view_states(const struct policy *policy, bool observe,
		   const struct fw_count counts[FW_STATE_SLOTS], struct view_row *rows)
{
	size_t used = 0;

	for (unsigned int slot = 0; slot < FW_STATE_USED; slot++) {
		const enum fw_state state = slot / FW_STATE_FLAGS;
		enum fw_action action;

		if (!counts[slot].packets)
			continue;
		action = policy_state_action(policy, state, slot);
		rows[used++] = (struct view_row){
			.name = state_texts[state].name,
			.action = action_text(action, observe),
			.by_policy = policy_action_name(action),
			.signature = slot % FW_STATE_FLAGS,
			.state = state,
			.count = counts[slot],
		};
	}
	return used;
}

struct fw_count view_states_total(const struct fw_count counts[FW_STATE_SLOTS])
{
	struct fw_count sum = {};

	for (unsigned int slot = 0; slot < FW_STATE_USED; slot++)
		count_add(&sum, &counts[slot]);
	return sum;
}

struct fw_count view_match(const struct match *match, const struct fw_count counts[FW_OUTCOMES])
{
	struct fw_count sum = {};

	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		if (match_holds(match, signature))
			count_add(&sum, &counts[signature]);
	return sum;
}

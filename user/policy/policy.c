// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a policy answers, once it is read. */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flags.h"
#include "reason.h"
#include "state_name.h"

static const char *const action_names[] = {
	[FW_PASS] = "pass",
	[FW_COUNT] = "count",
	[FW_DROP] = "drop",
};

const char *policy_action_name(enum fw_action action)
{
	return action_names[action];
}

void policy_release(struct policy *policy)
{
	free(policy->patterns);
	free(policy->text);
	free(policy->exceptions);
	free(policy->states);
	*policy = (struct policy){};
}

const struct pattern *policy_pattern(const struct policy *policy, unsigned int signature)
{
	for (size_t i = 0; i < policy->pattern_count; i++)
		if (match_holds(&policy->patterns[i].match, signature))
			return &policy->patterns[i];
	return NULL;
}

void policy_compile(const struct policy *policy, bool observe, __u8 action[FW_ACTION_SLOTS])
{
	memset(action, FW_PASS, FW_ACTION_SLOTS);
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		action[signature] = (__u8)policy_pattern(policy, signature)->action;
	for (unsigned int reason = 0; reason < FW_REASON_COUNT; reason++)
		action[FW_REASON_BASE + reason] = (__u8)policy->reasons[reason];
	if (!observe)
		return;
	for (unsigned int outcome = 0; outcome < FW_OUTCOMES; outcome++)
		if (action[outcome] == FW_DROP)
			action[outcome] = FW_COUNT;
}

void policy_classes(const struct policy *policy, __u8 class[FW_ACTION_SLOTS])
{
	memset(class, 0, FW_ACTION_SLOTS);
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		class[signature] = (__u8)(policy_pattern(policy, signature) - policy->patterns);
	for (unsigned int reason = 0; reason < FW_REASON_COUNT; reason++)
		class[FW_REASON_BASE + reason] = (__u8)(FW_CLASS_REASONS + reason);
}

/* S; SA SPA; A PA AU PAU; FA FPA FAU FPAU; R RA RPA. */
bool policy_is_legal(unsigned int signature)
{
	static const struct match legal[] = {
		{ FW_SYN, FW_CONTROL & ~FW_SYN },
		{ FW_SYN | FW_ACK, FW_FIN | FW_RST | FW_URG },
		{ FW_ACK, FW_SYN | FW_RST },
		{ FW_RST, FW_CONTROL & ~FW_RST },
		{ FW_RST | FW_ACK, FW_SYN | FW_FIN | FW_URG },
	};

	for (size_t i = 0; i < sizeof(legal) / sizeof(legal[0]); i++)
		if (match_holds(&legal[i], signature))
			return true;
	return false;
}

static void list(char *text, size_t size, size_t *used, const char *name)
{
	int wrote;

	if (*used >= size)
		return;
	wrote = snprintf(text + *used, size - *used, "%s%s", *used ? "; " : "", name);
	*used += (size_t)wrote;
}

/* Does @policy drop any segment with these control bits? */
static bool drops(const struct policy *policy, unsigned int control)
{
	for (unsigned int others = 0; others < FW_SIGNATURES; others += FW_CONTROL + 1)
		if (policy_pattern(policy, control | others)->action == FW_DROP)
			return true;
	return false;
}

size_t policy_hazards(const struct policy *policy, char *text, size_t size)
{
	static const unsigned int vital[] = { FW_REASON_NOT_IP, FW_REASON_NOT_TCP };
	size_t count = 0, used = 0;
	char flags[FLAGS_TEXT];

	text[0] = '\0';
	for (unsigned int control = 0; control <= FW_CONTROL; control++) {
		if (!policy_is_legal(control) || !drops(policy, control))
			continue;
		list(text, size, &used, flags_print(control, flags));
		count++;
	}
	for (size_t i = 0; i < sizeof(vital) / sizeof(vital[0]); i++) {
		unsigned int reason = vital[i] - FW_REASON_BASE;

		if (policy->reasons[reason] != FW_DROP)
			continue;
		list(text, size, &used, reason_texts[reason].name);
		count++;
	}
	for (unsigned int state = 0; state < FW_STATE_COUNT; state++) {
		char name[32];

		if (!policy_state_vital(policy, (enum fw_state)state))
			continue;
		snprintf(name, sizeof(name), "state %s", state_texts[state].name);
		list(text, size, &used, name);
		count++;
	}
	return count;
}

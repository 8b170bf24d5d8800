// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "selection.h"

#include <stdio.h>
#include <string.h>

#include "flags.h"
#include "report.h"

/* The pattern or reason called @text, as exceptions know it; -1: none. */
static int find_class(const struct policy *policy, const char *text)
{
	for (unsigned int class = 0; class < FW_CLASSES; class ++) {
		const char *name = policy_class_name(policy, class);

		if (name && !strcmp(name, text))
			return (int)class;
	}
	return -1;
}

static int take_class(const struct policy *policy, unsigned int class, struct selection *selection)
{
	__u8 classes[FW_ACTION_SLOTS];
	bool any = false;

	policy_classes(policy, classes);
	for (unsigned int outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		bool holds = classes[outcome] == class;

		selection->action[outcome] = holds ? FW_DROP : FW_PASS;
		any |= holds;
	}
	if (!any)
		return fail(FW_EUSAGE,
			    "--match: pattern %s of policy %s holds nothing: those before it do",
			    policy_class_name(policy, class), policy->name);
	snprintf(selection->name, sizeof(selection->name), "pattern-%s",
		 policy_class_name(policy, class));
	selection->excepts = true;
	return 0;
}

static void take_match(const struct match *match, struct selection *selection)
{
	size_t used = (size_t)snprintf(selection->name, sizeof(selection->name), "flags");

	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		selection->action[signature] = match_holds(match, signature) ? FW_DROP : FW_PASS;
	for (size_t i = 0; i < FLAGS_NAMES; i++)
		if ((match->set | match->clear) & flag_names[i].bit)
			used += (size_t)snprintf(selection->name + used,
						 sizeof(selection->name) - used, "%c%s",
						 match->set & flag_names[i].bit ? '+' : '-',
						 flag_names[i].lower);
}

int selection_read(const struct policy *policy, const char *text, struct selection *selection)
{
	int class = find_class(policy, text);
	struct text_error error = {};
	struct match match;

	*selection = (struct selection){};
	if (class >= 0)
		return take_class(policy, (unsigned int)class, selection);
	if (match_parse(text, strlen(text), &match, &error))
		return fail(FW_EUSAGE,
			    "--match: policy %s has no pattern of that name, nor is it a match: %s",
			    policy->name, error.message);
	take_match(&match, selection);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "verbs.h"

static const struct verb *const verbs[] = {
	&verb_policy_list, &verb_policy_show,    &verb_policy_check,   &verb_policy_diff,
	&verb_policy_set,  &verb_policy_confirm, &verb_policy_preview, NULL,
};

const struct verb verb_policy = {
	.name = "policy",
	.arguments = "VERB ...",
	.summary = "Policies: list, show, check, compare, try and put them in force",
	.verbs = verbs,
};

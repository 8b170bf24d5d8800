// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "verbs.h"

static const struct verb *const verbs[] = {
	&verb_rule_nft,
	&verb_rule_iptables,
	&verb_rule_counters,
	NULL,
};

const struct verb verb_rule = {
	.name = "rule",
	.arguments = "nft|iptables|counters ...",
	.summary = "A policy in the language of another filter",
	.verbs = verbs,
};

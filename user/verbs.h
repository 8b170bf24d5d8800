/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tool can do: one verb, one file in verbs/. */
#ifndef FLAGWALL_VERBS_H
#define FLAGWALL_VERBS_H

#include "options.h"

extern const struct verb verb_attach;
extern const struct verb verb_detach;
extern const struct verb verb_status;
extern const struct verb verb_counters;
extern const struct verb verb_watch;
extern const struct verb verb_policy;
extern const struct verb verb_explain;
extern const struct verb verb_classify;
extern const struct verb verb_rule;
extern const struct verb verb_doctor;
extern const struct verb verb_events;
extern const struct verb verb_top;

/* Below verb_policy, in verbs/policy/. */
extern const struct verb verb_policy_list;
extern const struct verb verb_policy_show;
extern const struct verb verb_policy_check;
extern const struct verb verb_policy_diff;
extern const struct verb verb_policy_preview;
extern const struct verb verb_policy_set;
extern const struct verb verb_policy_confirm;

/* Below verb_rule, in verbs/rule/. */
extern const struct verb verb_rule_nft;
extern const struct verb verb_rule_iptables;
extern const struct verb verb_rule_counters;

#endif /* FLAGWALL_VERBS_H */

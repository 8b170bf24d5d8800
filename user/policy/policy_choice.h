/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the user wants in force: shared by attach and policy set. */
#ifndef FLAGWALL_POLICY_CHOICE_H
#define FLAGWALL_POLICY_CHOICE_H

#include "filter.h"
#include "options.h"
#include "policy_store.h"

/*
 * policy_choose - load the policy called @name, and refuse one that drops what
 * correct senders send, unless @force.
 *
 * Returns 0 and fills @policy, to be released; or -errno after fail().
 */
int policy_choose(const char *name, bool force, struct policy *policy);

/* policy_verdict - --observe, --enforce or neither. Returns 0 or -FW_EUSAGE after fail(). */
int policy_verdict(const struct invocation *invocation, enum attach_verdict *verdict);

/*
 * policy_confirm - the seconds of --confirm, or 0. Returns 0 or -FW_EUSAGE after
 * fail().
 */
int policy_confirm(const struct invocation *invocation, unsigned int *seconds);

/* policy_not_kept - tell that @name is in force on @device until the next boot, and what to do. */
void policy_not_kept(const struct device *device, const char *name);

#endif /* FLAGWALL_POLICY_CHOICE_H */

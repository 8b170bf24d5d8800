/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The policies that the tool carries inside itself. */
#ifndef FLAGWALL_BUILTIN_H
#define FLAGWALL_BUILTIN_H

#include "policy.h"

/*
 * builtin_policy - the default policy. Returns 0 and fills @policy, to be
 * released by policy_release(); or -errno after fail().
 */
int builtin_policy(struct policy *policy);

#endif /* FLAGWALL_BUILTIN_H */

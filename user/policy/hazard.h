/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Policies that hit correct senders. */
#ifndef FLAGWALL_HAZARD_H
#define FLAGWALL_HAZARD_H

#include "policy.h"

/*
 * hazard_refuse - refuse @policy if it drops what correct senders send. Returns
 * 0, or -EINVAL after fail(), which names it.
 */
int hazard_refuse(const struct policy *policy);

#endif /* FLAGWALL_HAZARD_H */

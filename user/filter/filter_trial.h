/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A policy on trial whose listener comes or goes: nothing else of the trial changes. */
#ifndef FLAGWALL_FILTER_TRIAL_H
#define FLAGWALL_FILTER_TRIAL_H

#include "filter.h"

/*
 * filter_trial_exchange - let both programs of the trial that @filter is on, the one that
 * is tried and its fallback, be replaced by ones that tell or do not, as @request says of
 * a listener. The deadline stays, also one that is past.
 *
 * Returns 0; or -errno after fail(), then nothing has changed.
 */
int filter_trial_exchange(const struct device *device, const struct filter *filter,
			  const struct attach_request *request);

/* filter_trial_tells - was one of the two loaded for a listener? */
bool filter_trial_tells(const struct filter *filter);

#endif /* FLAGWALL_FILTER_TRIAL_H */

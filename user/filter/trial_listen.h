/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A policy on trial whose listener comes or goes: nothing else of the trial changes. */
#ifndef FLAGWALL_TRIAL_LISTEN_H
#define FLAGWALL_TRIAL_LISTEN_H

#include "filter.h"

/*
 * trial_listen_exchange - let both programs of the trial that @filter is on, the one that
 * is tried and its fallback, be replaced by ones that tell or do not, as @request says of
 * a listener. The deadline stays, also one that is past.
 *
 * Returns 0; or -errno after fail(), then nothing has changed.
 */
int trial_listen_exchange(const struct device *device, const struct filter *filter,
			  const struct attach_request *request);

/* trial_listen_tells - was one of the two loaded for a listener? */
bool trial_listen_tells(const struct filter *filter);

#endif /* FLAGWALL_TRIAL_LISTEN_H */

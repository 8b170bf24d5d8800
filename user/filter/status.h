/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What filters there are: what attach and status print. */
#ifndef FLAGWALL_STATUS_H
#define FLAGWALL_STATUS_H

#include <jansson.h>

#include "filter.h"

/*
 * status_print - print the filter of each of @count @devices, or that there
 * is none, as text or JSON. @changed, one for each, or NULL: has the verb that
 * prints it changed something there?
 *
 * Returns 0 or -errno after fail().
 */
int status_print(const struct device *devices, int count, const bool *changed, bool json);

/*
 * status_object - the members of JSON that say what is attached and what is
 * in force: shared by status and counters. The caller owns the result.
 */
json_t *status_object(const struct device *device, const struct filter *filter);

#endif /* FLAGWALL_STATUS_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the words on the command line to interfaces and their filters. */
#ifndef FLAGWALL_TARGET_H
#define FLAGWALL_TARGET_H

#include "filter.h"
#include "options.h"

/*
 * target_device - the interface @name of the current namespace.
 *
 * Returns 0 and fills @device, or -ENODEV after fail(), which knows when an
 * interface of that name is filtered in another namespace.
 */
int target_device(const char *name, const char *where, struct device *device);

/*
 * target_filter - the filter on @device.
 *
 * Returns 0 and fills @filter (which must be FILTER_NONE), or -errno after
 * fail(), -ENOENT if nothing is attached.
 */
int target_filter(const struct device *device, struct filter *filter);

/*
 * target_all - the interfaces of the current namespace that have a filter.
 *
 * Returns how many, with *@devices owned by the caller (free()); or -errno
 * after fail().
 */
int target_all(const char *where, struct device **devices);

/*
 * target_list - what an invocation names: its interfaces, or all that are
 * filtered if it names none. Enters --netns first. Returns as target_all().
 */
int target_list(const struct invocation *invocation, struct device **devices);

#endif /* FLAGWALL_TARGET_H */

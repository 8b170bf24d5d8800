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
 * target_hook - the hook that --hook names; HOOK_XDP if it is not given. Returns
 * -FW_EUSAGE after fail() if there is none of that name.
 */
int target_hook(const struct invocation *invocation);

/*
 * target_named - the interfaces that an invocation names, each with the hook that
 * target_hook() says. Enters --netns first. Returns as target_all().
 */
int target_named(const struct invocation *invocation, struct device **devices);

/*
 * target_filters - what there is on the interface @device, whose hook does not
 * matter: itself once for each hook that has a filter, with that hook. Returns how
 * many, or -errno after fail().
 */
int target_filters(const struct device *device, struct device filtered[HOOK_COUNT]);

/*
 * target_choose - give @device the hook that --hook names; without it the first that
 * has a filter, or XDP. Returns 0 or -errno after fail().
 */
int target_choose(const struct invocation *invocation, struct device *device);

/*
 * target_list - what an invocation is about: the filters of the interfaces it
 * names, or all of the namespace if it names none; with --hook those of that hook.
 * An interface without any is there once, with the hook asked for; one that is named
 * twice is there as if it were named once. Enters --netns first. Returns as target_all().
 */
int target_list(const struct invocation *invocation, struct device **devices);

/* target_none - -ENOENT after fail(): it is about nothing. */
int target_none(void);

#endif /* FLAGWALL_TARGET_H */

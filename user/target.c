// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "netns.h"
#include "report.h"

#define HINT (2 * NETNS_NAME + 128)

/*
 * Where else an interface called @name is filtered: "; in namespace ... it
 * is: add --netns ...", or nothing.
 */
static const char *elsewhere(const char *name, char hint[HINT])
{
	_cleanup_free_ struct pins_key *keys = NULL;
	ino_t here = netns_inode();
	int count = pins_list(&keys);

	hint[0] = '\0';
	for (int i = 0; i < count; i++) {
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;
		char netns[NETNS_NAME];

		if (keys[i].netns == here || filter_open(&keys[i], &filter) || !filter.ifindex ||
		    strncmp(filter.state.interface, name, sizeof(filter.state.interface)) != 0)
			continue;
		if (netns_name(keys[i].netns, netns))
			snprintf(hint, HINT,
				 "; one of that name is filtered in network namespace '%s': add --netns %s",
				 netns, netns);
		else
			snprintf(hint, HINT,
				 "; one of that name is filtered in another network namespace (inode %llu): add --netns PID",
				 (unsigned long long)keys[i].netns);
		break;
	}
	return hint;
}

/* Under `ip netns exec` nobody sees a filter that is there. */
static const char *hidden(void)
{
	return pins_hidden() ? " (no BPF file system is visible at " PINS_MOUNT
			       "; under 'ip netns exec' use --netns NAME instead)" :
			       "";
}

int target_device(const char *name, const char *where, struct device *device)
{
	char hint[HINT];

	if (!device_find(name, where, device))
		return 0;
	return fail(ENODEV, "no interface '%s' in %s: 'ip link' lists those there are%s", name,
		    where ? where : "this network namespace", elsewhere(name, hint));
}

int target_filter(const struct device *device, struct filter *filter)
{
	char hint[HINT];
	int err = filter_find(device, filter);

	if (err == -ENOENT)
		return fail(ENOENT, "nothing is attached to %s: 'flagwall attach %s' does that%s%s",
			    device->name, device->name, elsewhere(device->name, hint), hidden());
	return err;
}

int target_all(const char *where, struct device **devices)
{
	_cleanup_free_ struct device *list = NULL;
	_cleanup_free_ struct pins_key *keys = NULL;
	ino_t here = netns_inode();
	int count = pins_list(&keys);
	int used = 0;

	if (count == -ENOENT)
		count = 0;
	if (count < 0)
		return count == -EPERM ?
			       count :
			       fail(-count, "cannot read " PINS_ROOT ": %s", strerror(-count));
	list = calloc((size_t)count + 1, sizeof(*list));
	if (!list)
		return fail(ENOMEM, "no memory for %d interfaces", count);
	for (int i = 0; i < count; i++) {
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;
		struct device *device = &list[used];
		int err;

		if (keys[i].netns != here)
			continue;
		err = filter_open(&keys[i], &filter);
		if (err == -ENOENT)
			continue;
		if (err)
			return err;
		*device =
			(struct device){ .ifindex = keys[i].ifindex, .netns = here, .where = where };
		if (filter.ifindex && if_indextoname(filter.ifindex, device->name))
			used++;
	}
	*devices = take_ptr(list);
	return used;
}

int target_list(const struct invocation *invocation, struct device **devices)
{
	_cleanup_free_ struct device *list = NULL;
	const char *where = invocation->value[OPTION_NETNS];
	int err = netns_enter(where);

	if (err)
		return err;
	if (!invocation->argc)
		return target_all(where, devices);
	list = calloc((size_t)invocation->argc, sizeof(*list));
	if (!list)
		return fail(ENOMEM, "no memory for %d interfaces", invocation->argc);
	for (int i = 0; i < invocation->argc; i++) {
		err = target_device(invocation->argv[i], where, &list[i]);
		if (err)
			return err;
	}
	*devices = take_ptr(list);
	return invocation->argc;
}

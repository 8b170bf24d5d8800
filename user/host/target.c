// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "kernel.h"
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
	char message[REPORT_TEXT], *before = report_keep(message); /* a hint, or none */
	ino_t here = netns_inode();
	int count = pins_list(&keys);

	report_keep(before);
	hint[0] = '\0';
	for (int i = 0; i < count; i++) {
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;
		char netns[NETNS_NAME];

		if (keys[i].netns == here || filter_try(&keys[i], &filter) || !filter.ifindex ||
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

int target_device(const char *name, const char *where, struct device *device)
{
	int err = device_find(name, where, device);
	char hint[HINT];

	if (!err)
		return 0;
	if (err != -ENODEV)
		return kernel_refused(-err, "cannot ask for interface '%s'", name);
	if (strlen(name) >= IF_NAMESIZE)
		return fail(
			ENODEV,
			"no interface '%s': names have at most %d bytes; of one with a longer alternative "
			"name give the other",
			name, IF_NAMESIZE - 1);
	return fail(ENODEV, "no interface '%s' in %s: 'ip link' lists those there are%s", name,
		    where ? where : "this network namespace", elsewhere(name, hint));
}

int target_filter(const struct device *device, struct filter *filter)
{
	char hint[HINT], words[DEVICE_WORDS];
	int err = filter_find(device, filter);

	if (err == -ENOENT)
		return fail(ENOENT, "nothing is attached to %s%s: 'flagwall attach %s' does that%s",
			    device->label, hook_at(device->hook), device_words(device, words),
			    elsewhere(device->label, hint));
	return err;
}

int target_all(const char *where, struct device **devices)
{
	_cleanup_free_ struct device *list = NULL;
	_cleanup_free_ struct pins_key *keys = NULL;
	int count = pins_list(&keys);
	int used = 0;

	if (count < 0 && count != -ENOENT)
		return count;
	list = calloc((size_t)(count > 0 ? count : 1), sizeof(*list));
	if (!list)
		return fail(ENOMEM, "no memory for %d interfaces", count);
	for (int i = 0; i < count; i++) {
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;
		int err = filter_try(&keys[i], &filter), on;

		if (err && err != -ENOENT && err != -EPROTO)
			return kernel_refused(-err, "cannot open the pins of ifindex %u",
					      keys[i].ifindex);
		on = filter_is_on(&filter, filter.ifindex);
		if (on < 0)
			return kernel_refused(-on, "cannot tell what is attached to ifindex %u",
					      keys[i].ifindex);
		if (on && !device_by_index(filter.ifindex, where, &list[used]))
			list[used++].hook = keys[i].hook;
	}
	*devices = take_ptr(list);
	return used;
}

int target_hook(const struct invocation *invocation)
{
	return invocation->given[OPTION_HOOK] ?
		       options_choice("hook", invocation->value[OPTION_HOOK], hook_names) :
		       HOOK_XDP;
}

int target_named(const struct invocation *invocation, struct device **devices)
{
	_cleanup_free_ struct device *list = NULL;
	const char *where = invocation->value[OPTION_NETNS];
	int hook = target_hook(invocation), err;

	if (hook < 0)
		return hook;
	err = netns_enter(where);
	if (err)
		return err;
	list = calloc((size_t)invocation->argc + 1, sizeof(*list));
	if (!list)
		return fail(ENOMEM, "no memory for %d interfaces", invocation->argc);
	for (int i = 0; i < invocation->argc; i++) {
		err = target_device(invocation->argv[i], where, &list[i]);
		if (err)
			return err;
		list[i].hook = (enum hook)hook;
	}
	*devices = take_ptr(list);
	return invocation->argc;
}

int target_filters(const struct device *device, struct device filtered[HOOK_COUNT])
{
	int count = 0;

	for (enum hook hook = 0; hook < HOOK_COUNT; hook++) {
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;
		int readable, err;

		filtered[count] = *device;
		filtered[count].hook = hook;
		err = filter_locate(&filtered[count], &filter, &readable);
		if (err && err != -ENOENT)
			return err;
		count += !err;
	}
	return count;
}

int target_choose(const struct invocation *invocation, struct device *device)
{
	struct device filtered[HOOK_COUNT];
	int hook = target_hook(invocation), count;

	if (hook < 0)
		return hook;
	device->hook = (enum hook)hook;
	if (invocation->given[OPTION_HOOK])
		return 0;
	count = target_filters(device, filtered);
	if (count > 0)
		*device = filtered[0];
	return count < 0 ? count : 0;
}

/* The filters of each of the @count interfaces in @named, which stay the caller's. */
static int expand(const struct device *named, int count, struct device **devices)
{
	_cleanup_free_ struct device *list = calloc((size_t)count * HOOK_COUNT + 1, sizeof(*list));
	int used = 0;

	if (!list)
		return fail(ENOMEM, "no memory for %d interfaces", count);
	for (int i = 0; named && i < count; i++) {
		struct device filtered[HOOK_COUNT];
		int found = target_filters(&named[i], filtered);

		if (found < 0)
			return found;
		if (!found)
			list[used++] = named[i];
		for (int k = 0; k < found; k++)
			list[used++] = filtered[k];
	}
	*devices = take_ptr(list);
	return used;
}

/* Of the @count filters in @list those at @hook, at the front. Returns how many. */
static int keep_hook(struct device *list, int count, enum hook hook)
{
	int kept = 0;

	for (int i = 0; i < count; i++)
		if (list[i].hook == hook)
			list[kept++] = list[i];
	return kept;
}

/* Of the @count filters in @list each one once, at the front. Returns how many. */
static int keep_once(struct device *list, int count)
{
	int kept = 0;

	for (int i = 0; i < count; i++) {
		int k = 0;

		while (k < kept &&
		       (list[k].ifindex != list[i].ifindex || list[k].hook != list[i].hook))
			k++;
		if (k == kept)
			list[kept++] = list[i];
	}
	return kept;
}

int target_list(const struct invocation *invocation, struct device **devices)
{
	_cleanup_free_ struct device *named = NULL;
	int count = target_named(invocation, &named);

	if (count < 0)
		return count;
	if (named)
		count = keep_once(named, count);
	if (!count) {
		count = target_all(invocation->value[OPTION_NETNS], devices);
		if (count > 0 && invocation->given[OPTION_HOOK])
			count = keep_hook(*devices, count, (enum hook)target_hook(invocation));
		return count;
	}
	if (!invocation->given[OPTION_HOOK])
		return expand(named, count, devices);
	*devices = take_ptr(named);
	return count;
}

int target_none(void)
{
	return fail(
		ENOENT,
		"nothing is attached in this network namespace: 'flagwall attach IFACE' does that");
}

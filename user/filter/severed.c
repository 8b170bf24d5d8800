// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "severed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "filter.h"
#include "link.h"
#include "netns.h"
#include "report.h"
#include "text.h"

static void describe(const struct filter *filter, struct severed *severed)
{
	struct device device;

	*severed = (struct severed){ .ifindex = filter->key.ifindex,
				     .hook = filter->key.hook,
				     .attached_since = filter->state.attached_since };
	snprintf(severed->interface, sizeof(severed->interface), "%.*s",
		 (int)sizeof(filter->state.interface), filter->state.interface);
	text_printable(severed->interface);
	severed->there = !device_by_index(filter->key.ifindex, NULL, &device) &&
			 !strcmp(device.label, severed->interface);
}

int severed_list(struct severed **list)
{
	_cleanup_free_ struct severed *found = NULL;
	_cleanup_free_ struct pins_key *keys = NULL;
	ino_t here = netns_inode();
	int count, used = 0;

	*list = NULL;
	/* Whoever may not look has been told so by then, or does not need it. */
	if (pins_look() != PINS_READY && pins_look() != PINS_READONLY)
		return 0;
	count = pins_list(&keys);
	if (count <= 0)
		return 0;
	found = calloc((size_t)count, sizeof(*found));
	if (!found)
		return fail(ENOMEM, "no memory for %d filters", count);
	for (int i = 0; i < count; i++) {
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;

		filter_try(&keys[i], &filter);
		if (keys[i].netns == here && filter.link >= 0 && link_severed(&keys[i], filter.link))
			describe(&filter, &found[used++]);
	}
	*list = take_ptr(found);
	return used;
}

const struct severed *severed_of(const struct severed *list, int count, const char *name,
				 enum hook hook)
{
	for (int i = 0; i < count; i++)
		if (list[i].hook == hook && !strcmp(list[i].interface, name))
			return &list[i];
	return NULL;
}

void severed_text(const struct severed *list, int count)
{
	for (int i = 0; i < count; i++) {
		char since[JSON_TIME];

		time_print(list[i].attached_since, since);
		if (list[i].there)
			printf("%s: its filter of %s at %s was detached by somebody else, and filters nothing: the next "
			       "attach or detach clears it away\n",
			       list[i].interface, since, hook_names[list[i].hook]);
		else
			printf("%s: gone (it was number %u), and its filter of %s at %s with it: the link is severed; the "
			       "next attach or detach clears it away\n",
			       list[i].interface[0] ? list[i].interface : "an interface",
			       list[i].ifindex, since, hook_names[list[i].hook]);
	}
}

json_t *severed_json(const struct severed *list, int count)
{
	json_t *array = json_array();

	for (int i = 0; i < count; i++) {
		const struct json_member members[] = {
			{ "interface", json_text(list[i].interface[0] ? list[i].interface : NULL) },
			{ "ifindex", json_integer(list[i].ifindex) },
			{ "hook", json_string(hook_names[list[i].hook]) },
			{ "detached_by_others", json_boolean(list[i].there) },
			{ "attached_since", json_time(list[i].attached_since) },
			{},
		};

		if (json_array_append_new(array, json_members(json_object(), members))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

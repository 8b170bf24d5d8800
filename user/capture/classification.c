// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "classification.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "text.h"
#include "view_print.h"

void classification_release(struct classification *classification)
{
	free(classification->not_judged);
	classification->not_judged = NULL;
}

int classification_add_not_judged(struct classification *classification, __u32 link_type,
				  const struct capture_packet *packet)
{
	struct not_judged *slots = classification->not_judged;

	if (!slots) {
		slots = calloc(LINK_TYPES, sizeof(*slots));
		if (!slots)
			return -ENOMEM;
		classification->not_judged = slots;
	}
	classification->not_judged_packets++;
	slots[link_type % LINK_TYPES].packets++;
	slots[link_type % LINK_TYPES].bytes += packet->length;
	return 0;
}

static struct view view_of(const struct classification *classification)
{
	return (struct view){ .policy = classification->policy, .counts = classification->counts };
}

static void not_judged_text(const struct classification *classification)
{
	for (unsigned int type = 0; classification->not_judged && type < LINK_TYPES; type++) {
		const struct not_judged *slot = &classification->not_judged[type];

		if (slot->packets)
			printf("not judged, because link type %u is not followed: %llu (%llu bytes)\n",
			       type, (unsigned long long)slot->packets,
			       (unsigned long long)slot->bytes);
	}
}

void classification_text(const struct classification *classification, const struct query *query)
{
	const struct view view = view_of(classification);
	_cleanup_free_ char *name = strdup(classification->file);
	char first[JSON_TIME], latest[JSON_TIME];

	printf("%s: policy %s", name ? text_printable(name) : "", classification->policy->name);
	if (classification->latest)
		printf(", from %s to %s", time_print(classification->first, first),
		       time_print(classification->latest, latest));
	putchar('\n');
	view_text(&view, query);
	not_judged_text(classification);
	if (classification->cut)
		printf("truncated by whoever recorded them, not by their sender: %llu\n",
		       (unsigned long long)classification->cut);
}

static json_t *not_judged_json(const struct classification *classification)
{
	json_t *array = json_array();

	for (unsigned int type = 0; classification->not_judged && type < LINK_TYPES; type++) {
		const struct not_judged *slot = &classification->not_judged[type];

		if (!slot->packets)
			continue;
		const struct json_member members[] = {
			{ "link_type", json_integer(type) },
			{ "packets", json_integer((json_int_t)slot->packets) },
			{ "bytes", json_integer((json_int_t)slot->bytes) },
			{},
		};
		json_array_append_new(array, json_members(json_object(), members));
	}
	return array;
}

static json_t *damage_json(const struct capture *capture)
{
	if (!*capture->damage)
		return json_null();
	const struct json_member members[] = {
		{ "offset", json_integer((json_int_t)capture->damage_offset) },
		{ "after_packet", json_integer((json_int_t)capture->packets) },
		{ "message", json_string(capture->damage) },
		{},
	};

	return json_members(json_object(), members);
}

json_t *classification_json(const struct classification *classification,
			    const struct capture *capture, const struct query *query)
{
	const struct view view = view_of(classification);
	const struct policy *policy = classification->policy;
	json_t *inspect = json_array(), *object;
	const struct json_member head[] = {
		{ "file", json_text(classification->file) },
		{ "format", json_string(capture->blocks ? "pcapng" : "pcap") },
		{ "damage", damage_json(capture) },
		{ "policy", json_text(policy->name) },
		{ "policy_sha256", json_hash(policy->sha256) },
		{ "observe", json_false() },
		{ "inspect", inspect },
		{ "exceptions", json_integer((json_int_t)policy->exception_count) },
		{ "first_packet", json_time(classification->first) },
		{ "latest_packet", json_time(classification->latest) },
		{ "not_judged", not_judged_json(classification) },
		{ "cut", json_integer((json_int_t)classification->cut) },
		{},
	};

	if (policy->tunnels)
		json_array_append_new(inspect, json_string("tunnels"));
	object = view_json(json_members(json_object(), head), &view);
	return view_json_rows(object, &view, query);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "kernel.h"
#include "reading.h"
#include "report.h"
#include "target.h"
#include "verbs.h"

/* In the order of enum reading_by. */
static const char *const views[] = { "pattern", "flags", "reason", NULL };

static int read_query(const struct invocation *invocation, struct reading_query *query)
{
	const char *match = invocation->value[OPTION_MATCH];
	struct text_error error = {};
	int by = BY_PATTERN;

	*query = (struct reading_query){ .samples = invocation->given[OPTION_SAMPLES] };
	if (invocation->given[OPTION_BY]) {
		by = options_choice("by", invocation->value[OPTION_BY], views);
		if (by < 0)
			return by;
		query->by = (enum reading_by)by;
	}
	if (match && invocation->given[OPTION_BY])
		return fail(FW_EUSAGE,
			    "counters: --match lists flags, whatever --by says: give one of them");
	if (match) {
		if (match_parse(match, strlen(match), &query->match, &error))
			return fail(FW_EUSAGE, "--match: %s", error.message);
		query->match_given = true;
		query->match_text = match;
	}
	return 0;
}

static int print_text(const struct device *devices, int count, const struct reading_query *query)
{
	for (int i = 0; i < count; i++) {
		_cleanup_(reading_release) struct reading reading = { .filter = FILTER_NONE };
		int err = reading_take(&devices[i], query->samples, &reading);

		if (err)
			return err;
		if (i)
			putchar('\n');
		reading_text(&reading, query);
	}
	return 0;
}

static int read_json(const struct device *device, const struct reading_query *query, json_t **object)
{
	_cleanup_(reading_release) struct reading reading = { .filter = FILTER_NONE };
	int err = reading_take(device, query->samples, &reading);

	if (err)
		return err;
	*object = reading_json(&reading, query);
	return *object ? 0 : fail(ENOMEM, "no memory for the JSON document");
}

/* One interface by name gives its object; anything else an array of them. */
static int print_json(const struct device *devices, int count, bool single,
		      const struct reading_query *query)
{
	json_t *root = json_document(), *array = json_array(), *object;
	int err = 0;

	for (int i = 0; i < count && !err; i++) {
		err = read_json(&devices[i], query, &object);
		if (err)
			break;
		if (single)
			json_object_update_new(root, object);
		else
			json_array_append_new(array, object);
	}
	if (!single)
		json_object_set(root, "interfaces", array);
	json_decref(array);
	if (!err)
		return json_emit(root);
	json_decref(root);
	return err;
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct device *devices = NULL;
	struct reading_query query;
	int count, err;

	err = read_query(invocation, &query);
	if (err)
		return err;
	kernel_listen();
	count = target_list(invocation, &devices);
	if (count < 0)
		return count;
	if (!count)
		return fail(
			ENOENT,
			"nothing is attached in this network namespace: 'flagwall attach IFACE' does that");
	if (invocation->given[OPTION_JSON])
		return print_json(devices, count, invocation->argc == 1, &query);
	return print_text(devices, count, &query);
}

const struct verb verb_counters = {
	.name = "counters",
	.arguments = "[IFACE...]",
	.summary = "How many packets of each pattern arrived, and how many were dropped",
	.details =
		"Every packet is in exactly one line, so that the lines add up to all packets.\n"
		"--match asks across patterns: 'fin,!ack' is everything with FIN and without ACK.\n"
		"Without an interface: all that are filtered in the network namespace.\n",
	.options = OPTION_SET(OPTION_BY) | OPTION_SET(OPTION_MATCH) | OPTION_SET(OPTION_SAMPLES) |
		   OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "kernel.h"
#include "reading.h"
#include "report.h"
#include "snapshot.h"
#include "target.h"
#include "verbs.h"

/* What to do with the readings. */
struct request {
	struct query query;
	bool json;
	const char *save;  /* or NULL */
	const char *since; /* or NULL */
};

/* A snapshot is a file: there is nothing to replace in a pipe. */
static int check_file(const char *option, const char *path)
{
	if (path && (!*path || !strcmp(path, "-")))
		return fail(FW_EUSAGE, "--%s: '%s' is no file's name", option, path);
	return 0;
}

static int read_request(const struct invocation *invocation, struct request *request)
{
	int err = query_read(invocation, &request->query);

	if (err)
		return err;
	request->json = invocation->given[OPTION_JSON];
	request->save = invocation->value[OPTION_SAVE];
	request->since = invocation->value[OPTION_SINCE];
	if ((err = check_file("save", request->save)) || (err = check_file("since", request->since)))
		return err;
	if ((request->save || request->since) && invocation->argc != 1)
		return fail(
			FW_EUSAGE,
			"counters: a snapshot is of one interface: --save and --since need one IFACE");
	return 0;
}

static int print_text(const struct device *devices, int count, const struct request *request)
{
	for (int i = 0; i < count; i++) {
		_cleanup_(reading_release) struct reading reading = { .filter = FILTER_NONE };
		int err = reading_take(&devices[i], request->query.samples, &reading);

		if (err)
			return err;
		if (i)
			putchar('\n');
		reading_text(&reading, &request->query);
	}
	return 0;
}

static int add_object(json_t *array, const struct device *device, const struct request *request)
{
	_cleanup_(reading_release) struct reading reading = { .filter = FILTER_NONE };
	int err = reading_take(device, request->query.samples, &reading);

	if (err)
		return err;
	if (json_array_append_new(array, reading_json(&reading, &request->query)))
		return fail(ENOMEM, "no memory for the JSON document");
	return 0;
}

static int print_array(const struct device *devices, int count, const struct request *request)
{
	json_t *root = json_document(), *array = json_array();
	int err = 0;

	if (json_object_set_new(root, "interfaces", array))
		err = fail(ENOMEM, "no memory for the JSON document");
	for (int i = 0; i < count && !err; i++)
		err = add_object(array, &devices[i], request);
	if (!err)
		return json_emit(root);
	json_decref(root);
	return err;
}

static int print_object(const struct reading *reading, const struct query *query)
{
	json_t *root = json_document();

	if (!json_object_update_new(root, reading_json(reading, query)))
		return json_emit(root);
	json_decref(root);
	return fail(ENOMEM, "no memory for the JSON document");
}

/*
 * The new snapshot is saved once the reading has arrived where it was printed
 * to: nothing that lies between two snapshots is lost.
 */
static int print_one(const struct device *device, const struct request *request)
{
	_cleanup_(reading_release) struct reading reading = { .filter = FILTER_NONE };
	int err = reading_take(device, request->query.samples, &reading);

	if (err)
		return err;
	if (request->since && (err = snapshot_since(request->since, &reading)))
		return err;
	if (request->json) {
		err = print_object(&reading, &request->query);
		if (err)
			return err;
	} else {
		reading_text(&reading, &request->query);
	}
	if (!request->save)
		return 0;
	if (fflush(stdout) || ferror(stdout))
		return fail(EIO, "cannot write to standard output: %s: '%s' is not saved",
			    strerror(errno), request->save);
	return snapshot_save(&reading, request->save);
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct device *devices = NULL;
	struct request request;
	int count, err;

	err = read_request(invocation, &request);
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
	if ((request.save || request.since) && count > 1)
		return fail(
			FW_EUSAGE,
			"counters: a snapshot is of one hook, and %s has filters at %d: say --hook",
			devices[0].label, count);
	/* One by its name gives its object; anything else an array of them. */
	if (invocation->argc == 1 && count == 1)
		return print_one(devices, &request);
	return request.json ? print_array(devices, count, &request) :
			      print_text(devices, count, &request);
}

const struct verb verb_counters = {
	.name = "counters",
	.arguments = "[IFACE...]",
	.summary = "How many packets of each pattern arrived, and how many were dropped",
	.details =
		"Every packet is in exactly one line, so that the lines add up to all packets.\n"
		"--match asks across patterns: 'fin,!ack' is everything with FIN and without ACK.\n"
		"Without an interface: all that are filtered in the network namespace. Without --hook:\n"
		"every hook that has a filter.\n"
		"Counters are never set to zero: --save FILE keeps them as they are, and --since FILE\n"
		"shows what came after that; with both, the old file is read and the new one written.\n"
		"Samples are always the first and last ones since attach.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_BY) | OPTION_SET(OPTION_MATCH) |
		   OPTION_SET(OPTION_SAMPLES) | OPTION_SET(OPTION_SAVE) | OPTION_SET(OPTION_SINCE) |
		   OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

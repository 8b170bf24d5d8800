// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "kernel.h"
#include "metrics.h"
#include "outfile.h"
#include "reading.h"
#include "report.h"
#include "snapshot.h"
#include "target.h"
#include "verbs.h"

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_OPENMETRICS,
	FORMAT_PROMETHEUS,
};

static const char *const formats[] = {
	[FORMAT_TEXT] = "text",
	[FORMAT_JSON] = "json",
	[FORMAT_OPENMETRICS] = "openmetrics",
	[FORMAT_PROMETHEUS] = "prometheus",
	NULL,
};

/* What to do with the readings. */
struct request {
	struct query query;
	enum format format;
	const char *output; /* or NULL */
	const char *save;   /* or NULL */
	const char *since;  /* or NULL */
};

/* A snapshot is a file: there is nothing to replace in a pipe. */
static int check_file(const char *option, const char *path)
{
	if (path && (!*path || !strcmp(path, "-")))
		return fail(FW_EUSAGE, "--%s: '%s' is not a file name", option, path);
	return 0;
}

/* Metrics are all there is, since attach: whoever stores them asks later. */
static const unsigned int not_of_metrics[] = { OPTION_BY, OPTION_MATCH, OPTION_SAMPLES, OPTION_SAVE,
					       OPTION_SINCE };

static int read_format(const struct invocation *invocation, struct request *request)
{
	const char *text = invocation->value[OPTION_FORMAT];
	int format = invocation->given[OPTION_JSON] ? FORMAT_JSON : FORMAT_TEXT;

	if (text && (format = options_choice("format", text, formats)) < 0)
		return format;
	if (invocation->given[OPTION_JSON] && format != FORMAT_JSON)
		return fail(FW_EUSAGE, "counters: --json and --format %s: give one of them", text);
	request->format = (enum format)format;
	if (format == FORMAT_TEXT || format == FORMAT_JSON)
		return 0;
	for (size_t i = 0; i < sizeof(not_of_metrics) / sizeof(not_of_metrics[0]); i++)
		if (invocation->given[not_of_metrics[i]])
			return fail(FW_EUSAGE,
				    "counters: --%s says nothing about --format %s, which is all "
				    "counters since attach: give one of them",
				    options_form(&verb_counters, not_of_metrics[i])->name, text);
	return 0;
}

static int read_request(const struct invocation *invocation, struct request *request)
{
	int err = query_read(invocation, true, &request->query);

	if (err || (err = read_format(invocation, request)))
		return err;
	request->output = invocation->value[OPTION_OUTPUT];
	request->save = invocation->value[OPTION_SAVE];
	request->since = invocation->value[OPTION_SINCE];
	if ((err = check_file("save", request->save)) ||
	    (err = check_file("since", request->since)) ||
	    (err = check_file("output", request->output)))
		return err;
	/* A snapshot is saved once what is before it has arrived: at most one file can be the last. */
	if (request->save && request->output)
		return fail(FW_EUSAGE, "counters: --save and --output: give one of them");
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
	if (request->format == FORMAT_JSON) {
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

static int print_metrics(const struct device *devices, int count, const struct request *request,
			 const struct invocation *invocation)
{
	_cleanup_(metrics_release) struct metrics metrics = {};
	int err = metrics_read(devices, count, invocation->value[OPTION_NETNS], !invocation->argc,
			       &metrics);

	if (!err)
		metrics_print(&metrics,
			      request->format == FORMAT_OPENMETRICS ? METRICS_OPENMETRICS :
								      METRICS_PROMETHEUS,
			      stdout);
	return err;
}

static int print(const struct device *devices, int count, const struct request *request,
		 const struct invocation *invocation)
{
	/* That nothing is attached is a message to whoever watches, and no failure to read. */
	if (request->format == FORMAT_OPENMETRICS || request->format == FORMAT_PROMETHEUS)
		return print_metrics(devices, count, request, invocation);
	if (!count)
		return target_none();
	if ((request->save || request->since) && count > 1)
		return fail(
			FW_EUSAGE,
			"counters: a snapshot is of one hook, and %s has filters at %d: say --hook",
			devices[0].label, count);
	/* One by its name gives its object; anything else an array of them. */
	if (invocation->argc == 1 && count == 1)
		return print_one(devices, request);
	return request->format == FORMAT_JSON ? print_array(devices, count, request) :
						print_text(devices, count, request);
}

/* All that is printed goes to the file, which is there once all of it is. */
static int print_to_file(const struct device *devices, int count, const struct request *request,
			 const struct invocation *invocation)
{
	_cleanup_(outfile_cancel) struct outfile outfile = {};
	int err = outfile_open(&outfile, "output", request->output);

	if (err)
		return err;
	outfile_share(&outfile);
	fflush(stdout);
	if (dup2(fileno(outfile.file), STDOUT_FILENO) < 0)
		return fail(errno, "--output: cannot print to '%s': %s", request->output,
			    strerror(errno));
	err = print(devices, count, request, invocation);
	if (err)
		return err;
	return outfile_commit(&outfile, fflush(stdout) || ferror(stdout) ? -errno : 0);
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
	return request.output ? print_to_file(devices, count, &request, invocation) :
				print(devices, count, &request, invocation);
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
		"Counters are never reset: --save FILE saves them as they are, and --since FILE\n"
		"shows what came after that; with both, the old file is read and the new one written.\n"
		"Samples are always the first and the most recent since attach.\n"
		"--format openmetrics is for Prometheus; node_exporter's textfile collector and promtool\n"
		"read --format prometheus. Both use the patterns of the built-in policy, whatever policy\n"
		"is in force, and do not fail if nothing is attached.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_BY) | OPTION_SET(OPTION_MATCH) |
		   OPTION_SET(OPTION_SAMPLES) | OPTION_SET(OPTION_SAVE) | OPTION_SET(OPTION_SINCE) |
		   OPTION_SET(OPTION_FORMAT) | OPTION_SET(OPTION_OUTPUT) |
		   OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "classification.h"
#include "cleanup.h"
#include "flagged.h"
#include "frame_print.h"
#include "json.h"
#include "policy_store.h"
#include "progress.h"
#include "report.h"
#include "verbs.h"
#include "version.h"

/* How many packets between two looks at the clock and at standard output. */
#define LOOK 0x3fff

enum frames {
	FRAMES_FLAGGED,
	FRAMES_ALL,
	FRAMES_NONE,
};

/* In the order of enum frames. */
static const char *const frames_words[] = { "flagged", "all", NULL };

/* What to do with the captures. */
struct request {
	struct query query;
	bool json;
	enum frames frames;
	bool several;           /* more than one: JSON is an array */
	struct policy policy;   /* owned */
	struct judge judge;     /* owned */
	const char *write;      /* where flagged packets go, or NULL */
	struct flagged flagged; /* owned */
};

/* One capture that is being read. All of it is owned, but for the file's name. */
struct reading_of {
	const char *file;
	int fd;
	struct source source;
	struct capture capture;
	struct classification result;
	struct progress progress;
	__u64 listed; /* frames that were printed */
};

static void request_release(struct request *request)
{
	flagged_cancel(&request->flagged);
	judge_close(&request->judge);
	policy_release(&request->policy);
}

static void reading_close(struct reading_of *reading)
{
	progress_end(&reading->progress);
	classification_release(&reading->result);
	capture_close(&reading->capture);
	source_close(&reading->source);
	if (reading->fd > STDIN_FILENO)
		close(reading->fd);
}

static bool is_stdin(const char *file)
{
	return !strcmp(file, "-");
}

/* Would the flagged packets be written over a capture that is to be read? */
static int check_write(const struct invocation *invocation, const char *path)
{
	struct stat out, in;

	if (!*path || is_stdin(path))
		return fail(FW_EUSAGE, "--write-flagged: '%s' is not a file name", path);
	if (stat(path, &out))
		return 0;
	for (int i = 0; i < invocation->argc; i++) {
		const char *file = invocation->argv[i];

		if (is_stdin(file) ? fstat(STDIN_FILENO, &in) : stat(file, &in))
			continue;
		if (in.st_dev == out.st_dev && in.st_ino == out.st_ino)
			return fail(FW_EUSAGE,
				    "--write-flagged: '%s' is a capture that is to be read", path);
	}
	return 0;
}

static int read_request(const struct invocation *invocation, struct request *request)
{
	const char *name = invocation->value[OPTION_POLICY];
	int err = query_read(invocation, false, &request->query), choice;

	if (err)
		return err;
	request->json = invocation->given[OPTION_JSON];
	request->several = invocation->argc > 1;
	request->frames = FRAMES_NONE;
	if (invocation->given[OPTION_FRAMES]) {
		choice = options_choice("frames", invocation->value[OPTION_FRAMES], frames_words);
		if (choice < 0)
			return choice;
		request->frames = (enum frames)choice;
	}
	request->write = invocation->value[OPTION_WRITE_FLAGGED];
	if (request->write && (err = check_write(invocation, request->write)))
		return err;
	for (int i = 0; i < invocation->argc; i++)
		if (is_stdin(invocation->argv[i]) && isatty(STDIN_FILENO))
			return fail(FW_EUSAGE,
				    "classify: standard input is a terminal, and no capture");
	err = policy_load(name ? name : POLICY_DEFAULT, &request->policy);
	if (err)
		return err;
	if (judge_open(&request->judge, &request->policy))
		return fail(ENOMEM, "no memory for the policy");
	return request->write ? flagged_open(&request->flagged, request->write) : 0;
}

/* --- one capture --- */

/* What went wrong with it, in one sentence. */
static int complain(const struct reading_of *reading, int err)
{
	const struct capture *capture = &reading->capture;
	const char *file = is_stdin(reading->file) ? "standard input" : reading->file;

	if (!*capture->damage)
		return fail(-err, "cannot read '%s': %s", file, strerror(-err));
	if (!capture->packets)
		return fail(-err, "'%s' has no packet that could be read: at byte %llu%s: %s", file,
			    (unsigned long long)capture->damage_offset,
			    reading->source.gzip ? " (unpacked)" : "", capture->damage);
	return fail(-err, "'%s' is damaged at byte %llu%s, behind packet %llu: %s", file,
		    (unsigned long long)capture->damage_offset,
		    reading->source.gzip ? " (unpacked)" : "", (unsigned long long)capture->packets,
		    capture->damage);
}

/* Returns 0, or -errno after fail(): then there is nothing to be read from it. */
static int reading_open(const char *file, struct reading_of *reading)
{
	int err;

	*reading = (struct reading_of){ .file = file, .fd = STDIN_FILENO };
	reading->source.fd = -1;
	if (!is_stdin(file))
		reading->fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (reading->fd < 0)
		return complain(reading, -errno);
	err = source_file(&reading->source, reading->fd);
	if (!err)
		err = capture_open(&reading->capture, &reading->source);
	return err ? complain(reading, err) : 0;
}

static bool wanted(const struct request *request, const struct verdict *verdict)
{
	if (request->frames == FRAMES_FLAGGED && (!verdict || verdict->action == FW_PASS))
		return false;
	if (request->query.match_given)
		return verdict && verdict->outcome < FW_SIGNATURES &&
		       match_holds(&request->query.match, verdict->outcome);
	return true;
}

static int list_frame(const struct request *request, struct reading_of *reading,
		      const struct capture_packet *packet, const struct verdict *verdict)
{
	const struct frame_line line = { &reading->capture, packet, &request->policy, verdict };
	json_t *object;
	int err;

	if (!wanted(request, verdict))
		return 0;
	reading->listed++;
	if (!request->json) {
		frame_text(&line);
		return 0;
	}
	object = frame_json(&line);
	if (!object)
		return fail(ENOMEM, "no memory for the JSON document");
	fputs(reading->listed > 1 ? ",\n    " : "\n    ", stdout);
	err = json_dumpf(object, stdout, JSON_COMPACT);
	json_decref(object);
	return err ? fail(EIO, "cannot write JSON to standard output: %s", strerror(errno)) : 0;
}

static int take(struct request *request, struct reading_of *reading,
		const struct capture_packet *packet)
{
	__u32 link_type = reading->capture.interfaces[packet->interface].link_type;
	struct verdict verdict;
	bool judged = judge_packet(&request->judge, link_type, packet, &verdict);

	classification_time(&reading->result, capture_time(&reading->capture, packet));
	if (judged)
		classification_add(&reading->result, packet, &verdict);
	else if (classification_add_not_judged(&reading->result, link_type, packet))
		return fail(ENOMEM, "no memory for the counters");
	if (judged && verdict.action != FW_PASS && request->write)
		flagged_add(&request->flagged, &reading->capture, packet, &request->policy,
			    &verdict);
	if (request->frames == FRAMES_NONE)
		return 0;
	return list_frame(request, reading, packet, judged ? &verdict : NULL);
}

/*
 * All packets. Returns 0; or -errno after fail(), with *@damaged true if what was
 * read before is to be reported all the same.
 */
static int read_packets(struct request *request, struct reading_of *reading, bool *damaged)
{
	struct capture_packet packet;
	int got, err;

	while ((got = capture_next(&reading->capture, &packet)) > 0) {
		err = take(request, reading, &packet);
		if (err)
			return err;
		if (packet.number & LOOK)
			continue;
		progress_update(&reading->progress, reading->source.taken);
		if (ferror(stdout))
			return fail(EIO, "cannot write to standard output: %s", strerror(errno));
	}
	progress_end(&reading->progress);
	if (!got)
		return 0;
	*damaged = true;
	return complain(reading, got);
}

/* --- printing: JSON as it comes, for there may be millions of frames --- */

static void json_begin(const struct request *request)
{
	fputs(request->frames == FRAMES_NONE ? "{\n" : "{\n  \"frames\": [", stdout);
}

/* The other members of the object that json_begin() began. */
static int json_end(const struct request *request, const struct reading_of *reading)
{
	json_t *object = classification_json(&reading->result, &reading->capture, &request->query);
	_cleanup_free_ char *text = NULL;

	if (object && !request->several)
		json_object_update_missing_new(object, json_document());
	text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
	json_decref(object);
	if (!text)
		return fail(ENOMEM, "no memory for the JSON document");
	if (request->frames != FRAMES_NONE)
		fputs(reading->listed ? "\n  ],\n" : "],\n", stdout);
	fputs(text + strlen("{\n"), stdout);
	if (!request->several)
		putchar('\n');
	return 0;
}

/* @index: how many objects were printed before this one. */
static int classify_one(struct request *request, const char *file, unsigned int *index)
{
	_cleanup_(reading_close) struct reading_of reading;
	bool damaged = false;
	int err = reading_open(file, &reading), late;

	if (err)
		return err;
	reading.result.file = file;
	reading.result.policy = &request->policy;
	flagged_begin(&request->flagged);
	if (request->frames == FRAMES_NONE)
		progress_start(&reading.progress, reading.fd);
	if (request->json && *index)
		fputs(",\n", stdout);
	else if (*index)
		putchar('\n');
	(*index)++;
	if (request->json)
		json_begin(request);
	err = read_packets(request, &reading, &damaged);
	if (err && !damaged)
		return err;
	if (!request->json && reading.listed)
		putchar('\n');
	if (!request->json)
		classification_text(&reading.result, &request->query);
	else if ((late = json_end(request, &reading)))
		return late;
	if (!err && reading.result.not_judged_packets == reading.capture.packets &&
	    reading.capture.packets)
		return fail(EPROTONOSUPPORT, "'%s': none of its packets could be judged", file);
	return err;
}

static void interrupted(int signal)
{
	(void)signal;
}

/*
 * `tcpdump -w - | flagwall classify -` ends by Ctrl-C, which both get: tcpdump writes
 * what it still has and ends, and then we come to the end too. A second one kills.
 */
static void outlive_writer(void)
{
	struct sigaction action = { .sa_handler = interrupted,
				    .sa_flags = SA_RESTART | SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
}

/* One that cannot be read does not keep us from the others. */
static int classify_all(struct request *request, const struct invocation *invocation)
{
	unsigned int index = 0;
	int result = 0;

	for (int i = 0; i < invocation->argc; i++) {
		int err;

		if (is_stdin(invocation->argv[i]))
			outlive_writer();
		err = classify_one(request, invocation->argv[i], &index);
		if (err)
			result = err;
	}
	return result;
}

static int run(const struct invocation *invocation)
{
	_cleanup_(request_release) struct request request = {};
	int err = read_request(invocation, &request), late;

	if (err)
		return err;
	if (request.json && request.several)
		printf("{\n\"schema_version\": %d,\n\"tool_version\": \"%s\",\n\"files\": [\n",
		       JSON_SCHEMA_VERSION, flagwall_version);
	err = classify_all(&request, invocation);
	if (request.json && request.several)
		fputs("\n]\n}\n", stdout);
	if (request.write && (late = flagged_commit(&request.flagged)))
		return late;
	return err;
}

const struct verb verb_classify = {
	.name = "classify",
	.arguments = "FILE...",
	.summary = "What a policy would do with captures: pcap or pcapng, or - for standard input",
	.details =
		"Needs no rights and no interface; 'tcpdump -w - | flagwall classify -' works too.\n"
		"Files may be gzipped. Ethernet, raw IP, Linux cooked (-i any) and BSD loopback are\n"
		"followed; packets of other link types are counted separately. If a file is damaged,\n"
		"what comes before the damage is reported, and the exit code is 2.\n"
		"With --match, --frames lists the packets that match.\n",
	.options = OPTION_SET(OPTION_BY) | OPTION_SET(OPTION_MATCH) | OPTION_SET(OPTION_POLICY) |
		   OPTION_SET(OPTION_FRAMES) | OPTION_SET(OPTION_WRITE_FLAGGED) |
		   OPTION_SET(OPTION_JSON),
	.least = 1,
	.most = -1,
	.run = run,
};

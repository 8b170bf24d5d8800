// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "teller.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event_print.h"
#include "json.h"
#include "linktype.h"
#include "report.h"

#define COMMENT 64    /* bytes: a pattern's name, and what was done */
#define NANOSECONDS 9 /* if_tsresol */
#define TAG 4         /* bytes that may be more than the kernel's: it stood beside the frame */

static bool to_stdout(const struct teller *teller)
{
	return !teller->write || !strcmp(teller->write, "-");
}

static FILE *output(const struct teller *teller)
{
	return to_stdout(teller) ? stdout : teller->pcapng.file;
}

static int refuse(const struct teller *teller, int error)
{
	if (to_stdout(teller))
		return fail(error, "cannot write to standard output: %s", strerror(error));
	return fail(error, "--write-flagged: cannot write '%s': %s", teller->write, strerror(error));
}

int teller_open(struct teller *teller)
{
	int fd;

	if (!teller->write)
		return 0;
	if (to_stdout(teller) && isatty(STDOUT_FILENO))
		return fail(FW_EUSAGE,
			    "--write-flagged: standard output is a terminal: say a file, or let a "
			    "program read it");
	if (to_stdout(teller)) {
		teller->pcapng.file = stdout;
	} else {
		fd = open(teller->write, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
		if (fd < 0)
			return refuse(teller, errno);
		teller->pcapng.file = fdopen(fd, "w");
		if (!teller->pcapng.file) {
			close(fd);
			return refuse(teller, ENOMEM);
		}
	}
	pcapng_section(&teller->pcapng);
	return 0;
}

void teller_interface(struct teller *teller, const struct device *device)
{
	const struct pcapng_interface interface = {
		.link_type = LINKTYPE_ETHERNET,
		.snap_length = FW_EVENT_BYTES + TAG,
		.resolution = NANOSECONDS,
		.name = device->label,
		.description = hook_names[device->hook],
	};

	if (teller->write)
		pcapng_interface(&teller->pcapng, &interface);
}

/* Whether it could be written, the next flush sees. */
static int print_json(json_t *object)
{
	if (!object)
		return fail(ENOMEM, "no memory for the JSON document");
	json_dumpf(object, stdout, JSON_COMPACT);
	json_decref(object);
	putchar('\n');
	return 0;
}

static void write_packet(struct teller *teller, const struct event *event)
{
	char comment[COMMENT];
	const struct pcapng_packet packet = { .interface = event->number,
					      .stamp = event->packet.stamp,
					      .captured = event->packet.captured,
					      .length = event->packet.length,
					      .data = event->packet.data,
					      .comment = comment };

	snprintf(comment, sizeof(comment), "%s: %s", event->name,
		 policy_action_name(event->verdict.action));
	pcapng_packet(&teller->pcapng, &packet);
}

int teller_packet(struct teller *teller, const struct event *event)
{
	if (teller->write)
		write_packet(teller, event);
	else if (teller->json)
		return print_json(event_json(event));
	else
		event_text(event);
	return 0;
}

int teller_totals(struct teller *teller, const struct device *device,
		  const struct listen_totals *totals)
{
	if (teller->json && !teller->write)
		return print_json(totals_json(device, totals));
	totals_text(device, totals);
	return 0;
}

void teller_statistics(struct teller *teller, __u32 number, const struct listen_totals *totals)
{
	__u64 missing = totals->left_out + totals->suppressed + totals->lost;

	if (teller->write)
		pcapng_statistics(&teller->pcapng, number, time_now(), totals->told + missing,
				  missing);
}

int teller_flush(struct teller *teller)
{
	FILE *file = output(teller);

	errno = EIO;
	if (teller->pcapng.error || fflush(file) || ferror(file)) {
		teller->broken = teller->pcapng.error ? -teller->pcapng.error : errno;
		return -teller->broken;
	}
	teller->whole = teller->write ? ftello(file) : 0;
	return 0;
}

/* A disk that is full leaves half a block: what is whole can be read. */
static void cut(const struct teller *teller)
{
	FILE *file = teller->pcapng.file;
	struct stat status;

	__fpurge(file);
	if (!fstat(fileno(file), &status) && S_ISREG(status.st_mode) &&
	    ftruncate(fileno(file), teller->whole))
		note("'%s' ends with half a packet", teller->write);
}

int teller_give_up(struct teller *teller)
{
	/* As a program dies of it that does not know better: without a word. */
	if (teller->broken == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	if (!to_stdout(teller))
		cut(teller);
	return refuse(teller, teller->broken);
}

void teller_close(struct teller *teller)
{
	if (!to_stdout(teller) && teller->pcapng.file)
		fclose(teller->pcapng.file);
	teller->pcapng.file = NULL;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "cleanup.h"
#include "guard.h"
#include "kernel.h"
#include "report.h"
#include "stop.h"
#include "target.h"
#include "teller.h"
#include "verbs.h"

#define RATE 1000 /* events a second and CPU, unless told otherwise */

/* All that one run has. */
struct session {
	struct hearing *hearings;   /* owned */
	struct listen_totals *said; /* owned: what was said of each of them last */
	int count;
	struct teller teller; /* owned */
	__u64 most, told;     /* packets to tell of, 0: no end; and that were */
	struct guard guard;
};

static bool is_full(const struct session *session)
{
	return session->most && session->told == session->most;
}

static int take(void *context, const struct event *event)
{
	struct session *session = context;

	if (is_full(session))
		return -ECANCELED;
	session->told++;
	return teller_packet(&session->teller, event);
}

/* @all: at the end; before, only where more was suppressed or lost. */
static int say_totals(struct session *session, bool all)
{
	for (int i = 0; i < session->count; i++) {
		const struct hearing *hearing = &session->hearings[i];
		struct listen_totals *said = &session->said[i], now;
		int err = hearing_totals(hearing, &now);

		if (err)
			return err;
		if (!all && now.suppressed == said->suppressed && now.lost == said->lost)
			continue;
		*said = now;
		err = teller_totals(&session->teller, &hearing->device, &now);
		if (err)
			return err;
		if (all)
			teller_statistics(&session->teller, hearing->number, &now);
	}
	return 0;
}

static int each_second(struct session *session)
{
	for (int i = 0; i < session->count; i++) {
		int err = hearing_look(&session->hearings[i]);

		if (err)
			return err;
	}
	return say_totals(session, false);
}

static int read_all(struct session *session)
{
	for (int i = 0; i < session->count && !is_full(session); i++) {
		int err = hearing_read(&session->hearings[i]);

		if (err)
			return err;
	}
	return 0;
}

static int beat(struct session *session)
{
	int err = read_all(session);

	for (int i = 0; i < session->count; i++)
		filter_listen_beat(&session->hearings[i].listener);
	return err ? err : teller_flush(&session->teller);
}

static int listen_on(struct session *session)
{
	const struct timespec pause = { .tv_nsec = 1000000000 / LISTEN_BEATS };
	int err = 0;

	for (unsigned int i = 1; !err && !stop_asked() && !is_full(session); i++) {
		nanosleep(&pause, NULL);
		err = beat(session);
		if (!err && i % LISTEN_BEATS == 0 && !is_full(session))
			err = each_second(session);
	}
	return err;
}

static int begin_all(struct session *session)
{
	for (int i = 0; i < session->count; i++)
		teller_interface(&session->teller, &session->hearings[i].device);
	for (int i = 0; i < session->count; i++) {
		int err = hearing_begin(&session->hearings[i]);

		if (err)
			return err;
		filter_listen_beat(&session->hearings[i].listener);
	}
	for (int i = 0; i < session->count; i++) {
		const struct device *device = &session->hearings[i].device;

		note("listening to the %s filter on %s", hook_names[device->hook], device->label);
	}
	return teller_flush(&session->teller);
}

static int end_all(const struct session *session)
{
	int err = 0;

	for (int i = 0; i < session->count; i++) {
		const struct listener *listener = &session->hearings[i].listener;
		int one = listener->begun ? filter_listen_end(listener) : 0;

		err = err ? err : one;
	}
	return err;
}

/* In the guard, which was there before any of them began. */
static void clean(void *context)
{
	const struct session *session = context;

	for (int i = 0; i < session->count; i++)
		filter_listen_end(&session->hearings[i].listener);
}

static int run_session(struct session *session)
{
	char first[REPORT_TEXT], *before;
	int err = begin_all(session), late;

	if (!err)
		err = listen_on(session);
	before = report_keep(first);
	late = end_all(session);
	report_keep(before);
	/* Now that nothing more comes. */
	if (!err && !(err = read_all(session)) && !(err = say_totals(session, true)))
		err = teller_flush(&session->teller);
	/* Loading a program takes descriptors, and here are some. */
	for (int i = 0; i < session->count; i++)
		filter_listen_deafen(&session->hearings[i].listener);
	if (late)
		late = end_all(session);
	if (late)
		guard_leave(&session->guard);
	return err ? err : late;
}

static void session_release(struct session *session)
{
	for (int i = 0; i < session->count; i++)
		hearing_release(&session->hearings[i]);
	free(session->hearings);
	free(session->said);
	teller_close(&session->teller);
}

static int read_number(const struct invocation *invocation, enum option_id id, const char *name,
		       __u32 *number)
{
	const char *text = invocation->value[id];
	unsigned long value;
	char *end;

	if (!invocation->given[id])
		return 0;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *text < '0' || *text > '9' || *end || !value || value > 1000000000)
		return fail(FW_EUSAGE, "--%s: '%s' is not a number from 1 to 1000000000", name,
			    text);
	*number = (__u32)value;
	return 0;
}

static int claim_all(struct session *session, const struct invocation *invocation,
		     const struct device *devices, int count)
{
	__u32 sample = 1, rate = RATE, most = 0;
	int err;

	if ((err = read_number(invocation, OPTION_SAMPLE, "sample", &sample)) ||
	    (err = read_number(invocation, OPTION_RATE, "rate", &rate)) ||
	    (err = read_number(invocation, OPTION_NUMBER, "count", &most)))
		return err;
	session->most = most;
	session->hearings = calloc((size_t)count, sizeof(*session->hearings));
	session->said = calloc((size_t)count, sizeof(*session->said));
	if (!session->hearings || !session->said)
		return fail(ENOMEM, "no memory for %d listeners", count);
	for (int i = 0; i < count; i++) {
		struct hearing *hearing = &session->hearings[session->count++];

		hearing->number = (__u32)i;
		hearing->pattern = invocation->value[OPTION_PATTERN];
		hearing->take = take;
		hearing->context = session;
		err = hearing_claim(hearing, &devices[i], sample, rate);
		if (err)
			return err;
	}
	return 0;
}

static int run(const struct invocation *invocation)
{
	_cleanup_(session_release) struct session session = {
		.teller = { .json = invocation->given[OPTION_JSON],
			    .write = invocation->value[OPTION_WRITE_FLAGGED] },
	};
	_cleanup_free_ struct device *devices = NULL;
	int count, err;

	kernel_listen();
	count = target_list(invocation, &devices);
	if (count <= 0)
		return count ? count : target_none();
	if ((err = claim_all(&session, invocation, devices, count)) ||
	    (err = teller_open(&session.teller)) ||
	    (err = guard_start(&session.guard, clean, &session)))
		return err;
	stop_catch();
	signal(SIGPIPE, SIG_IGN);
	err = run_session(&session);
	guard_dismiss(&session.guard);
	return session.teller.broken ? teller_give_up(&session.teller) : err;
}

const struct verb verb_events = {
	.name = "events",
	.arguments = "[IFACE...]",
	.summary = "Flagged packets as they arrive, one per line, or as a capture",
	.details =
		"Runs until Ctrl-C. While it runs the filter uses a program that reports flagged packets:\n"
		"no packet slips past when that comes and goes, and policy and counters stay. A filter takes\n"
		"one listener at a time. Packets above the rate, left out, or lost are counted and reported.\n"
		"With -j: JSON Lines. With -w: the first 128 bytes of each packet; OUT.pcapng may be -.\n"
		"Without an interface: all that are filtered in the network namespace. Without --hook:\n"
		"every hook that has a filter.\n",
	.options = OPTION_SET(OPTION_PATTERN) | OPTION_SET(OPTION_NUMBER) |
		   OPTION_SET(OPTION_SAMPLE) | OPTION_SET(OPTION_RATE) |
		   OPTION_SET(OPTION_WRITE_FLAGGED) | OPTION_SET(OPTION_HOOK) |
		   OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

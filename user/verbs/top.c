// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "kernel.h"
#include "pace.h"
#include "ranking_print.h"
#include "stop.h"
#include "target.h"
#include "terminal.h"
#include "top_choice.h"
#include "top_screen.h"
#include "verbs.h"

struct request {
	bool json;
	struct ranking_choice choice;
	struct pace pace;
};

/* Until a key, a signal, or something new at @deadline. Returns as top_screen_keys(). */
static int wait_on_screen(struct tallies *tallies, struct top_screen *screen, long long deadline,
			  const sigset_t *mask)
{
	for (;;) {
		long long now = pace_now();
		int result;

		if (now >= tallies->beat && (result = tallies_beat(tallies)))
			return result;
		if (now >= deadline && !screen->sheet.paused)
			return 0;
		result = terminal_wait(tallies->beat > now ? tallies->beat - now : 0, mask);
		if (result < 0)
			return result;
		if (result != WOKEN_BY_TIME)
			return top_screen_keys(screen, result == WOKEN_BY_KEY);
	}
}

static int run_on_screen(struct tallies *tallies, const struct request *request,
			 const sigset_t *mask)
{
	struct top_screen screen = { .choice = request->choice,
				     .interval = request->pace.interval,
				     .time = time_now() };
	long long deadline = pace_next(&request->pace, pace_now());
	long looks = 0;
	int result;

	while (!(result = top_screen_draw(tallies, &screen)) && !terminal_ended()) {
		result = wait_on_screen(tallies, &screen, deadline, mask);
		if (result)
			return result;
		if (screen.anew && (result = tallies_clear(tallies)))
			return result;
		screen.anew = false;
		if (screen.sheet.paused || pace_now() < deadline)
			continue;
		tallies_mark(tallies);
		screen.time = time_now();
		deadline = pace_next(&request->pace, deadline);
		if (request->pace.count && ++looks == request->pace.count)
			return 1;
	}
	return result;
}

/* The terminal is taken. */
static int on_screen(struct tallies *tallies, const struct request *request)
{
	struct terminal_held held;
	int result, late;

	terminal_hold(&held);
	result = run_on_screen(tallies, request, &held.before);
	late = tallies_end(tallies);
	return terminal_release(&held, result < 0 ? result : late);
}

static int print_json(const struct tallies *tallies, const struct request *request, __u64 time)
{
	json_t *interfaces = json_array();
	const struct json_member members[] = {
		{ "time", json_time(time) },
		{ "interfaces", interfaces },
		{},
	};
	json_t *root = json_members(json_document(), members);
	int bad = !root;

	for (size_t i = 0; !bad && i < tallies->count; i++)
		bad |= json_array_append_new(interfaces,
					     ranking_json(tallies->list[i], &request->choice));
	if (!bad)
		return json_line(root);
	json_decref(root);
	return fail(ENOMEM, "no memory for the JSON document");
}

static int print(const struct tallies *tallies, const struct request *request)
{
	const __u64 time = time_now();
	int err = 0;

	if (request->json)
		err = print_json(tallies, request, time);
	for (size_t i = 0; !request->json && !err && i < tallies->count; i++)
		err = ranking_lines(time, tallies->list[i], &request->choice);
	if (!err && (fflush(stdout) || ferror(stdout)))
		err = fail(EIO, "cannot write to standard output: %s", strerror(errno));
	return err;
}

/* One block of lines, or one line of JSON, an interval. */
static int in_lines(struct tallies *tallies, const struct request *request)
{
	long long deadline = pace_next(&request->pace, pace_now());
	long looks = 0;
	int err = 0, late;

	if (!request->json)
		ranking_heading(request->choice.kind);
	while (!err && !stop_asked() && (!request->pace.count || looks < request->pace.count)) {
		pace_wait(deadline < tallies->beat ? deadline : tallies->beat);
		if (pace_now() >= tallies->beat && (err = tallies_beat(tallies)))
			break;
		if (pace_now() < deadline)
			continue;
		tallies_mark(tallies);
		err = print(tallies, request);
		deadline = pace_next(&request->pace, deadline);
		looks++;
	}
	late = tallies_end(tallies);
	return err ? err : late;
}

static int begin(struct tallies *tallies, const struct device *devices, int count, bool quiet)
{
	tallies->expected = (size_t)count;
	for (int i = 0; i < count; i++) {
		int err = tallies_add(tallies, &devices[i]);

		if (err)
			return err;
		if (!quiet)
			note("listening to the %s filter on %s", hook_names[devices[i].hook],
			     devices[i].label);
	}
	return 0;
}

static int run(const struct invocation *invocation)
{
	_cleanup_(tallies_release) struct tallies tallies = {
		.pattern = invocation->value[OPTION_PATTERN],
	};
	struct request request = { .json = invocation->given[OPTION_JSON] };
	_cleanup_free_ struct device *devices = NULL;
	bool screen;
	int count, err;

	if ((err = pace_read(invocation, &request.pace)) ||
	    (err = top_choice_read(invocation, &request.choice)))
		return err;
	kernel_listen();
	count = target_list(invocation, &devices);
	if (count <= 0)
		return count ? count : target_none();
	screen = !request.json && isatty(STDOUT_FILENO);
	err = begin(&tallies, devices, count, screen);
	if (err)
		return err;
	if (screen && !terminal_open())
		return on_screen(&tallies, &request);
	stop_catch();
	return in_lines(&tallies, &request);
}

const struct verb verb_top = {
	.name = "top",
	.arguments = "[IFACE...]",
	.summary = "Where flagged packets come from, largest first, live",
	.details =
		"Sources by address (IPv6 by /64), by the MAC address of the neighbour that handed\n"
		"packets over, or by VLAN, each with its patterns. Source addresses can be forged: then\n"
		"the MAC address shows where they came in. Exact as long as few are flagged; in a flood a\n"
		"random sample is looked at, and the error (95 %) is shown. As for 'events', the filter\n"
		"reports flagged packets only while this runs, and takes one listener at a time.\n"
		"Keys on a terminal: a, m and v show addresses, MAC addresses and VLANs, p each pattern,\n"
		"s sorts by rate or total, c starts from zero, space freezes, arrows scroll, q quits.\n"
		"Otherwise lines; with -j one object per line.\n",
	.options = OPTION_SET(OPTION_BY_ORIGIN) | OPTION_SET(OPTION_PATTERN) |
		   OPTION_SET(OPTION_LIMIT) | OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_INTERVAL) |
		   OPTION_SET(OPTION_NUMBER) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "kernel.h"
#include "pace.h"
#include "screen.h"
#include "terminal.h"
#include "verbs.h"
#include "watch_lines.h"

enum face {
	FACE_SCREEN,
	FACE_LINES,
	FACE_JSON,
};

struct request {
	enum face face;
	struct query query;
	struct pace pace;
};

static int read_request(const struct invocation *invocation, struct request *request)
{
	int err = query_read(invocation, true, &request->query);

	if (err || (err = pace_read(invocation, &request->pace)))
		return err;
	request->face = invocation->given[OPTION_JSON] ? FACE_JSON : FACE_SCREEN;
	return 0;
}

/* Wait for a key or for @deadline; for ever while paused. Returns as screen_keys(). */
static int wait_for_keys(struct screen *screen, long long deadline, const sigset_t *mask)
{
	for (;;) {
		const long long until = screen->sheet.paused ? LLONG_MAX : deadline;
		const long long due = watch_top_due(screen->origins, until), now = pace_now();
		int result = terminal_wait(due == LLONG_MAX ? -1 : due > now ? due - now : 0, mask);

		if (result < 0)
			return result;
		if (result != WOKEN_BY_TIME)
			return screen_keys(screen, result == WOKEN_BY_KEY);
		if ((result = watch_top_beat(screen->origins)) || pace_now() >= until)
			return result;
	}
}

/* Until somebody quits: 1; or -errno. What failed is held back. */
static int watch_on_screen(struct watch *watch, struct watch_top *top,
			   const struct request *request, const sigset_t *mask)
{
	struct screen screen = { .choice.by = request->query.by,
				 .interval = request->pace.interval,
				 .origins = top };
	long long deadline = pace_next(&request->pace, pace_now());
	long looks = 0;
	int result;

	while (!(result = screen_draw(watch, &screen)) && !terminal_ended()) {
		const bool paused = screen.sheet.paused, origins = top->on;

		result = wait_for_keys(&screen, deadline, mask);
		if (result)
			return result;
		if (top->on != origins && (result = watch_top_follow(top, watch)))
			return result;
		if (paused && !screen.sheet.paused)
			deadline = pace_now();
		if (screen.sheet.paused || pace_now() < deadline)
			continue;
		if ((result = watch_look(watch)) || (result = watch_top_follow(top, watch)))
			return result;
		deadline = pace_next(&request->pace, deadline);
		if (request->pace.count && ++looks == request->pace.count)
			return 1;
	}
	return result;
}

static int on_screen(struct watch *watch, struct watch_top *top, const struct request *request)
{
	struct terminal_held held;
	int result;

	terminal_hold(&held);
	result = watch_top_follow(top, watch);
	if (!result)
		result = watch_on_screen(watch, top, request, &held.before);
	watch_top_release(top);
	return terminal_release(&held, result);
}

/* One block of lines, or one line of JSON, an interval. */
static int in_lines(struct watch *watch, struct watch_top *top, const struct request *request)
{
	long long deadline = pace_now();
	int err;

	if (request->face == FACE_LINES)
		watch_heading(request->query.by);
	err = watch_top_follow(top, watch);
	if (err)
		return err;
	for (long looks = 0; !request->pace.count || looks < request->pace.count; looks++) {
		deadline = pace_next(&request->pace, deadline);
		if ((err = watch_top_wait(top, deadline)) || (err = watch_look(watch)) ||
		    (err = watch_top_follow(top, watch)))
			return err;
		err = request->face == FACE_JSON ? watch_json(watch, top) :
						   watch_lines(watch, top, request->query.by);
		if (err)
			return err;
		if (fflush(stdout) || ferror(stdout))
			return fail(EIO, "cannot write to standard output: %s", strerror(errno));
	}
	return 0;
}

static int run(const struct invocation *invocation)
{
	_cleanup_(watch_top_release) struct watch_top top = { .on = invocation->given[OPTION_TOP] };
	_cleanup_(watch_close) struct watch watch = {};
	struct request request;
	int err;

	err = read_request(invocation, &request);
	if (err)
		return err;
	kernel_listen();
	err = watch_open(invocation, &watch);
	if (err)
		return err;
	if (request.face == FACE_SCREEN && terminal_open())
		request.face = FACE_LINES;
	return request.face == FACE_SCREEN ? on_screen(&watch, &top, &request) :
					     in_lines(&watch, &top, &request);
}

const struct verb verb_watch = {
	.name = "watch",
	.arguments = "[IFACE...]",
	.summary = "The counters and what they do now, live",
	.details =
		"On a terminal a table: what arrives per second now, the total, how much was dropped,\n"
		"and the last minute. Keys: q quits, space pauses, p, f, r, t and l show patterns, flags,\n"
		"reasons, states or the life of connections, s sorts by rate, total, dropped or in the\n"
		"policy's order, a also shows rows that never counted anything, o listens and shows where\n"
		"flagged packets come from (as --top and 'flagwall top' do): sources, MAC addresses, VLANs;\n"
		"arrows scroll. NO_COLOR in the environment turns colours off.\n"
		"Otherwise lines of what arrived in each interval; with -j one object per line.\n"
		"Without an interface: all that are filtered in the network namespace, later ones too.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_BY) | OPTION_SET(OPTION_INTERVAL) |
		   OPTION_SET(OPTION_NUMBER) | OPTION_SET(OPTION_TOP) | OPTION_SET(OPTION_NETNS) |
		   OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "kernel.h"
#include "screen.h"
#include "verbs.h"
#include "watch_lines.h"

#define INTERVAL_LEAST 0.1
#define INTERVAL_MOST 86400.0
#define COUNT_MOST 1000000000L
#define MILLISECOND 1000000LL

enum face {
	FACE_SCREEN,
	FACE_LINES,
	FACE_JSON,
};

struct request {
	enum face face;
	struct query query;
	double interval; /* seconds */
	long count;      /* intervals; 0: for ever */
};

static int read_interval(const char *text, double *interval)
{
	char *end = NULL;

	*interval = text ? strtod(text, &end) : 1;
	if (!text || (*text && strspn(text, "0123456789.") == strlen(text) && !*end &&
		      *interval >= INTERVAL_LEAST && *interval <= INTERVAL_MOST))
		return 0;
	return fail(FW_EUSAGE, "--interval: '%s' is no number of seconds from %g to %g", text,
		    INTERVAL_LEAST, INTERVAL_MOST);
}

static int read_count(const char *text, long *count)
{
	char *end = NULL;

	*count = text ? strtol(text, &end, 10) : 0;
	if (!text || (*text && strspn(text, "0123456789") == strlen(text) && !*end && *count > 0 &&
		      *count <= COUNT_MOST))
		return 0;
	return fail(FW_EUSAGE, "--count: '%s' is no number from 1 to %ld", text, COUNT_MOST);
}

static int read_request(const struct invocation *invocation, struct request *request)
{
	int err = query_read(invocation, true, &request->query);

	if (err || (err = read_interval(invocation->value[OPTION_INTERVAL], &request->interval)) ||
	    (err = read_count(invocation->value[OPTION_NUMBER], &request->count)))
		return err;
	request->face = invocation->given[OPTION_JSON] ? FACE_JSON : FACE_SCREEN;
	return 0;
}

static long long steady_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL * MILLISECOND + now.tv_nsec;
}

/* Signals that would leave the terminal as it is; they arrive only while we wait. */
static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static volatile sig_atomic_t ended_by;

static void note_signal(int number)
{
	ended_by = number;
}

/* Curses has handlers of its own for the last two, which must not run while it draws. */
static void hold_signals(sigset_t *before)
{
	struct sigaction action = { .sa_handler = note_signal };
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		struct sigaction now;

		sigaddset(&held, ending[i]);
		/* Under nohup SIGHUP stays ignored. */
		if (!sigaction(ending[i], NULL, &now) && now.sa_handler != SIG_IGN)
			sigaction(ending[i], &action, NULL);
	}
	sigaddset(&held, SIGTSTP);
	sigaddset(&held, SIGWINCH);
	sigprocmask(SIG_BLOCK, &held, before);
}

/* The signal ends us as it would have: whoever waits for us is told so. */
static int end_by_signal(void)
{
	sigset_t one;

	signal(ended_by, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, ended_by);
	raise(ended_by);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	return 0;
}

/* When the next look is due. Looks that were missed are not made up for. */
static long long next_deadline(long long deadline, double interval)
{
	long long step = (long long)(interval * 1e9), now = steady_now();

	deadline += step;
	return deadline > now ? deadline : now + step;
}

/* Wait for a key or for @deadline; for ever while paused. Returns as screen_keys(). */
static int wait_for_keys(struct screen *screen, long long deadline, const sigset_t *mask)
{
	struct pollfd keys = { .fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -1, .events = POLLIN };
	long long left = deadline - steady_now();
	struct timespec timeout;

	if (left < 0)
		left = 0;
	timeout = (struct timespec){ .tv_sec = left / (1000 * MILLISECOND),
				     .tv_nsec = left % (1000 * MILLISECOND) };
	if (ppoll(&keys, 1, screen->paused ? NULL : &timeout, mask) < 0 && errno != EINTR)
		return -errno;
	if (keys.revents & (POLLHUP | POLLERR | POLLNVAL))
		return -EIO;
	return screen_keys(screen, keys.revents & POLLIN);
}

/* Until somebody quits: 1; or -errno. What failed stays in @message. */
static int watch_on_screen(struct watch *watch, const struct request *request, const sigset_t *mask)
{
	struct screen screen = { .choice.by = request->query.by, .interval = request->interval };
	long long deadline = next_deadline(steady_now(), request->interval);
	long looks = 0;
	int result;

	while (!(result = screen_draw(watch, &screen)) && !ended_by) {
		bool paused = screen.paused;

		result = wait_for_keys(&screen, deadline, mask);
		if (result)
			return result;
		if (paused && !screen.paused)
			deadline = steady_now();
		if (screen.paused || steady_now() < deadline)
			continue;
		if ((result = watch_look(watch)))
			return result;
		deadline = next_deadline(deadline, request->interval);
		if (request->count && ++looks == request->count)
			return 1;
	}
	return result;
}

static int on_screen(struct watch *watch, const struct request *request)
{
	char message[REPORT_TEXT] = "";
	sigset_t before;
	int result;

	hold_signals(&before);
	report_keep(message);
	result = watch_on_screen(watch, request, &before);
	report_keep(NULL);
	screen_close();
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (ended_by)
		return end_by_signal();
	if (result < 0 && *message)
		return fail(-result, "%s", message);
	/* A terminal that is gone has nobody to complain to. */
	return result < 0 && result != -EIO ? result : 0;
}

static void wait_until(long long deadline)
{
	struct timespec time = { .tv_sec = deadline / (1000 * MILLISECOND),
				 .tv_nsec = deadline % (1000 * MILLISECOND) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
}

/* One block of lines, or one line of JSON, an interval. */
static int in_lines(struct watch *watch, const struct request *request)
{
	long long deadline = steady_now();
	int err;

	if (request->face == FACE_LINES)
		watch_heading(request->query.by);
	for (long looks = 0; !request->count || looks < request->count; looks++) {
		deadline = next_deadline(deadline, request->interval);
		wait_until(deadline);
		if ((err = watch_look(watch)))
			return err;
		err = request->face == FACE_JSON ? watch_json(watch) :
						   watch_lines(watch, request->query.by);
		if (err)
			return err;
		if (fflush(stdout) || ferror(stdout))
			return fail(EIO, "cannot write to standard output: %s", strerror(errno));
	}
	return 0;
}

static int run(const struct invocation *invocation)
{
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
	if (request.face == FACE_SCREEN && screen_open())
		request.face = FACE_LINES;
	return request.face == FACE_SCREEN ? on_screen(&watch, &request) :
					     in_lines(&watch, &request);
}

const struct verb verb_watch = {
	.name = "watch",
	.arguments = "[IFACE...]",
	.summary = "The counters and what they do now, live",
	.details =
		"On a terminal a table: what arrives per second now, in all, how much of it was dropped,\n"
		"and the last minute. Keys: q quits, space pauses, p, f, r, t and l show patterns, flags,\n"
		"reasons, states or the life of connections, s sorts by rate, total, dropped or as the\n"
		"policy has it, a shows rows of what never arrived too, arrows scroll. With NO_COLOR in\n"
		"the environment: without colours.\n"
		"Elsewhere lines of what arrived in each interval; with -j an object on each line.\n"
		"Without an interface: all that are filtered in the network namespace, also later.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_BY) | OPTION_SET(OPTION_INTERVAL) |
		   OPTION_SET(OPTION_NUMBER) | OPTION_SET(OPTION_NETNS) | OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

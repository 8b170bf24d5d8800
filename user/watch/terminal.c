// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "report.h"
#include "text.h"

#define SECOND 1000000000LL

static SCREEN *terminal;
static bool coloured, blocks;

/* Signals that would leave the terminal as it is; they arrive only while we wait. */
static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static volatile sig_atomic_t ended_by;

static bool wants_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return !no || !*no; /* no-color.org */
}

static void start_colours(void)
{
	coloured = wants_colours() && has_colors() && start_color() == OK;
	if (!coloured)
		return;
	use_default_colors();
	init_pair(COLOUR_DROP, COLOR_RED, -1);
	init_pair(COLOUR_COUNT, COLOR_YELLOW, -1);
	init_pair(COLOUR_PASS, COLOR_CYAN, -1);
}

void terminal_close(void)
{
	if (!terminal)
		return;
	endwin();
	delscreen(terminal);
	terminal = NULL;
}

/* A terminal that cannot do that only ever adds lines. */
static bool moves_cursor(void)
{
	const char *move_cursor = tigetstr("cup");

	return move_cursor && (intptr_t)move_cursor != -1;
}

int terminal_open(void)
{
	/* Numbers stay as they are everywhere: of the locale only the characters matter. */
	setlocale(LC_CTYPE, "");
	blocks = !strcmp(nl_langinfo(CODESET), "UTF-8");
	terminal = isatty(STDOUT_FILENO) ? newterm(NULL, stdout, stdin) : NULL;
	if (!terminal)
		return -ENOTTY;
	if (!moves_cursor()) {
		terminal_close();
		return -ENOTTY;
	}
	start_colours();
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	return 0;
}

bool terminal_blocks(void)
{
	return blocks;
}

attr_t terminal_colour(enum terminal_colour colour)
{
	return coloured ? (attr_t)COLOR_PAIR(colour) : A_NORMAL;
}

void terminal_put(attr_t attributes, const char *format, ...)
{
	char text[REPORT_TEXT + 64];
	va_list arguments;
	int room = COLS - (getcurx)(stdscr); /* its macro has a 0 for NULL */

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	attr_on(attributes, NULL);
	addnstr(text_printable(text), room);
	attr_off(attributes, NULL);
}

static void note_signal(int number)
{
	ended_by = number;
}

/* Curses has handlers of its own for the last two, which must not run while it draws. */
void terminal_hold(struct terminal_held *hold)
{
	struct sigaction action = { .sa_handler = note_signal };
	sigset_t held;

	*hold->message = '\0';
	report_keep(hold->message);
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
	sigprocmask(SIG_BLOCK, &held, &hold->before);
}

bool terminal_ended(void)
{
	return ended_by;
}

/* As it would have: whoever waits for us is told so. */
static void end_by_signal(void)
{
	sigset_t one;

	signal(ended_by, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, ended_by);
	raise(ended_by);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
}

int terminal_release(struct terminal_held *hold, int result)
{
	report_keep(NULL);
	terminal_close();
	sigprocmask(SIG_SETMASK, &hold->before, NULL);
	if (ended_by)
		end_by_signal();
	if (result < 0 && *hold->message)
		return fail(-result, "%s", hold->message);
	/* A terminal that is gone has nobody to complain to. */
	return result < 0 && result != -EIO ? result : 0;
}

int terminal_wait(long long nanoseconds, const sigset_t *mask)
{
	struct pollfd keys = { .fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -1, .events = POLLIN };
	const struct timespec timeout = { .tv_sec = nanoseconds / SECOND,
					  .tv_nsec = nanoseconds % SECOND };

	if (ppoll(&keys, 1, nanoseconds < 0 ? NULL : &timeout, mask) < 0)
		return errno == EINTR ? WOKEN_BY_SIGNAL : -errno;
	if (keys.revents & (POLLHUP | POLLERR | POLLNVAL))
		return -EIO;
	return keys.revents & POLLIN ? WOKEN_BY_KEY : WOKEN_BY_TIME;
}

int terminal_keys(bool readable, int (*press)(void *context, int key), void *context)
{
	int key;

	while ((key = getch()) != ERR) {
		int result = press(context, key);

		readable = false;
		if (result)
			return result;
	}
	return readable ? -EIO : 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "screen.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <time.h>

#include "cleanup.h"
#include "json.h"
#include "spark.h"
#include "text.h"
#include "version.h"

/* Columns of a row, each with a space behind it. The bars get what is left, then names. */
#define NAME_LEAST 20
#define NAME_MOST 40
#define NUMBERS_WIDTH (1 + 6 + 1 + 9 + 1 + 13 + 1 + 13 + 1)

enum colour {
	COLOUR_DROP = 1,
	COLOUR_COUNT,
	COLOUR_PASS,
	COLOUR_DIM,
};

static SCREEN *terminal;
static bool coloured, blocks;

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

void screen_close(void)
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

int screen_open(void)
{
	/* Numbers stay as they are everywhere: of the locale only the characters matter. */
	setlocale(LC_CTYPE, "");
	blocks = !strcmp(nl_langinfo(CODESET), "UTF-8");
	terminal = isatty(STDOUT_FILENO) ? newterm(NULL, stdout, stdin) : NULL;
	if (!terminal)
		return -ENOTTY;
	if (!moves_cursor()) {
		screen_close();
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

/* Where the next line of the body goes; what scrolls out of sight is only counted. */
struct body {
	int line, top, height;
};

/* Returns whether the next line can be seen, with the cursor at its beginning. */
static bool next_line(struct body *body)
{
	int line = body->line++ - body->top;

	if (line < 0 || line >= body->height)
		return false;
	move(1 + line, 0);
	return true;
}

/* Text at the cursor, as much of it as fits. What comes from outside cannot steer. */
static void put(attr_t attributes, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(attr_t attributes, const char *format, ...)
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

static int name_width(void)
{
	int room = COLS - 1 - RATES_SECONDS - NUMBERS_WIDTH;

	return room < NAME_LEAST ? NAME_LEAST : room > NAME_MOST ? NAME_MOST : room;
}

static unsigned int spark_room(void)
{
	int room = COLS - 1 - name_width() - NUMBERS_WIDTH;

	return room > 0 ? spark_cells((unsigned int)room) : 0;
}

/* What acts stands out, in colour and without. */
static attr_t look(const struct table_row *row)
{
	attr_t weight = row->rate > 0 ? A_BOLD : A_NORMAL;

	if (!coloured || !row->view.action || !row->view.count.packets)
		return weight;
	if (row->view.by_policy == policy_action_name(FW_DROP))
		return weight | (attr_t)COLOR_PAIR(COLOUR_DROP);
	if (row->view.by_policy == policy_action_name(FW_COUNT))
		return weight | (attr_t)COLOR_PAIR(COLOUR_COUNT);
	return weight | (attr_t)COLOR_PAIR(COLOUR_PASS);
}

static void draw_row(struct body *body, const struct table_row *row)
{
	char bars[SPARK_TEXT], rate[32] = "-";

	if (!next_line(body))
		return;
	if (row->rate >= 0)
		snprintf(rate, sizeof(rate), row->rate > 0 && row->rate < 10 ? "%.1f" : "%.0f",
			 row->rate);
	put(look(row), "%-*.*s %-6s %9s %13llu %13llu ", name_width(), name_width(), row->name,
	    row->view.action ? view_action(&row->view) : "", rate,
	    (unsigned long long)row->view.count.packets,
	    (unsigned long long)row->view.count.dropped);
	if (spark_room())
		put(look(row), "%s", spark_print(row->minute, spark_room(), blocks, bars));
}

static void draw_heading(struct body *body, enum query_by by)
{
	if (!next_line(body))
		return;
	put(A_DIM, "%-*.*s %-6s %9s %13s %13s ", name_width(), name_width(), table_headings[by],
	    "ACTION", "NOW /s", "TOTAL", "DROPPED");
	if (spark_room())
		put(A_DIM, "%s", spark_room() >= 11 ? "LAST MINUTE" : "MINUTE");
}

/* Which filter, what it does, and what became of it lately. */
static void draw_title(struct body *body, const struct watched *watched, __u64 now)
{
	const struct reading *reading = watched->reading;
	char lately[WATCHED_TEXT];

	if (!next_line(body))
		return;
	put(A_BOLD, "%s %s", watched->device.label, hook_names[watched->device.hook]);
	if (watched->there && watched->device.hook == HOOK_XDP)
		put(A_NORMAL, ", %s", xdp_mode_name(watched->mode));
	if (reading)
		put(A_NORMAL, ": policy %.64s%s%s", reading->filter.state.policy,
		    reading->filter.state.observe ? " (observing: drops nothing)" : "",
		    !reading->filter.waiting ? "" :
		    reading->filter.expired  ? ", the former one: not confirmed in time" :
					       ", waits for confirmation");
	if (*watched_text(watched, now, lately))
		put(A_BOLD, "; %s", lately);
	if (!watched->there && next_line(body))
		put(A_NORMAL, "  %s", watched->message);
}

static int draw_watched(struct body *body, const struct watched *watched,
			const struct screen *screen, __u64 now)
{
	_cleanup_(table_release) struct table table = {};

	draw_title(body, watched, now);
	if (watched->reading) {
		if (table_build(watched, &screen->choice, &table))
			return fail(ENOMEM, "no memory for the table");
		draw_heading(body, screen->choice.by);
		for (size_t i = 0; i < table.count; i++)
			draw_row(body, &table.rows[i]);
		draw_row(body, &table.rest);
		draw_row(body, &table.sum);
	}
	next_line(body);
	return 0;
}

static void draw_bars(const struct watch *watch, const struct screen *screen)
{
	static const char *const by[] = { "patterns", "flags", "reasons", "states", "life" };
	char time[JSON_TIME];

	move(0, 0);
	put(A_REVERSE, "flagwall watch  %s  by %s, sorted by %s, every %g s%s%s",
	    time_print(watch->time, time), by[screen->choice.by],
	    table_sort_names[screen->choice.by == BY_LIFE ? SORT_ORDER : screen->choice.sort],
	    screen->interval, screen->choice.all ? ", all rows" : "",
	    screen->paused ? "  PAUSED" : "");
	move(LINES - 1, 0);
	put(A_REVERSE,
	    "q quit  space %s  p patterns  f flags  r reasons  t states  l life  s sort  a %s  arrows scroll",
	    screen->paused ? "go on" : "pause", screen->choice.all ? "fewer" : "all rows");
}

static int draw_body(const struct watch *watch, const struct screen *screen, struct body *body)
{
	*body = (struct body){ .top = screen->top, .height = LINES - 2 };
	erase();
	if (!watch->count && next_line(body))
		put(A_NORMAL, "nothing is attached: waiting for 'flagwall attach IFACE'");
	for (size_t i = 0; i < watch->count; i++) {
		int err = draw_watched(body, watch->list[i], screen, watch->time);

		if (err)
			return err;
	}
	return 0;
}

int screen_draw(const struct watch *watch, struct screen *screen)
{
	struct body body;
	int err, last;

	err = draw_body(watch, screen, &body);
	/* Scrolled behind the end, or there is less than before. */
	last = body.line > body.height ? body.line - body.height : 0;
	if (!err && screen->top > last) {
		screen->top = last;
		err = draw_body(watch, screen, &body);
	}
	if (err)
		return err;
	draw_bars(watch, screen);
	refresh();
	return 0;
}

static void scroll_by(struct screen *screen, int lines)
{
	int top = screen->top + lines;

	screen->top = top > 0 ? top : 0;
}

/* Returns 1 to quit. */
static int press(struct screen *screen, int key)
{
	int page = LINES > 4 ? LINES - 4 : 1;

	switch (key) {
	case 'q':
		return 1;
	case ' ':
		screen->paused = !screen->paused;
		break;
	case 'p':
		screen->choice.by = BY_PATTERN;
		break;
	case 'f':
		screen->choice.by = BY_FLAGS;
		break;
	case 'r':
		screen->choice.by = BY_REASON;
		break;
	case 't':
		screen->choice.by = BY_STATE;
		break;
	case 'l':
		screen->choice.by = BY_LIFE;
		break;
	case 's':
		screen->choice.sort = (screen->choice.sort + 1) % SORT_COUNT;
		break;
	case 'a':
		screen->choice.all = !screen->choice.all;
		break;
	case KEY_UP:
	case 'k':
		scroll_by(screen, -1);
		break;
	case KEY_DOWN:
	case 'j':
		scroll_by(screen, 1);
		break;
	case KEY_PPAGE:
		scroll_by(screen, -page);
		break;
	case KEY_NPAGE:
		scroll_by(screen, page);
		break;
	case KEY_HOME:
		screen->top = 0;
		break;
	case KEY_END:
		screen->top = 1 << 20; /* as far as it goes */
		break;
	case 'L' & 0x1f: /* what somebody else wrote to the terminal goes */
		clear();
		break;
	default: /* KEY_RESIZE: drawn again anyway */
		break;
	}
	return 0;
}

int screen_keys(struct screen *screen, bool readable)
{
	int key;

	while ((key = getch()) != ERR) {
		readable = false;
		if (press(screen, key))
			return 1;
	}
	return readable ? -EIO : 0;
}

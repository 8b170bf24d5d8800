// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "screen.h"

#include <errno.h>

#include "cleanup.h"
#include "json.h"
#include "spark.h"
#include "terminal.h"
#include "top_screen.h"

/* Columns of a row, each with a space behind it. The bars get what is left, then names. */
#define NAME_LEAST 20
#define NAME_MOST 40
#define NUMBERS_WIDTH (1 + 6 + 1 + 9 + 1 + 13 + 1 + 13 + 1)

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

	if (!row->view.action || !row->view.count.packets)
		return weight;
	if (row->view.by_policy == policy_action_name(FW_DROP))
		return weight | terminal_colour(COLOUR_DROP);
	if (row->view.by_policy == policy_action_name(FW_COUNT))
		return weight | terminal_colour(COLOUR_COUNT);
	return weight | terminal_colour(COLOUR_PASS);
}

static void draw_row(struct sheet *sheet, const struct table_row *row)
{
	char bars[SPARK_TEXT], rate[32] = "-";

	if (!sheet_line(sheet))
		return;
	if (row->rate >= 0)
		snprintf(rate, sizeof(rate), row->rate > 0 && row->rate < 10 ? "%.1f" : "%.0f",
			 row->rate);
	terminal_put(look(row), "%-*.*s %-6s %9s %13llu %13llu ", name_width(), name_width(),
		     row->name, row->view.action ? view_action(&row->view) : "", rate,
		     (unsigned long long)row->view.count.packets,
		     (unsigned long long)row->view.count.dropped);
	if (spark_room())
		terminal_put(look(row), "%s",
			     spark_print(row->minute, spark_room(), terminal_blocks(), bars));
}

static void draw_heading(struct sheet *sheet, enum query_by by)
{
	if (!sheet_line(sheet))
		return;
	terminal_put(A_DIM, "%-*.*s %-6s %9s %13s %13s ", name_width(), name_width(),
		     table_headings[by], "ACTION", "NOW /s", "TOTAL", "DROPPED");
	if (spark_room())
		terminal_put(A_DIM, "%s", spark_room() >= 11 ? "LAST MINUTE" : "MINUTE");
}

/* Which filter, what it does, and what became of it lately. */
static void draw_title(struct sheet *sheet, const struct watched *watched, __u64 now)
{
	const struct reading *reading = watched->reading;
	char lately[WATCHED_TEXT];

	if (!sheet_line(sheet))
		return;
	terminal_put(A_BOLD, "%s %s", watched->device.label, hook_names[watched->device.hook]);
	if (watched->there && watched->device.hook == HOOK_XDP)
		terminal_put(A_NORMAL, ", %s", xdp_mode_name(watched->mode));
	if (reading)
		terminal_put(A_NORMAL, ": policy %.64s%s%s", reading->filter.state.policy,
			     reading->filter.state.observe ? " (observing: drops nothing)" : "",
			     !reading->filter.waiting ? "" :
			     reading->filter.expired  ? ", the former one: not confirmed in time" :
							", waits for confirmation");
	if (*watched_text(watched, now, lately))
		terminal_put(A_BOLD, "; %s", lately);
	if (!watched->there && sheet_line(sheet))
		terminal_put(A_NORMAL, "  %s", watched->message);
}

/* Where what is flagged comes from, if that is asked for. */
static int draw_origins(struct sheet *sheet, const struct watched *watched,
			const struct watch_top *origins)
{
	const struct tally *tally = watch_top_of(origins, watched);

	if (!tally)
		return 0;
	sheet_line(sheet);
	if (*tally->message && sheet_line(sheet))
		terminal_put(A_BOLD, "%s", tally->message);
	return tally->listening ? top_screen_rows(sheet, tally, &origins->choice) : 0;
}

static int draw_watched(struct sheet *sheet, const struct watched *watched,
			const struct screen *screen, __u64 now)
{
	_cleanup_(table_release) struct table table = {};

	draw_title(sheet, watched, now);
	if (watched->reading) {
		if (table_build(watched, &screen->choice, &table))
			return fail(ENOMEM, "no memory for the table");
		draw_heading(sheet, screen->choice.by);
		for (size_t i = 0; i < table.count; i++)
			draw_row(sheet, &table.rows[i]);
		draw_row(sheet, &table.rest);
		draw_row(sheet, &table.sum);
	}
	if (draw_origins(sheet, watched, screen->origins))
		return -ENOMEM;
	sheet_line(sheet);
	return 0;
}

static void draw_bars(const struct watch *watch, const struct screen *screen)
{
	static const char *const by[] = { "patterns", "flags", "reasons", "states", "life" };
	static const char *const next[] = { "sources", "MACs", "VLANs", "no sources" };
	char time[JSON_TIME];

	move(0, 0);
	terminal_put(
		A_REVERSE, "flagwall watch  %s  by %s, sorted by %s, every %g s%s%s",
		time_print(watch->time, time), by[screen->choice.by],
		table_sort_names[screen->choice.by == BY_LIFE ? SORT_ORDER : screen->choice.sort],
		screen->interval, screen->choice.all ? ", all rows" : "",
		screen->sheet.paused ? "  PAUSED" : "");
	move(LINES - 1, 0);
	terminal_put(
		A_REVERSE,
		"q quit  space %s  p patterns  f flags  r reasons  t states  l life  s sort  a %s  "
		"o %s  arrows scroll",
		screen->sheet.paused ? "go on" : "pause", screen->choice.all ? "fewer" : "all rows",
		next[screen->origins->on ? 1 + screen->origins->choice.kind : 0]);
}

static int draw_body(const struct watch *watch, struct screen *screen)
{
	struct sheet *sheet = &screen->sheet;

	if (!watch->count && sheet_line(sheet))
		terminal_put(A_NORMAL, "nothing is attached: waiting for 'flagwall attach IFACE'");
	for (size_t i = 0; i < watch->count; i++) {
		int err = draw_watched(sheet, watch->list[i], screen, watch->time);

		if (err)
			return err;
	}
	return 0;
}

int screen_draw(const struct watch *watch, struct screen *screen)
{
	do {
		int err;

		sheet_begin(&screen->sheet);
		err = draw_body(watch, screen);
		if (err)
			return err;
	} while (!sheet_end(&screen->sheet));
	draw_bars(watch, screen);
	refresh();
	return 0;
}

/* Nothing, sources, MAC addresses, VLANs, nothing. */
static void next_origins(struct watch_top *origins)
{
	if (!origins->on) {
		origins->on = true;
		origins->choice.kind = ORIGIN_SOURCE;
	} else if (origins->choice.kind + 1 < ORIGIN_KINDS) {
		origins->choice.kind++;
	} else {
		origins->on = false;
	}
}

/* Returns 1 to quit. */
static int press(void *context, int key)
{
	struct screen *screen = context;
	enum sheet_key known = sheet_key(&screen->sheet, key);

	if (known != SHEET_LEFT)
		return known == SHEET_QUIT;
	switch (key) {
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
	case 'o':
		next_origins(screen->origins);
		break;
	default:
		break;
	}
	return 0;
}

int screen_keys(struct screen *screen, bool readable)
{
	return terminal_keys(readable, press, screen);
}

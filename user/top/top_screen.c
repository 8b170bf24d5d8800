// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "top_screen.h"

#include <errno.h>

#include "cleanup.h"
#include "json.h"
#include "ranking_print.h"
#include "terminal.h"

#define ORIGIN_WIDTH 26

static void put_cells(attr_t attributes, const char *origin, const struct ranking_cells *cells)
{
	terminal_put(attributes, "%-*s %13s %8s %7s %9s  %s", ORIGIN_WIDTH, origin, cells->packets,
		     cells->error, cells->share, cells->rate, cells->patterns);
}

/* What comes now stands out. */
static attr_t look(const struct ranking_row *row)
{
	return row->per_second > 0 ? A_BOLD : A_NORMAL;
}

int top_screen_rows(struct sheet *sheet, const struct tally *tally,
		    const struct ranking_choice *choice)
{
	_cleanup_(ranking_release) struct ranking ranking = {};
	struct ranking_cells cells, others, all;
	char origin[ORIGIN_TEXT];

	if (ranking_build(tally, choice, &ranking))
		return fail(ENOMEM, "no memory for the rows of %s", tally->hearing.device.label);
	if (sheet_line(sheet))
		put_cells(A_DIM, ranking_titles[choice->kind], &ranking_cell_titles);
	for (size_t i = 0; i < ranking.count; i++) {
		if (!sheet_line(sheet))
			continue;
		ranking_cells(&ranking, &ranking.rows[i], &cells);
		put_cells(look(&ranking.rows[i]),
			  origin_print(choice->kind, &ranking.rows[i].key, origin), &cells);
	}
	ranking_rest(&ranking, &others, &all);
	if (ranking.others > 0 && sheet_line(sheet))
		put_cells(A_NORMAL, "(others)", &others);
	if (sheet_line(sheet))
		put_cells(A_NORMAL, "all flagged", &all);
	return 0;
}

static int draw_tally(struct sheet *sheet, const struct tally *tally,
		      const struct ranking_choice *choice)
{
	const struct hearing *hearing = &tally->hearing;
	const __u32 sample = hearing->listener.request.sample;
	int err;

	if (sheet_line(sheet)) {
		terminal_put(A_BOLD, "%s %s", hearing->device.label,
			     hook_names[hearing->device.hook]);
		terminal_put(A_NORMAL, ": policy %.64s", hearing->policy.name);
		if (sample > 1)
			terminal_put(A_NORMAL, ", one packet in %u is looked at", sample);
	}
	err = top_screen_rows(sheet, tally, choice);
	sheet_line(sheet);
	return err;
}

static int draw_body(const struct tallies *tallies, struct top_screen *screen)
{
	for (size_t i = 0; i < tallies->count; i++) {
		int err = draw_tally(&screen->sheet, tallies->list[i], &screen->choice);

		if (err)
			return err;
	}
	return 0;
}

static void draw_bars(const struct tallies *tallies, const struct top_screen *screen)
{
	static const char *const by[ORIGIN_KINDS] = { "source", "MAC", "VLAN" };
	char time[JSON_TIME];

	move(0, 0);
	terminal_put(A_REVERSE, "flagwall top  %s  by %s%s, sorted by %s, every %g s%s%s%s",
		     time_print(screen->time, time), by[screen->choice.kind],
		     screen->choice.by_pattern ? " and pattern" : "",
		     screen->choice.by_rate ? "rate" : "total", screen->interval,
		     tallies->pattern ? ", only " : "", tallies->pattern ? tallies->pattern : "",
		     screen->sheet.paused ? "  PAUSED" : "");
	move(LINES - 1, 0);
	terminal_put(A_REVERSE,
		     "q quit  space %s  a addresses  m MAC  v VLAN  p %s  s sort  c count anew  "
		     "arrows scroll",
		     screen->sheet.paused ? "go on" : "pause",
		     screen->choice.by_pattern ? "all patterns together" : "each pattern");
}

int top_screen_draw(const struct tallies *tallies, struct top_screen *screen)
{
	do {
		int err;

		sheet_begin(&screen->sheet);
		err = draw_body(tallies, screen);
		if (err)
			return err;
	} while (!sheet_end(&screen->sheet));
	draw_bars(tallies, screen);
	refresh();
	return 0;
}

/* Returns 1 to quit. */
static int press(void *context, int key)
{
	struct top_screen *screen = context;
	enum sheet_key known = sheet_key(&screen->sheet, key);

	if (known != SHEET_LEFT)
		return known == SHEET_QUIT;
	switch (key) {
	case 'a':
		screen->choice.kind = ORIGIN_SOURCE;
		break;
	case 'm':
		screen->choice.kind = ORIGIN_MAC;
		break;
	case 'v':
		screen->choice.kind = ORIGIN_VLAN;
		break;
	case 'p':
		screen->choice.by_pattern = !screen->choice.by_pattern;
		break;
	case 's':
		screen->choice.by_rate = !screen->choice.by_rate;
		break;
	case 'c':
		screen->anew = true;
		break;
	default:
		break;
	}
	return 0;
}

int top_screen_keys(struct top_screen *screen, bool readable)
{
	return terminal_keys(readable, press, screen);
}

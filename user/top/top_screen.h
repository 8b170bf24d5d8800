/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The first of each tally, on a terminal. */
#ifndef FLAGWALL_TOP_SCREEN_H
#define FLAGWALL_TOP_SCREEN_H

#include "ranking.h"
#include "sheet.h"
#include "tallies.h"

/* What somebody at the terminal has chosen. */
struct top_screen {
	struct ranking_choice choice;
	struct sheet sheet; /* paused: what is shown stays, and is counted on */
	bool anew; /* they want to have it counted from now on; the caller's to take back */
	double interval;
	__u64 time; /* of what is shown, CLOCK_REALTIME ns */
};

/* top_screen_draw - show all of @tallies. Returns 0 or -ENOMEM after fail(). */
int top_screen_draw(const struct tallies *tallies, struct top_screen *screen);

/*
 * top_screen_rows - the first of @tally as lines of @sheet, with a heading, for whoever
 * draws more than that. Returns as top_screen_draw().
 */
int top_screen_rows(struct sheet *sheet, const struct tally *tally,
		    const struct ranking_choice *choice);

/* top_screen_keys - as terminal_keys(). Returns 1 if one was to quit. */
int top_screen_keys(struct top_screen *screen, bool readable);

#endif /* FLAGWALL_TOP_SCREEN_H */

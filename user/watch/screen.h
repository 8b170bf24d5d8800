/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The table on a terminal. */
#ifndef FLAGWALL_SCREEN_H
#define FLAGWALL_SCREEN_H

#include "sheet.h"
#include "table.h"
#include "watch_top.h"

/* What somebody at the terminal has chosen. */
struct screen {
	struct table_choice choice;
	struct sheet sheet;
	double interval;           /* seconds; to be said */
	struct watch_top *origins; /* not owned: what key o is about */
};

/* screen_draw - show @watch as @screen says. Returns 0 or -ENOMEM after fail(). */
int screen_draw(const struct watch *watch, struct screen *screen);

/*
 * screen_keys - do what the keys say that were pressed since. Returns 1 if that was
 * to quit, -EIO in silence if the terminal is gone, or 0. @readable: there is
 * something to read, so that nothing means its end.
 */
int screen_keys(struct screen *screen, bool readable);

#endif /* FLAGWALL_SCREEN_H */

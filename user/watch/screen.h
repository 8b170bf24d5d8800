/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The table on a terminal. There is one terminal, and so one screen. */
#ifndef FLAGWALL_SCREEN_H
#define FLAGWALL_SCREEN_H

#include "table.h"

/* What somebody at the terminal has chosen. */
struct screen {
	struct table_choice choice;
	bool paused;
	int top;         /* the first line of the body that is shown */
	double interval; /* seconds; to be said */
};

/*
 * screen_open - take the terminal on standard output. From then on nothing else may
 * print there.
 *
 * Returns 0, or -ENOTTY in silence if it is none that can move its cursor. The
 * caller lets go of it by screen_close(), however it ends.
 */
int screen_open(void);

/* screen_close - the terminal as it was before. Without screen_open(): nothing. */
void screen_close(void);

/* screen_draw - show @watch as @screen says. Returns 0 or -ENOMEM after fail(). */
int screen_draw(const struct watch *watch, struct screen *screen);

/*
 * screen_keys - do what the keys say that were pressed since. Returns 1 if that was
 * to quit, -EIO in silence if the terminal is gone, or 0. @readable: there is
 * something to read, so that nothing means its end.
 */
int screen_keys(struct screen *screen, bool readable);

#endif /* FLAGWALL_SCREEN_H */

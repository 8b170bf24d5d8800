/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The lines between two bars of a terminal: they can be scrolled, and what they say paused. */
#ifndef FLAGWALL_SHEET_H
#define FLAGWALL_SHEET_H

#include <stdbool.h>

struct sheet {
	int top; /* the first line that is shown */
	bool paused;
	int line, height; /* while it is drawn: the next line, and how many can be seen */
};

/*
 * sheet_begin - the terminal is empty, and the next line the first. To be drawn until
 * sheet_end() says that it is:
 *
 *	do {
 *		sheet_begin(&sheet);
 *		...
 *	} while (!sheet_end(&sheet));
 */
void sheet_begin(struct sheet *sheet);

/*
 * sheet_line - returns whether the next line can be seen, with the cursor at its beginning.
 * What scrolls out of sight is only counted.
 */
bool sheet_line(struct sheet *sheet);

/*
 * sheet_end - false if it was scrolled behind its end, or has fewer lines than it had:
 * it is at its end now, and has to be drawn once more.
 */
bool sheet_end(struct sheet *sheet);

/* sheet_key - what @key does to any of them. */
enum sheet_key {
	SHEET_LEFT, /* nothing */
	SHEET_DONE,
	SHEET_QUIT, /* it is to go */
};
enum sheet_key sheet_key(struct sheet *sheet, int key);

#endif /* FLAGWALL_SHEET_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The terminal on standard output, taken as a whole: what is drawn on it, and the
 * signals that would leave it as it is. There is one, and so one screen.
 */
#ifndef FLAGWALL_TERMINAL_H
#define FLAGWALL_TERMINAL_H

#include <curses.h>
#include <signal.h>
#include <stdbool.h>

#include "report.h"

enum terminal_colour {
	COLOUR_DROP = 1,
	COLOUR_COUNT,
	COLOUR_PASS,
};

/*
 * terminal_open - take the terminal. From then on nothing else may print there.
 *
 * Returns 0, or -ENOTTY in silence if it is none that can move its cursor. The
 * caller lets go of it by terminal_close(), however it ends.
 */
int terminal_open(void);

/* terminal_close - the terminal as it was before. Without terminal_open(): nothing. */
void terminal_close(void);

/* terminal_blocks - does it show UTF-8? */
bool terminal_blocks(void);

/* terminal_colour - the attributes of a colour; none where there are no colours. */
attr_t terminal_colour(enum terminal_colour colour);

/* terminal_put - text at the cursor, as much of it as fits. What comes from outside cannot steer. */
void terminal_put(attr_t attributes, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is kept back while it is taken. */
struct terminal_held {
	sigset_t before; /* the signals that arrive in terminal_wait() */
	char message[REPORT_TEXT];
};

/*
 * terminal_hold - signals that end us, or that curses has handlers for, arrive only in
 * terminal_wait() from now on, and messages wait in @hold.
 */
void terminal_hold(struct terminal_held *hold);

/* terminal_ended - has a signal come that is to end us? */
bool terminal_ended(void);

/*
 * terminal_release - let go of the terminal, and of what was held back: the signal that was
 * to end us does; and if @result is negative, the latest message is said.
 *
 * Returns @result, if it is negative, or 0; and 0 if the terminal is gone.
 */
int terminal_release(struct terminal_held *hold, int result);

/*
 * terminal_wait - for a key, a signal, or so many @nanoseconds; for ever if it is negative.
 * @mask is what terminal_hold() left in @before. Returns which of them it was; or -errno in
 * silence: -EIO if the terminal is gone.
 */
enum terminal_woken {
	WOKEN_BY_TIME,
	WOKEN_BY_KEY,
	WOKEN_BY_SIGNAL, /* the window may have another size: there is a key to be had */
};
int terminal_wait(long long nanoseconds, const sigset_t *mask);

/*
 * terminal_keys - give each key that was pressed to @press, until it returns something.
 * Returns that; or -EIO in silence if the terminal is gone. @readable: there is something
 * to read, so that nothing means its end.
 */
int terminal_keys(bool readable, int (*press)(void *context, int key), void *context);

#endif /* FLAGWALL_TERMINAL_H */

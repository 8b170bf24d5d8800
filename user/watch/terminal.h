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

/* Where the next line of the body goes; what scrolls out of sight is only counted. */
struct terminal_body {
	int line, top, height;
};

/* terminal_line - returns whether the next line can be seen, with the cursor at its beginning. */
bool terminal_line(struct terminal_body *body);

/* terminal_scroll - what @key does to the first line that is shown. False: nothing. */
bool terminal_scroll(int *top, int key);

/*
 * terminal_hold - signals that end us, or that curses has handlers for, arrive only in
 * terminal_wait() from now on; @before is to be restored after terminal_close().
 */
void terminal_hold(sigset_t *before);

/* terminal_ended - has a signal come that is to end us? */
bool terminal_ended(void);

/* terminal_end - then it ends us as it would have: whoever waits for us is told so. */
int terminal_end(void);

/*
 * terminal_wait - for a key, a signal, or so many @nanoseconds; for ever if it is negative.
 * @mask is what terminal_hold() filled. Returns which of them it was; or -errno in silence:
 * -EIO if the terminal is gone.
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

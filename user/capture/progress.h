/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How far a long reading is: a bar on stderr, if that is a terminal. */
#ifndef FLAGWALL_PROGRESS_H
#define FLAGWALL_PROGRESS_H

#include <linux/types.h>

struct progress {
	__u64 size;  /* bytes in all; 0: no bar */
	__u64 next;  /* CLOCK_MONOTONIC ns from which it is drawn again */
	__u64 drawn; /* it stands on the terminal, as so many times */
};

/* progress_start - of the file @fd. Small ones, and what has no size, get no bar. */
void progress_start(struct progress *progress, int fd);

/* progress_update - @done bytes are. Draws a few times a second at most. */
void progress_update(struct progress *progress, __u64 done);

/* progress_end - take it off the terminal. */
void progress_end(struct progress *progress);

#endif /* FLAGWALL_PROGRESS_H */

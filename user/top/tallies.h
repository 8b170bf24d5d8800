/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The tallies of several filters, which keep one time. */
#ifndef FLAGWALL_TALLIES_H
#define FLAGWALL_TALLIES_H

#include "tally.h"

/* Begin with {}; release by tallies_release(). */
struct tallies {
	struct tally **list; /* owned, each of them too */
	size_t count;
	size_t expected;     /* how many there will be */
	const char *pattern; /* of this pattern or reason alone; NULL: all; not owned */
	long long beat;      /* when the next one is due, as pace_now() */
	unsigned int beats;
	bool lenient; /* what cannot be listened to (any more) stays in the list, with its message */
};

/*
 * tallies_add - listen to the filter on @device too. Returns 0 or -errno after fail();
 * if @tallies->lenient, -ENOMEM alone.
 */
int tallies_add(struct tallies *tallies, const struct device *device);

/* tallies_find - the tally of the filter on @device, or NULL. */
struct tally *tallies_find(const struct tallies *tallies, const struct device *device);

/*
 * tallies_beat - what is to be done when @tallies->beat has come. Returns 0; or -errno
 * after fail(), of those that are not lenient.
 */
int tallies_beat(struct tallies *tallies);

/* tallies_mark, tallies_clear, tallies_end - as those of each tally. */
void tallies_mark(struct tallies *tallies);
int tallies_clear(struct tallies *tallies);
int tallies_end(struct tallies *tallies);

/* tallies_forget - end that of the filter on @device, and let go of it. */
void tallies_forget(struct tallies *tallies, const struct device *device);

void tallies_release(struct tallies *tallies);

#endif /* FLAGWALL_TALLIES_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where the flagged packets of watched filters come from, if somebody asked for it. */
#ifndef FLAGWALL_WATCH_TOP_H
#define FLAGWALL_WATCH_TOP_H

#include "ranking.h"
#include "tallies.h"
#include "watched.h"

#define WATCH_TOP_ROWS 10

/* Begin with {}; release by watch_top_release(). */
struct watch_top {
	bool on;
	struct tallies tallies; /* owned */
	struct ranking_choice choice;
};

/*
 * watch_top_follow - after each look: listen to the filters that are there now, and to no
 * others; to none if it is not @top->on. Who cannot be listened to has a message.
 *
 * Returns 0 or -ENOMEM after fail().
 */
int watch_top_follow(struct watch_top *top, const struct watch *watch);

/* watch_top_of - the tally of @watched, or NULL. */
const struct tally *watch_top_of(const struct watch_top *top, const struct watched *watched);

/* watch_top_due - when the next beat is, or @deadline if that comes first. */
long long watch_top_due(const struct watch_top *top, long long deadline);

/* watch_top_beat - if it is time for it. Returns 0 or -errno after fail(). */
int watch_top_beat(struct watch_top *top);

/* watch_top_wait - until @deadline, with its beats. Returns as watch_top_beat(). */
int watch_top_wait(struct watch_top *top, long long deadline);

void watch_top_release(struct watch_top *top);

#endif /* FLAGWALL_WATCH_TOP_H */

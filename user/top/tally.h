/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where the flagged packets of one filter come from, counted while somebody listens.
 *
 * The kernel tells of each flagged packet as long as these are few. Of a flood it tells
 * of one in so many, at random, and such a one counts for so many; what it did not tell
 * of it has counted, so that the sum is known to the packet.
 */
#ifndef FLAGWALL_TALLY_H
#define FLAGWALL_TALLY_H

#include "guard.h"
#include "hearing.h"
#include "heavy.h"
#include "names.h"
#include "origin.h"
#include "report.h"

/* Release it by tally_release(); it does not move. */
struct tally {
	struct hearing hearing; /* owned */
	struct guard guard;
	bool listening;
	char message[REPORT_TEXT]; /* why not, for whom it is kept; or "" */

	struct heavy whole[ORIGIN_KINDS]; /* owned: by origin */
	struct heavy parts[ORIGIN_KINDS]; /* owned: by origin and pattern */
	struct names names;               /* owned */

	double single;  /* packets that were told of and count for one each */
	double sampled; /* what all others count for */
	double factor;  /* what was lost counts for by those that were not */
	struct listen_totals begin, kernel;
	__u64 begin_told;
	__u64 beat; /* when the last was: CLOCK_MONOTONIC ns */
	int above;  /* beats in which a smaller sample would have fitted */

	/* Of the interval that tally_mark() ended. */
	__u64 marked, marked_flagged;
	double seconds, per_second; /* seconds 0: there was none yet */
};

/*
 * tally_begin - listen to the filter on @device, to packets of @pattern (or NULL: all).
 * @device and @pattern live as long. @among: so many filters are listened to; of many the
 * kernel keeps less for each, and an estimate begins at a lower rate.
 *
 * Returns 0 or -errno after fail(). To be released in any case.
 */
int tally_begin(struct tally *tally, const struct device *device, const char *pattern, size_t among);

/*
 * tally_beat - take in what there is; LISTEN_BEATS times a second. tally_look(): once a
 * second, a look at the policy in force. Return 0; or -errno after fail(), if there is
 * nothing to be heard any more.
 */
int tally_beat(struct tally *tally);
int tally_look(struct tally *tally);

/* tally_end - give the plain program back, and take in what is left. As tally_beat(). */
int tally_end(struct tally *tally);

/* tally_mark - an interval ends, and another begins: the heavy_mark() of all tables. */
void tally_mark(struct tally *tally);

/* tally_clear - begin to count anew. Returns 0 or -errno after fail(). */
int tally_clear(struct tally *tally);

/* tally_flagged - how many there were. */
__u64 tally_flagged(const struct tally *tally);

/* tally_lost - how many of them the kernel had to tell of and could not. */
__u64 tally_lost(const struct tally *tally);

void tally_release(struct tally *tally);

#endif /* FLAGWALL_TALLY_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The first of a tally, with what is known of each, and what is left for all others. */
#ifndef FLAGWALL_RANKING_H
#define FLAGWALL_RANKING_H

#include "tally.h"

#define RANKING_MOST 1000 /* rows */
#define RANKING_PARTS 5   /* patterns that are named beside an origin */

struct ranking_choice {
	enum origin_kind kind;
	bool by_pattern; /* a row for each pattern of an origin, instead of one for all */
	bool by_rate;    /* what comes now first, instead of what came in all */
	size_t limit;    /* rows, up to RANKING_MOST */
};

struct ranking_part {
	const char *name; /* of the pattern; of the tally */
	double packets;
};

struct ranking_row {
	struct heavy_key key;
	double packets;
	double error;      /* so much more or less with a probability of 95 % */
	bool exact;        /* not one more or less */
	double per_second; /* in the latest interval; negative: there was none */
	struct ranking_part parts[RANKING_PARTS]; /* the most first */
	size_t part_count;
};

/* Rows and @others together are @flagged. What could as well be nothing has no row. */
struct ranking {
	struct ranking_row *rows; /* owned */
	size_t count;
	double flagged, others;
	double per_second, others_per_second; /* as of a row */
};

/*
 * ranking_build - the first of @tally. Returns 0 and fills @ranking, to be released by
 * ranking_release() and before the tally; or -ENOMEM.
 */
int ranking_build(const struct tally *tally, const struct ranking_choice *choice,
		  struct ranking *ranking);
void ranking_release(struct ranking *ranking);

/* ranking_percent - @packets as a share of all that were flagged. */
double ranking_percent(const struct ranking *ranking, double packets);

#endif /* FLAGWALL_RANKING_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A ranking as lines and as JSON. */
#ifndef FLAGWALL_RANKING_PRINT_H
#define FLAGWALL_RANKING_PRINT_H

#include <jansson.h>

#include "ranking.h"

/* The columns of a row, but its origin: one text each. */
struct ranking_cells {
	char packets[24], error[16], share[16], rate[16];
	char patterns[256];
};

/* ranking_cells - of @row of @ranking. */
void ranking_cells(const struct ranking *ranking, const struct ranking_row *row,
		   struct ranking_cells *cells);

/* ranking_rest - of what has no row, and of all; these are exact. */
void ranking_rest(const struct ranking *ranking, struct ranking_cells *others,
		  struct ranking_cells *all);

/* ranking_heading - one line of what stands in each column. */
void ranking_heading(enum origin_kind kind);

/* ranking_lines - the first of @tally as lines. Returns 0 or -errno after fail(). */
int ranking_lines(__u64 time, const struct tally *tally, const struct ranking_choice *choice);

/* ranking_json - the first of @tally as an object, which the caller owns; NULL without memory. */
json_t *ranking_json(const struct tally *tally, const struct ranking_choice *choice);

/* ranking_titles - of the column of each kind of origin; and of those that struct ranking_cells has. */
extern const char *const ranking_titles[ORIGIN_KINDS];
extern const struct ranking_cells ranking_cell_titles;

#endif /* FLAGWALL_RANKING_PRINT_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is watched of one filter, as the rows of a table: rates, sums, the last minute. */
#ifndef FLAGWALL_TABLE_H
#define FLAGWALL_TABLE_H

#include "flags.h"
#include "query.h"
#include "view.h"
#include "watched.h"

enum table_sort {
	SORT_RATE,    /* what arrives now; among equals what arrived in all */
	SORT_TOTAL,   /* what arrived in all */
	SORT_DROPPED, /* what was dropped in all */
	SORT_ORDER,   /* as the policy has it */
	SORT_COUNT,
};

/* table_sort_names - for people, by number. */
extern const char *const table_sort_names[SORT_COUNT];

/* table_headings - what the first column is, by enum query_by. */
extern const char *const table_headings[];

struct table_choice {
	enum query_by by;
	enum table_sort sort;
	bool all; /* rows of what never arrived too */
};

struct table_row {
	struct view_row view; /* its name is not to be used: */
	char name[SIGNATURE_TEXT];
	bool part;                   /* counted in another row as well */
	unsigned int order;          /* of the view */
	double rate;                 /* packets per second; negative: not known yet */
	float minute[RATES_SECONDS]; /* as rates_minute() */
};

struct table {
	struct table_row *rows; /* owned */
	size_t count;
	struct table_row rest; /* what this view has no rows for */
	struct table_row sum;  /* all packets */
};

/*
 * table_build - the rows of @watched, which has a reading.
 *
 * Returns 0 and fills @table, to be released by table_release(); or -ENOMEM.
 */
int table_build(const struct watched *watched, const struct table_choice *choice,
		struct table *table);
void table_release(struct table *table);

#endif /* FLAGWALL_TABLE_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "ranking.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "cleanup.h"

#define NORMAL_95 1.96 /* standard deviations */

/* What a packet that stands for several counts for, so that all are as many as there were. */
static double scale_of(const struct tally *tally)
{
	const double left = (double)tally_flagged(tally) - tally->single;

	return tally->sampled > 0 && left > 0 ? left / tally->sampled : 1;
}

static double packets_of(const struct heavy_entry *entry, double scale)
{
	return heavy_certain(entry) + entry->sampled * (scale - 1);
}

/*
 * Of a share p of all, sampled at random, the deviation is that of a binomial
 * distribution; and the table may have missed what came before the key was in it.
 */
static double error_of(const struct heavy_entry *entry, double packets, double flagged, double scale)
{
	const double share = flagged > 0 && packets < flagged ? packets / flagged : 1;

	return NORMAL_95 * sqrt(entry->variance * (1 - share)) * scale + entry->error;
}

static double rate_of(const struct tally *tally, double recent)
{
	return tally->seconds > 0 ? recent / tally->seconds : -1;
}

/* Into its place among the most. */
static void add_part(struct ranking_row *row, const struct ranking_part *part)
{
	size_t place = row->part_count;

	if (place < RANKING_PARTS)
		row->part_count++;
	else if (part->packets <= row->parts[--place].packets)
		return;
	for (; place && row->parts[place - 1].packets < part->packets; place--)
		row->parts[place] = row->parts[place - 1];
	row->parts[place] = *part;
}

static void add_parts(const struct tally *tally, enum origin_kind kind, double scale,
		      struct ranking_row *row)
{
	/* One more: if there were too many names, that of all others. */
	for (unsigned int i = 0; i <= tally->names.count; i++) {
		const struct heavy_key key = origin_part(row->key, i);
		const struct heavy_entry *entry = heavy_find(&tally->parts[kind], &key);
		const struct ranking_part part = {
			.name = names_text(&tally->names, i),
			.packets = entry ? packets_of(entry, scale) : 0,
		};

		if (entry && part.packets > 0)
			add_part(row, &part);
	}
}

static void fill(const struct tally *tally, const struct ranking_choice *choice,
		 const struct heavy_entry *entry, struct ranking_row *row)
{
	const double scale = scale_of(tally), flagged = (double)tally_flagged(tally);
	const int pattern = origin_pattern(&entry->key);
	const double packets = packets_of(entry, scale);

	*row = (struct ranking_row){
		.key = origin_whole(entry->key),
		.packets = packets,
		.error = error_of(entry, packets, flagged, scale),
		.exact = entry->error <= 0 && entry->sampled <= 0,
		.per_second = rate_of(tally, entry->recent),
	};
	if (pattern < 0)
		add_parts(tally, choice->kind, scale, row);
	else
		add_part(row, &(const struct ranking_part){
				      .name = names_text(&tally->names, (unsigned int)pattern),
				      .packets = packets });
}

static double at_least_none(double value)
{
	return value > 0 ? value : 0;
}

int ranking_build(const struct tally *tally, const struct ranking_choice *choice,
		  struct ranking *ranking)
{
	const struct heavy *table = choice->by_pattern ? &tally->parts[choice->kind] :
							 &tally->whole[choice->kind];
	_cleanup_free_ const struct heavy_entry **list =
		calloc(choice->limit + 1, sizeof(struct heavy_entry *));
	double packets = 0, recent = 0;
	size_t found;

	*ranking = (struct ranking){};
	ranking->rows = calloc(choice->limit + 1, sizeof(*ranking->rows));
	if (!list || !ranking->rows)
		return -ENOMEM;
	found = heavy_top(table, choice->by_rate ? heavy_recent : heavy_certain, list,
			  choice->limit);
	for (size_t i = 0; i < found; i++) {
		struct ranking_row *row = &ranking->rows[ranking->count];

		fill(tally, choice, list[i], row);
		/* One of a sample may be anybody. */
		if (row->packets <= row->error)
			continue;
		ranking->count++;
		packets += row->packets;
		recent += list[i]->recent;
	}
	ranking->flagged = (double)tally_flagged(tally);
	ranking->others = at_least_none(ranking->flagged - packets);
	ranking->per_second = tally->seconds > 0 ? tally->per_second : -1;
	ranking->others_per_second =
		tally->seconds > 0 ? at_least_none(tally->per_second - recent / tally->seconds) :
				     -1;
	return 0;
}

void ranking_release(struct ranking *ranking)
{
	free(ranking->rows);
	*ranking = (struct ranking){};
}

double ranking_percent(const struct ranking *ranking, double packets)
{
	return ranking->flagged > 0 ? 100 * packets / ranking->flagged : 0;
}

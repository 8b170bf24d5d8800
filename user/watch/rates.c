// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "rates.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define SECOND 1000000000ULL
#define APART (SECOND * 9 / 10) /* a reading each second may come a little early */
#define POINTS 70               /* more than a minute of them */

static const struct rates_point *point(const struct rates *rates, size_t number)
{
	return &rates->points[(rates->first + number) % POINTS];
}

/* Where a reading goes. The newest point gives way until it is a second from the one before. */
static struct rates_point *next_point(struct rates *rates)
{
	size_t used = rates->used;

	if (used >= 2 && point(rates, used - 1)->time - point(rates, used - 2)->time < APART)
		used--;
	else if (used == POINTS)
		rates->first = (rates->first + 1) % POINTS, used--;
	rates->used = used + 1;
	return &rates->points[(rates->first + used) % POINTS];
}

static bool fewer(const struct fw_count *now, const struct fw_count *before)
{
	return now->packets < before->packets || now->bytes < before->bytes ||
	       now->dropped < before->dropped || now->excepted < before->excepted;
}

static bool are_others(const struct rates *rates, const struct fw_count counts[RATES_SLOTS])
{
	for (unsigned int slot = 0; slot < RATES_SLOTS; slot++)
		if (fewer(&counts[slot], &rates->counts[slot]))
			return true;
	return false;
}

static void compare(struct rates *rates, __u64 now, const struct fw_count counts[RATES_SLOTS])
{
	for (unsigned int slot = 0; slot < RATES_SLOTS; slot++) {
		const struct fw_count *before = &rates->counts[slot], *after = &counts[slot];

		rates->recent[slot] = (struct fw_count){
			.packets = after->packets - before->packets,
			.bytes = after->bytes - before->bytes,
			.dropped = after->dropped - before->dropped,
			.excepted = after->excepted - before->excepted,
		};
	}
	rates->seconds = (double)(now - rates->time) / SECOND;
}

int rates_add(struct rates *rates, __u64 now, const struct fw_count by_outcome[FW_OUTCOMES],
	      const struct fw_count by_state[FW_STATE_SLOTS])
{
	static struct fw_count counts[RATES_SLOTS];
	struct rates_point *newest;

	memcpy(counts, by_outcome, FW_OUTCOMES * sizeof(*counts));
	memcpy(counts + RATES_STATES, by_state, FW_STATE_USED * sizeof(*counts));
	if (rates->used && (now <= rates->time || are_others(rates, counts)))
		rates_reset(rates);
	if (!rates->points) {
		rates->points = calloc(POINTS, sizeof(*rates->points));
		if (!rates->points)
			return -ENOMEM;
	}
	if (rates->used)
		compare(rates, now, counts);
	memcpy(rates->counts, counts, sizeof(rates->counts));
	rates->time = now;
	newest = next_point(rates);
	newest->time = now;
	for (unsigned int slot = 0; slot < RATES_SLOTS; slot++)
		newest->packets[slot] = counts[slot].packets;
	return 0;
}

void rates_reset(struct rates *rates)
{
	free(rates->points);
	*rates = (struct rates){};
}

/* The packets of one row at every point. */
struct series {
	double packets[POINTS];
};

/* How many there were at @time, which lies between points @after - 1 and @after. */
static double at(const struct rates *rates, const struct series *series, size_t after, __u64 time)
{
	const struct rates_point *a = point(rates, after - 1), *b = point(rates, after);
	double share = (double)(time - a->time) / (double)(b->time - a->time);

	return series->packets[after - 1] +
	       share * (series->packets[after] - series->packets[after - 1]);
}

/* Per second from @begin to @end, as much of it as was read. */
static float rate(const struct rates *rates, const struct series *series, __u64 begin, __u64 end)
{
	size_t a = 1, b;

	if (begin < point(rates, 0)->time)
		begin = point(rates, 0)->time;
	if (rates->used < 2 || end <= begin)
		return -1;
	while (point(rates, a)->time < begin)
		a++;
	for (b = a; point(rates, b)->time < end;)
		b++;
	return (float)((at(rates, series, b, end) - at(rates, series, a, begin)) * (double)SECOND /
		       (double)(end - begin));
}

int rates_minute(const struct rates *rates, const __u16 row_of[RATES_SLOTS], size_t rows,
		 float (*minute)[RATES_SECONDS])
{
	_cleanup_free_ struct series *series = calloc(rows + 1, sizeof(*series));

	if (!series)
		return -ENOMEM;
	for (size_t i = 0; i < rates->used; i++)
		for (unsigned int slot = 0; slot < RATES_SLOTS; slot++)
			if (row_of[slot] < rows)
				series[row_of[slot]].packets[i] +=
					(double)point(rates, i)->packets[slot];
	for (size_t row = 0; row < rows; row++)
		for (unsigned int i = 0; i < RATES_SECONDS; i++) {
			__u64 ago = (RATES_SECONDS - i) * SECOND;

			/* A clock that began less than a minute ago. */
			minute[row][i] = rates->time < ago ?
						 -1 :
						 rate(rates, &series[row], rates->time - ago,
						      rates->time - ago + SECOND);
		}
	return 0;
}

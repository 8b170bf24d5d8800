// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "tallies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pace.h"

#define BEAT (PACE_SECOND / LISTEN_BEATS)

/* Nothing comes of it any more; what it has stays to be seen. */
static int give_up(const struct tallies *tallies, struct tally *tally, int err)
{
	char late[REPORT_TEXT], *before;

	if (!err || !tallies->lenient)
		return err;
	before = report_keep(late);
	tally_end(tally);
	report_keep(before);
	return 0;
}

int tallies_add(struct tallies *tallies, const struct device *device)
{
	struct tally **list, *tally;
	char message[REPORT_TEXT] = "", *before = NULL;
	int err;

	list = reallocarray(tallies->list, tallies->count + 1, sizeof(struct tally *));
	if (!list)
		return fail(ENOMEM, "no memory for %zu filters", tallies->count + 1);
	tallies->list = list;
	tally = calloc(1, sizeof(*tally));
	if (!tally)
		return fail(ENOMEM, "no memory for %zu filters", tallies->count + 1);
	list[tallies->count++] = tally;
	if (tallies->lenient)
		before = report_keep(message);
	err = tally_begin(tally, device, tallies->pattern, tallies->expected);
	if (tallies->lenient)
		report_keep(before);
	memcpy(tally->message, message, sizeof(message));
	if (!tallies->beat)
		tallies->beat = pace_now() + BEAT;
	return give_up(tallies, tally, err);
}

static size_t place_of(const struct tallies *tallies, const struct device *device)
{
	size_t i = 0;

	for (; i < tallies->count; i++) {
		const struct device *one = &tallies->list[i]->hearing.device;

		if (one->ifindex == device->ifindex && one->hook == device->hook)
			break;
	}
	return i;
}

struct tally *tallies_find(const struct tallies *tallies, const struct device *device)
{
	const size_t place = place_of(tallies, device);

	return place < tallies->count ? tallies->list[place] : NULL;
}

static int beat(const struct tallies *tallies, struct tally *tally)
{
	char *before = NULL;
	int err;

	if (!tally->listening)
		return 0;
	if (tallies->lenient)
		before = report_keep(tally->message);
	err = tally_beat(tally);
	if (!err && tallies->beats % LISTEN_BEATS == 0)
		err = tally_look(tally);
	if (tallies->lenient)
		report_keep(before);
	return give_up(tallies, tally, err);
}

int tallies_beat(struct tallies *tallies)
{
	const long long now = pace_now();

	tallies->beats++;
	tallies->beat += BEAT;
	if (tallies->beat < now)
		tallies->beat = now + BEAT;
	for (size_t i = 0; i < tallies->count; i++) {
		int err = beat(tallies, tallies->list[i]);

		if (err)
			return err;
	}
	return 0;
}

void tallies_mark(struct tallies *tallies)
{
	for (size_t i = 0; i < tallies->count; i++)
		tally_mark(tallies->list[i]);
}

int tallies_clear(struct tallies *tallies)
{
	for (size_t i = 0; i < tallies->count; i++) {
		int err = tallies->list[i]->listening ? tally_clear(tallies->list[i]) : 0;

		if (err && !tallies->lenient)
			return err;
	}
	return 0;
}

int tallies_end(struct tallies *tallies)
{
	int err = 0;

	for (size_t i = 0; i < tallies->count; i++) {
		int one = tally_end(tallies->list[i]);

		err = err ? err : one;
	}
	return err;
}

static void let_go(struct tally *tally)
{
	tally_release(tally);
	free(tally);
}

void tallies_forget(struct tallies *tallies, const struct device *device)
{
	const size_t place = place_of(tallies, device);

	if (place == tallies->count)
		return;
	let_go(tallies->list[place]);
	tallies->count--;
	memmove(&tallies->list[place], &tallies->list[place + 1],
		(tallies->count - place) * sizeof(struct tally *));
}

void tallies_release(struct tallies *tallies)
{
	for (size_t i = 0; i < tallies->count; i++)
		let_go(tallies->list[i]);
	free(tallies->list);
	*tallies = (struct tallies){};
}

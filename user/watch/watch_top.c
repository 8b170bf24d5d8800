// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "watch_top.h"

#include "pace.h"

/* One that is there, but is another than before, or none any more, is begun anew. */
static int follow(struct tallies *tallies, const struct watched *watched)
{
	const struct tally *tally = tallies_find(tallies, &watched->device);

	if (tally && (!watched->there || watched->event == WATCHED_ATTACHED)) {
		tallies_forget(tallies, &watched->device);
		tally = NULL;
	}
	return watched->there && !tally ? tallies_add(tallies, &watched->device) : 0;
}

int watch_top_follow(struct watch_top *top, const struct watch *watch)
{
	const bool began = top->tallies.count;

	if (!top->on) {
		tallies_release(&top->tallies);
		return 0;
	}
	top->tallies.lenient = true;
	top->tallies.expected = watch->count;
	top->choice.limit = WATCH_TOP_ROWS;
	tallies_mark(&top->tallies);
	for (size_t i = 0; i < watch->count; i++) {
		const struct watched *watched = watch->list[i];
		int err;

		/* At first all are new. */
		if (!began && tallies_find(&top->tallies, &watched->device))
			continue;
		err = follow(&top->tallies, watched);
		if (err)
			return err;
	}
	return 0;
}

const struct tally *watch_top_of(const struct watch_top *top, const struct watched *watched)
{
	return top->on ? tallies_find(&top->tallies, &watched->device) : NULL;
}

long long watch_top_due(const struct watch_top *top, long long deadline)
{
	return top->tallies.count && top->tallies.beat < deadline ? top->tallies.beat : deadline;
}

int watch_top_beat(struct watch_top *top)
{
	return top->tallies.count && pace_now() >= top->tallies.beat ? tallies_beat(&top->tallies) :
								       0;
}

int watch_top_wait(struct watch_top *top, long long deadline)
{
	int err = 0;

	while (!err && pace_now() < deadline) {
		pace_wait(watch_top_due(top, deadline));
		err = watch_top_beat(top);
	}
	return err;
}

void watch_top_release(struct watch_top *top)
{
	tallies_release(&top->tallies);
}

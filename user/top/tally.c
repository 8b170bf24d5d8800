// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "tally.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define SECOND 1000000000ULL

/*
 * So many packets a second are told of, at most; a power of two less often than they come.
 * But at first so many more, that a sample is one in no more than a 300,000th of all that
 * there were: then the deviation of a source that sends one in a hundred is 1.8 % of it.
 */
#define TOLD_A_SECOND 50000
#define TOLD_AT_FIRST 100000
#define ALL_OF_SAMPLE 300000

/* Beats. */
#define FALL 5

/* From here on in one beat a CPU thins by itself. */
#define TOLD_BY_CPU 100000

/* More filters than these share the memory that so many have. */
#define FEW 8

/* Keys, whole and parts alike: of addresses as many as anybody likes can be sent. */
static const __u32 capacities[ORIGIN_KINDS] = {
	[ORIGIN_SOURCE] = 65536,
	[ORIGIN_MAC] = 16384,
	[ORIGIN_VLAN] = 16384,
};

static __u64 steady_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)now.tv_sec * SECOND + (__u64)now.tv_nsec;
}

static int take(void *context, const struct event *event)
{
	struct tally *tally = context;
	const __u16 stands_for = event->stands_for ? event->stands_for : 1;
	const double weight = stands_for * tally->factor;
	const int number = names_number(&tally->names, event->verdict.outcome, event->name);

	if (number < 0)
		return fail(ENOMEM, "no memory for the names of patterns");
	for (enum origin_kind kind = 0; kind < ORIGIN_KINDS; kind++) {
		const struct heavy_key whole = origin_of(kind, event);
		const struct heavy_key part = origin_part(whole, (unsigned int)number);

		heavy_add(&tally->whole[kind], &whole, weight);
		heavy_add(&tally->parts[kind], &part, weight);
	}
	*(weight > 1 ? &tally->sampled : &tally->single) += weight;
	return 0;
}

static int open_tables(struct tally *tally)
{
	__u64 seed;

	/* Who knows it can choose addresses that are slow to find. */
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		return fail(errno, "cannot get random bytes: %s", strerror(errno));
	for (enum origin_kind kind = 0; kind < ORIGIN_KINDS; kind++)
		if (heavy_open(&tally->whole[kind], capacities[kind], seed) ||
		    heavy_open(&tally->parts[kind], capacities[kind], seed))
			return fail(ENOMEM, "no memory for the tables of sources");
	return 0;
}

static void clean(void *context)
{
	const struct tally *tally = context;

	filter_listen_end(&tally->hearing.listener);
}

int tally_begin(struct tally *tally, const struct device *device, const char *pattern, size_t among)
{
	const __u32 most = (__u32)(TOLD_BY_CPU / ((among + FEW - 1) / FEW ?: 1));
	int err;

	*tally = (struct tally){ .hearing = { .pattern = pattern, .take = take, .context = tally },
				 .factor = 1 };
	if ((err = hearing_claim(&tally->hearing, device, 1, most)) ||
	    (err = guard_start(&tally->guard, clean, tally)) || (err = open_tables(tally)))
		return err;
	tally->hearing.listener.request.thin = true;
	tally->hearing.listener.request.untimed = true;
	tally->listening = true;
	if ((err = hearing_begin(&tally->hearing)))
		return err;
	/* Loading a program takes its time. */
	tally->beat = tally->marked = steady_now();
	filter_listen_beat(&tally->hearing.listener);
	return 0;
}

/* One in how many should be told of, if @flagged come in @elapsed ns. */
static __u32 fitting_sample(const struct tally *tally, __u64 flagged, __u64 elapsed)
{
	const double rate = (double)flagged * (double)SECOND / (double)(elapsed ? elapsed : 1);
	const __u64 all = tally_flagged(tally) + flagged;
	__u32 sample = 1;

	while (sample < FW_SAMPLE_MOST &&
	       (rate / sample > TOLD_AT_FIRST ||
		(rate / sample > TOLD_A_SECOND && all / ALL_OF_SAMPLE >= 2 * sample)))
		sample *= 2;
	return sample;
}

/*
 * One in how many is told of in the next beat. It rises at once, and falls by half after
 * FALL beats: what comes in bursts would else begin with many each time.
 */
static __u32 next_sample(struct tally *tally, __u64 flagged, __u64 elapsed)
{
	const __u32 now = tally->hearing.listener.request.sample;
	const __u32 fitting = fitting_sample(tally, flagged, elapsed);

	if (fitting < now && ++tally->above < FALL)
		return now;
	tally->above = 0;
	return fitting < now ? now / 2 : fitting;
}

int tally_beat(struct tally *tally)
{
	struct listener *listener = &tally->hearing.listener;
	const struct listen_totals before = tally->kernel;
	struct listen_totals *now = &tally->kernel;
	const __u64 time = steady_now();
	struct listen_rise rise;
	int err;

	err = filter_listen_totals(listener, now);
	if (err)
		return err;
	rise = listen_totals_since(&before, now);
	/* What could not be told of was like what was, between two beats. */
	tally->factor = rise.told ? 1 + (double)rise.missed / (double)rise.told : 1;
	listener->request.sample = next_sample(tally, rise.told + rise.untold, time - tally->beat);
	tally->beat = time;
	filter_listen_beat(listener);
	return hearing_read(&tally->hearing);
}

int tally_look(struct tally *tally)
{
	return hearing_look(&tally->hearing);
}

int tally_end(struct tally *tally)
{
	struct listener *listener = &tally->hearing.listener;
	char first[REPORT_TEXT], *before;
	int err, late = 0;

	if (!tally->listening)
		return 0;
	tally->listening = false;
	before = report_keep(first);
	err = listener->begun ? filter_listen_end(listener) : 0;
	report_keep(before);
	/* Now that nothing more comes; if it ever did. */
	if (listener->ring && !(late = filter_listen_totals(listener, &tally->kernel)))
		late = hearing_read(&tally->hearing);
	/* Loading a program takes descriptors, and here are some. */
	filter_listen_deafen(listener);
	if (err)
		err = filter_listen_end(listener);
	if (err)
		guard_leave(&tally->guard);
	else
		guard_dismiss(&tally->guard);
	return err ? err : late;
}

__u64 tally_flagged(const struct tally *tally)
{
	return tally->hearing.told - tally->begin_told +
	       listen_totals_since(&tally->begin, &tally->kernel).untold;
}

__u64 tally_lost(const struct tally *tally)
{
	return listen_totals_since(&tally->begin, &tally->kernel).missed;
}

void tally_mark(struct tally *tally)
{
	const __u64 now = steady_now(), flagged = tally_flagged(tally);

	tally->seconds = (double)(now - tally->marked) / (double)SECOND;
	/* The kernel counts on while it is read: it may have been a few more before. */
	tally->per_second = flagged > tally->marked_flagged ?
				    (double)(flagged - tally->marked_flagged) / tally->seconds :
				    0;
	tally->marked = now;
	tally->marked_flagged = flagged;
	for (enum origin_kind kind = 0; kind < ORIGIN_KINDS; kind++) {
		heavy_mark(&tally->whole[kind]);
		heavy_mark(&tally->parts[kind]);
	}
}

int tally_clear(struct tally *tally)
{
	int err = tally_beat(tally);

	for (enum origin_kind kind = 0; kind < ORIGIN_KINDS; kind++) {
		heavy_clear(&tally->whole[kind]);
		heavy_clear(&tally->parts[kind]);
	}
	tally->single = tally->sampled = 0;
	tally->begin = tally->kernel;
	tally->begin_told = tally->hearing.told;
	tally->marked = steady_now();
	tally->marked_flagged = 0;
	tally->seconds = tally->per_second = 0;
	return err;
}

void tally_release(struct tally *tally)
{
	if (tally->listening)
		tally_end(tally);
	guard_dismiss(&tally->guard);
	hearing_release(&tally->hearing);
	for (enum origin_kind kind = 0; kind < ORIGIN_KINDS; kind++) {
		heavy_close(&tally->whole[kind]);
		heavy_close(&tally->parts[kind]);
	}
	names_release(&tally->names);
}

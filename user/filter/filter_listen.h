/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Listening to a filter: as long as somebody does, a program runs that tells of
 * flagged packets; before and afterwards there is nothing of it in the packet path.
 * A change of the policy or of the program meanwhile takes the ring along.
 */
#ifndef FLAGWALL_FILTER_LISTEN_H
#define FLAGWALL_FILTER_LISTEN_H

#include "event_maps.h"
#include "filter.h"
#include "listen_totals.h"

struct ring_buffer;

/* How often the listener reads, and grants the kernel its rate anew. */
#define LISTEN_BEATS 10 /* a second */

/* What it wants to hear of. */
struct listen_request {
	__u32 sample; /* one in so many, on each CPU; from 1 */
	__u32 rate;   /* most a second, from each CPU; from 1 */
	bool thin;    /* beyond the rate: twice the sample, instead of nothing */
	bool untimed; /* without the time of each */
	/* A packet was flagged. Anything but 0 ends filter_listen_read(). */
	int (*hear)(void *context, const struct fw_event *event);
	void *context;
};

/* One filter that is listened to. To be ended by filter_listen_end() and released. */
struct listener {
	const struct device *device;
	struct listen_request request;
	struct pins_key key;    /* of its filter */
	int lock;               /* owned, or -1: keeps others from listening */
	struct fw_config state; /* what was in force when last looked at */

	/* From filter_listen_begin() on. */
	bool begun;               /* a program ran that tells */
	struct event_maps maps;   /* owned */
	struct ring_buffer *ring; /* owned */
	size_t heard;             /* events in this filter_listen_read() */
	struct fw_listen ask;
};

#define LISTENER_NONE                                                                              \
	{                                                                                          \
		.lock = -1, .maps = EVENT_MAPS_NONE                                                \
	}

/* filter_listened - is somebody there who listens to @filter? */
bool filter_listened(const struct filter *filter);

/*
 * filter_listen_claim - be the one who listens to the filter on @listener->device;
 * nothing changes yet. The claim ends with the last process that has @listener->lock.
 *
 * Returns 0; or -errno after fail(): -ENOENT if nothing is attached, -EBUSY if
 * somebody listens.
 */
int filter_listen_claim(struct listener *listener);

/*
 * filter_listen_begin - let a program run that tells. Returns 0 or -errno after
 * fail(). What is to be told is said by filter_listen_want().
 */
int filter_listen_begin(struct listener *listener);

/*
 * filter_listen_look - see what is in force now: @listener->state. Returns 0; or -errno
 * after fail(), if the filter is gone, or runs a program that does not tell us.
 */
int filter_listen_look(struct listener *listener);

/* filter_listen_want - tell of @wanted, a byte an outcome, from now on. */
void filter_listen_want(struct listener *listener, const __u8 wanted[FW_ACTION_SLOTS]);

/*
 * filter_listen_beat - we are here: let the kernel tell of as many as the rate allows, by
 * @listener->request as it is now.
 */
void filter_listen_beat(struct listener *listener);

/* filter_listen_read - hear what there is. */
void filter_listen_read(struct listener *listener);

/* filter_listen_totals - returns 0 or -errno after fail(). */
int filter_listen_totals(const struct listener *listener, struct listen_totals *totals);

/*
 * filter_listen_end - put a plain program back; whoever shares the claim may do that.
 * Silent if the filter is gone or tells nobody.
 *
 * Returns 0 or -errno after fail().
 */
int filter_listen_end(const struct listener *listener);

/*
 * filter_listen_deafen - let go of ring and maps, and of their descriptors: nothing more is
 * heard. The claim stays.
 */
void filter_listen_deafen(struct listener *listener);

/* filter_listen_release - let go of what is owned. */
void filter_listen_release(struct listener *listener);

#endif /* FLAGWALL_FILTER_LISTEN_H */

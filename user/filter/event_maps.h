/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps by which a program tells a listener of flagged packets. They are there
 * while somebody listens, and go from program to program as long as that lasts.
 */
#ifndef FLAGWALL_EVENT_MAPS_H
#define FLAGWALL_EVENT_MAPS_H

#include <linux/types.h>
#include <stdbool.h>

#include "pins.h"

enum event_map {
	EVENT_RING,   /* struct fw_event */
	EVENT_LISTEN, /* struct fw_listen */
	EVENT_COUNTS, /* struct fw_event_count, per CPU */
	EVENT_MAPS,
};

/* Descriptors, or -1. */
struct event_maps {
	int fd[EVENT_MAPS];
};

#define EVENT_MAPS_NONE                                                                            \
	{                                                                                          \
		{                                                                                  \
			-1, -1, -1                                                                 \
		}                                                                                  \
	}

/* event_maps_objects - their names in the object file. */
extern const char *const event_maps_objects[EVENT_MAPS];

/* event_maps_there - is it more than EVENT_MAPS_NONE? */
bool event_maps_there(const struct event_maps *maps);

/*
 * event_maps_open - those of generation @number. Returns 0, -ENOENT if it has none,
 * -EPROTO if they are not what this version makes, or another -errno, in silence. To be
 * closed in any case.
 */
int event_maps_open(const struct pins_key *key, __u32 number, struct event_maps *maps);

/* event_maps_refuse - what event_maps_open() returned, about @label. Returns as fail(). */
int event_maps_refuse(int err, const char *label);

/* event_maps_pin - pin them there. Returns 0 or -errno in silence. */
int event_maps_pin(const struct event_maps *maps, const struct pins_key *key, __u32 number);

/* event_maps_close - close descriptors that were opened here. */
void event_maps_close(struct event_maps *maps);

#endif /* FLAGWALL_EVENT_MAPS_H */

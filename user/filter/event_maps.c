// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "event_maps.h"

#include "cleanup.h"
#include "generation.h"

const char *const event_maps_objects[EVENT_MAPS] = {
	[EVENT_RING] = "fw_events",
	[EVENT_LISTEN] = ".data.listen",
	[EVENT_COUNTS] = "fw_event_counts",
};

static const char *const pin_names[EVENT_MAPS] = {
	[EVENT_RING] = "events",
	[EVENT_LISTEN] = "listen",
	[EVENT_COUNTS] = "event_counts",
};

bool event_maps_there(const struct event_maps *maps)
{
	return maps->fd[EVENT_RING] >= 0;
}

int event_maps_open(const struct pins_key *key, __u32 number, struct event_maps *maps)
{
	for (unsigned int i = 0; i < EVENT_MAPS; i++) {
		maps->fd[i] = generation_open(key, number, pin_names[i]);
		if (maps->fd[i] < 0)
			return maps->fd[i];
	}
	return 0;
}

int event_maps_pin(const struct event_maps *maps, const struct pins_key *key, __u32 number)
{
	int err = 0;

	for (unsigned int i = 0; i < EVENT_MAPS && !err; i++)
		err = generation_pin(maps->fd[i], key, number, pin_names[i]);
	return err;
}

void event_maps_close(struct event_maps *maps)
{
	for (unsigned int i = 0; i < EVENT_MAPS; i++)
		cleanup_close(&maps->fd[i]);
	*maps = (struct event_maps)EVENT_MAPS_NONE;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "event_maps.h"

#include <bpf/bpf.h>
#include <errno.h>

#include "cleanup.h"
#include "flagwall/layout.h"
#include "generation.h"
#include "kernel.h"
#include "map.h"
#include "report.h"
#include "version.h"

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

/* A ring has no keys and values of its own. */
static bool is_ring(int fd)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &size) && info.type == BPF_MAP_TYPE_RINGBUF &&
	       !info.key_size;
}

/* Are they what this version would make? The kernel would take others at their word. */
static bool fit(const struct event_maps *maps)
{
	return is_ring(maps->fd[EVENT_RING]) &&
	       map_fits(maps->fd[EVENT_LISTEN], BPF_MAP_TYPE_ARRAY, sizeof(struct fw_listen), 1) &&
	       map_fits(maps->fd[EVENT_COUNTS], BPF_MAP_TYPE_PERCPU_ARRAY,
			sizeof(struct fw_event_count), 1);
}

int event_maps_open(const struct pins_key *key, __u32 number, struct event_maps *maps)
{
	for (unsigned int i = 0; i < EVENT_MAPS; i++) {
		maps->fd[i] = generation_open(key, number, pin_names[i]);
		if (maps->fd[i] < 0)
			return maps->fd[i];
	}
	return fit(maps) ? 0 : -EPROTO;
}

int event_maps_refuse(int err, const char *label)
{
	if (err != -EPROTO)
		return kernel_refused(-err, "%s: cannot open the maps of its events", label);
	return fail(EPROTO,
		    "%s: the maps of its events are damaged, or of another version of flagwall than "
		    "%s: listen again",
		    label, flagwall_version);
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

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opening a filter. */
#include "filter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "generation.h"
#include "kernel.h"
#include "link.h"
#include "map.h"
#include "netns.h"
#include "report.h"
#include "version.h"

/* More in a row while one question is asked is no coincidence. */
#define REPLACEMENTS_MOST 100

void filter_let_go(struct filter *filter)
{
	int *const owned[] = { &filter->link,   &filter->link6,     &filter->entry,
			       &filter->config, &filter->samples,   &filter->counters,
			       &filter->states, &filter->exceptions };

	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
		cleanup_close(owned[i]);
		*owned[i] = -1;
	}
}

void filter_close(struct filter *filter)
{
	filter_let_go(filter);
	*filter = (struct filter)FILTER_NONE;
}

/* One pin. Returns the descriptor or -errno in silence. */
static int open_pin(const struct pins_key *key, const char *name)
{
	char path[PINS_PATH];
	int fd = bpf_obj_get(pins_path(key, name, path));

	return fd < 0 ? -errno : fd;
}

/* Two programs may share the time: which one has it now? */
static int read_trial(struct filter *filter)
{
	_cleanup_close_ int fd = generation_open(&filter->key, filter->generation, "trial");
	struct timespec now;
	__u32 zero = 0;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (!map_fits(fd, BPF_MAP_TYPE_ARRAY, sizeof(filter->trial), 1))
		return -EPROTO;
	if (bpf_map_lookup_elem(fd, &zero, &filter->trial) || clock_gettime(CLOCK_BOOTTIME, &now))
		return -errno;
	filter->waiting = true;
	filter->expired = (__u64)now.tv_sec * 1000000000 + (__u64)now.tv_nsec >=
			  filter->trial.deadline;
	filter->generation =
		filter->trial.generation[filter->expired ? FW_TRIAL_FALLBACK : FW_TRIAL_TRIED];
	return 0;
}

static int open_generation(struct filter *filter)
{
	int err = generation_find(&filter->key, filter->program, &filter->generation);

	/* What an earlier try saw may be over. */
	filter->waiting = filter->expired = false;
	if (err || (err = read_trial(filter)))
		return err;
	if ((filter->config = generation_open(&filter->key, filter->generation, "config")) < 0)
		return filter->config;
	filter->exceptions = generation_open(&filter->key, filter->generation, "exceptions");
	return filter->exceptions < 0 && filter->exceptions != -ENOENT ? filter->exceptions : 0;
}

/* The generation in force may be replaced, and removed, while we look for it. */
static int find_generation(struct filter *filter)
{
	for (int i = 0; i < REPLACEMENTS_MOST; i++) {
		__u32 program = filter->program;
		int err = open_generation(filter);

		if (err != -ENOENT)
			return err;
		if ((err = link_read(filter)))
			return err;
		if (filter->program == program)
			return -EPROTO; /* not removed by us */
	}
	return -EPROTO;
}

/*
 * As much of what is in force as is there. In every layout it is an array's one
 * element that says whose it is, in the same place.
 */
static int read_state(struct filter *filter)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info), zero = 0;
	_cleanup_free_ void *value = NULL;

	if (bpf_obj_get_info_by_fd(filter->config, &info, &size))
		return -errno;
	if (info.type != BPF_MAP_TYPE_ARRAY || info.key_size != sizeof(zero) ||
	    info.value_size < offsetof(struct fw_config, version) + sizeof(filter->state.version))
		return -EPROTO;
	value = malloc(info.value_size);
	if (!value)
		return -ENOMEM;
	if (bpf_map_lookup_elem(filter->config, &zero, value))
		return -errno;
	memcpy(&filter->state, value,
	       info.value_size < sizeof(filter->state) ? info.value_size : sizeof(filter->state));
	return 0;
}

static int read_config(struct filter *filter)
{
	int err = find_generation(filter);

	if (err || (err = read_state(filter)))
		return err;
	if (filter->state.layout != FW_LAYOUT ||
	    !map_fits(filter->config, BPF_MAP_TYPE_ARRAY, sizeof(filter->state), 1) ||
	    !map_fits(filter->counters, BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct fw_count),
		      FW_OUTCOMES) ||
	    !map_fits(filter->states, BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct fw_count),
		      FW_STATE_SLOTS) ||
	    !map_fits(filter->samples, BPF_MAP_TYPE_ARRAY, sizeof(struct fw_samples), FW_OUTCOMES))
		return -EPROTO;
	return 0;
}

static int open_pins(const struct pins_key *key, struct filter *filter)
{
	filter->key = *key;
	if ((filter->link = open_pin(key, "link")) < 0)
		return filter->link;
	if (key->hook == HOOK_NETFILTER)
		filter->link6 = open_pin(key, "link6");
	filter->entry = open_pin(key, "entry");
	/* With a link, a pin that is missing was not removed by us. */
	if ((filter->counters = open_pin(key, "counters")) < 0 ||
	    (filter->samples = open_pin(key, "samples")) < 0 ||
	    (filter->states = open_pin(key, "states")) < 0)
		return errno == ENOENT ? -EPROTO : -errno;
	return 0;
}

int filter_try(const struct pins_key *key, struct filter *filter)
{
	int err = open_pins(key, filter);

	/* Even without the rest, the link tells whose filter it is. */
	if (filter->link >= 0) {
		int link_err = link_read(filter);

		err = err ? err : link_err;
	}
	return err ? err : read_config(filter);
}

int filter_again(struct filter *filter)
{
	unsigned int ifindex = filter->ifindex;
	__u32 program = filter->program, zero = 0;
	char path[PINS_PATH];

	/* A trial ends by itself. */
	if (filter->waiting || access(pins_path(&filter->key, "link", path), F_OK) ||
	    link_read(filter) || !filter->ifindex || filter->ifindex != ifindex ||
	    filter->program != program || (filter->entry >= 0 && link_runs(filter) != 1))
		return -ESTALE;
	return bpf_map_lookup_elem(filter->config, &zero, &filter->state) ? -errno : 0;
}

int filter_is_on(struct filter *filter, unsigned int ifindex)
{
	int err, on;

	if (filter->link < 0 || !ifindex || filter->ifindex != ifindex)
		return 0;
	if (filter->entry >= 0)
		return link_runs(filter);
	/*
	 * Somebody may be replacing the program between our two questions. The
	 * answer about the device comes after such a change: ask the link again.
	 */
	for (int i = 0; i < REPLACEMENTS_MOST; i++) {
		__u32 program = filter->program;

		on = device_runs(ifindex, filter->key.hook, program);
		/* Whoever may not ask sees at least what was attached here, and changes nothing. */
		if (on == -EPERM && filter->key.hook != HOOK_XDP) {
			filter->guessed = true;
			return filter->key.netns == netns_inode();
		}
		if (on)
			return on == -ENODEV ? 0 : on;
		err = link_read(filter);
		if (err)
			return err;
		if (filter->ifindex != ifindex || filter->program == program)
			return 0;
	}
	return 0;
}

/* As filter_locate(), of what is pinned under @key: 1 if it is another; -errno in silence. */
static int locate_under(const struct pins_key *key, const struct device *device,
			struct filter *filter, int *readable)
{
	_cleanup_(filter_close) struct filter candidate = FILTER_NONE;
	int err = filter_try(key, &candidate), on;

	if (err && err != -ENOENT && err != -EPROTO)
		return err;
	on = filter_is_on(&candidate, device->ifindex);
	if (on <= 0)
		return on ? on : 1;
	*readable = err;
	*filter = candidate;
	candidate = (struct filter)FILTER_NONE;
	return 0;
}

int filter_locate(const struct device *device, struct filter *filter, int *readable)
{
	/* Where it nearly always is: who watches many of them looks there often. */
	const struct pins_key usual = { .netns = device->netns,
					.ifindex = device->ifindex,
					.hook = device->hook };
	_cleanup_free_ struct pins_key *keys = NULL;
	int result = locate_under(&usual, device, filter, readable), count;

	if (!result)
		return 0;
	count = pins_list(&keys);
	if (count < 0)
		return count;
	for (int i = 0; i < count; i++) {
		if (keys[i].hook != device->hook)
			continue;
		result = locate_under(&keys[i], device, filter, readable);
		if (!result)
			return 0;
		if (result < 0)
			return kernel_refused(-result, "%s: cannot open the pins", device->label);
	}
	return -ENOENT;
}

/* A text, and not what a damaged map has in its place? */
static bool is_version(const char *text, size_t room)
{
	size_t length = strnlen(text, room);

	for (size_t i = 0; i < length; i++)
		if (!isgraph((unsigned char)text[i]))
			return false;
	return length && length < room;
}

static int refuse_unreadable(const struct device *device, const struct filter *filter, int error)
{
	char path[PINS_PATH], words[DEVICE_WORDS];

	device_words(device, words);
	if (filter->state.layout && filter->state.layout != FW_LAYOUT &&
	    is_version(filter->state.version, sizeof(filter->state.version)))
		return fail(
			error,
			"%s: flagwall %.32s attached it with layout %u, and this is version %s with layout %d: "
			"use that one, or 'flagwall detach %s' and attach again",
			device->label, filter->state.version, filter->state.layout,
			flagwall_version, FW_LAYOUT, words);
	return fail(error,
		    "%s: the pins under %s are damaged, or of another version of flagwall than %s: "
		    "'flagwall detach %s' ends that filter",
		    device->label, pins_path(&filter->key, "", path), flagwall_version, words);
}

int filter_find(const struct device *device, struct filter *filter)
{
	_cleanup_(filter_close) struct filter found = FILTER_NONE;
	int readable = 0, err;

	err = filter_locate(device, &found, &readable);
	if (err)
		return err;
	if (readable)
		return refuse_unreadable(device, &found, -readable);
	*filter = found;
	found = (struct filter)FILTER_NONE;
	return 0;
}

int filter_refuse_guess(const struct device *device, const struct filter *filter)
{
	return filter->guessed ? fail(EPERM,
				      "%s: without CAP_NET_ADMIN it cannot be told whether the "
				      "filter at %s is on it: run as root, or with it",
				      device->label, hook_names[device->hook]) :
				 0;
}

int filter_need(const struct device *device, struct filter *filter)
{
	int err = filter_find(device, filter);
	char words[DEVICE_WORDS];

	if (err == -ENOENT)
		return fail(ENOENT, "nothing is attached to %s%s: 'flagwall attach %s' does that",
			    device->label, hook_at(device->hook), device_words(device, words));
	return err ? err : filter_refuse_guess(device, filter);
}

int filter_held(const struct filter *filter, unsigned int slot, struct fw_config *state)
{
	_cleanup_close_ int fd =
		generation_open(&filter->key, filter->trial.generation[slot], "config");
	__u32 zero = 0;

	if (fd < 0)
		return fd;
	/* Of another size it would not fit there. */
	if (!map_fits(fd, BPF_MAP_TYPE_ARRAY, sizeof(*state), 1))
		return -EPROTO;
	return bpf_map_lookup_elem(fd, &zero, state) ? -errno : 0;
}

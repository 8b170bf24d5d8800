// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opening and reading a filter. */
#include "filter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "kernel.h"
#include "report.h"

void filter_close(struct filter *filter)
{
	cleanup_close(&filter->link);
	cleanup_close(&filter->config);
	cleanup_close(&filter->samples);
	cleanup_close(&filter->counters);
	*filter = (struct filter)FILTER_NONE;
}

/* One pin. Returns the descriptor or -errno in silence. */
static int open_pin(const struct pins_key *key, const char *name)
{
	char path[PINS_PATH];
	int fd = bpf_obj_get(pins_path(key, name, path));

	return fd < 0 ? -errno : fd;
}

static int read_link(struct filter *filter)
{
	struct bpf_link_info info = {};
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(filter->link, &info, &size))
		return kernel_refused(errno, "cannot read the pinned link");
	filter->ifindex = info.xdp.ifindex;
	filter->program = info.prog_id;
	return 0;
}

/* Is the map behind @fd the one that this version would make? */
static bool map_fits(int fd, __u32 value_size, __u32 entries)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &size) && info.value_size == value_size &&
	       info.max_entries == entries;
}

static int read_config(struct filter *filter)
{
	__u32 zero = 0;

	if (!map_fits(filter->config, sizeof(filter->state), 1) ||
	    !map_fits(filter->counters, sizeof(struct fw_count), FW_OUTCOMES) ||
	    !map_fits(filter->samples, sizeof(struct fw_samples), FW_OUTCOMES))
		return fail(EPROTO,
			    "ifindex %u: the pinned maps were written by another version of flagwall; "
			    "detach with that version, or rm -r " PINS_ROOT
			    "/%llu-%u, and attach again",
			    filter->key.ifindex, (unsigned long long)filter->key.netns,
			    filter->key.ifindex);
	if (bpf_map_lookup_elem(filter->config, &zero, &filter->state))
		return kernel_refused(errno, "cannot read the pinned config");
	if (filter->state.layout != FW_LAYOUT)
		return fail(
			EPROTO,
			"%.16s: the pinned maps have layout %u of flagwall %.32s, this one reads layout %d; "
			"detach with that version and attach again",
			filter->state.interface, filter->state.layout, filter->state.version,
			FW_LAYOUT);
	return 0;
}

int filter_open(const struct pins_key *key, struct filter *filter)
{
	_cleanup_(filter_close) struct filter opened = FILTER_NONE;
	int err;

	opened.key = *key;
	opened.link = open_pin(key, "link");
	if (opened.link == -ENOENT)
		return -ENOENT;
	if (opened.link < 0)
		return kernel_refused(-opened.link, "cannot open the pinned link");
	opened.config = open_pin(key, "config");
	opened.counters = open_pin(key, "counters");
	opened.samples = open_pin(key, "samples");
	if (opened.config < 0 || opened.counters < 0 || opened.samples < 0)
		return fail(ENOENT,
			    "ifindex %u: a pin is missing under " PINS_ROOT
			    "/%llu-%u; detach and attach again",
			    key->ifindex, (unsigned long long)key->netns, key->ifindex);
	err = read_link(&opened);
	if (err)
		return err;
	err = read_config(&opened);
	if (err)
		return err;
	*filter = opened;
	opened = (struct filter)FILTER_NONE;
	return 0;
}

int filter_find(const struct device *device, struct filter *filter)
{
	struct pins_key key = { device->netns, device->ifindex };
	int err;

	err = filter_open(&key, filter);
	if (err)
		return err;
	if (!filter->ifindex) {
		filter_close(filter);
		return -ENOENT;
	}
	return 0;
}

static void add(struct fw_count *sum, const struct fw_count *cpus, int count)
{
	for (int i = 0; i < count; i++) {
		sum->packets += cpus[i].packets;
		sum->bytes += cpus[i].bytes;
		sum->dropped += cpus[i].dropped;
	}
}

/* One system call an outcome: before 5.13 per-CPU arrays know no batches. */
static int counts_singly(int map, int cpus, struct fw_count *values,
			 struct fw_count counts[FW_OUTCOMES])
{
	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		if (bpf_map_lookup_elem(map, &outcome, values))
			return kernel_refused(errno, "cannot read the counters");
		add(&counts[outcome], values, cpus);
	}
	return 0;
}

int filter_counts(const struct filter *filter, struct fw_count counts[FW_OUTCOMES])
{
	_cleanup_free_ struct fw_count *values = NULL;
	_cleanup_free_ __u32 *keys = NULL;
	int cpus = libbpf_num_possible_cpus();
	__u32 batch, count = FW_OUTCOMES;

	if (cpus < 0)
		return kernel_refused(-cpus, "cannot tell how many CPUs there are");
	values = calloc((size_t)cpus * FW_OUTCOMES, sizeof(*values));
	keys = calloc(FW_OUTCOMES, sizeof(*keys));
	if (!values || !keys)
		return fail(ENOMEM, "no memory for the counters of %d CPUs", cpus);

	memset(counts, 0, sizeof(*counts) * FW_OUTCOMES);
	/* -ENOENT says that this batch was the last. */
	if (bpf_map_lookup_batch(filter->counters, NULL, &batch, keys, values, &count, NULL) &&
	    (errno != ENOENT || count != FW_OUTCOMES))
		return counts_singly(filter->counters, cpus, values, counts);
	for (__u32 i = 0; i < count; i++)
		add(&counts[keys[i]], values + (size_t)i * (size_t)cpus, cpus);
	return 0;
}

int filter_samples(const struct filter *filter, struct fw_samples **samples)
{
	_cleanup_free_ struct fw_samples *read = calloc(FW_OUTCOMES, sizeof(*read));

	if (!read)
		return fail(ENOMEM, "no memory for the samples");
	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++)
		if (bpf_map_lookup_elem_flags(filter->samples, &outcome, &read[outcome], BPF_F_LOCK))
			return kernel_refused(errno, "cannot read the samples");
	*samples = take_ptr(read);
	return 0;
}

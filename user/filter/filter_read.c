// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading what a filter has counted and kept. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "count.h"
#include "filter.h"
#include "kernel.h"
#include "report.h"

static void add_cpus(struct fw_count *sum, const struct fw_count *cpus, int count)
{
	for (int i = 0; i < count; i++)
		count_add(sum, &cpus[i]);
}

/* One system call a slot: before 5.13 per-CPU arrays know no batches. */
static int counts_singly(int map, int cpus, struct fw_count *values, struct fw_count *counts,
			 __u32 slots)
{
	for (__u32 slot = 0; slot < slots; slot++) {
		if (bpf_map_lookup_elem(map, &slot, values))
			return kernel_refused(errno, "cannot read the counters");
		add_cpus(&counts[slot], values, cpus);
	}
	return 0;
}

/* All @slots of @map, summed over all CPUs. */
static int read_counts(int map, struct fw_count *counts, __u32 slots)
{
	_cleanup_free_ struct fw_count *values = NULL;
	_cleanup_free_ __u32 *keys = NULL;
	int cpus = libbpf_num_possible_cpus();
	__u32 batch, count = slots;

	if (cpus < 0)
		return kernel_refused(-cpus, "cannot tell how many CPUs there are");
	values = reallocarray(NULL, (size_t)cpus * slots, sizeof(*values));
	keys = reallocarray(NULL, slots, sizeof(*keys));
	if (!values || !keys)
		return fail(ENOMEM, "no memory for the counters of %d CPUs", cpus);

	memset(counts, 0, sizeof(*counts) * slots);
	/* -ENOENT says that this batch was the last. */
	if (bpf_map_lookup_batch(map, NULL, &batch, keys, values, &count, NULL) &&
	    (errno != ENOENT || count != slots))
		return counts_singly(map, cpus, values, counts, slots);
	for (__u32 i = 0; i < count; i++)
		add_cpus(&counts[keys[i]], values + (size_t)i * (size_t)cpus, cpus);
	return 0;
}

int filter_counts(const struct filter *filter, struct fw_count counts[FW_OUTCOMES])
{
	return read_counts(filter->counters, counts, FW_OUTCOMES);
}

int filter_states(const struct filter *filter, struct fw_count *counts)
{
	return read_counts(filter->states, counts, FW_STATE_SLOTS);
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

int filter_exceptions(const struct filter *filter, struct exception **exceptions, size_t *count)
{
	_cleanup_free_ struct exception *list = NULL;
	struct fw_except_key key, *last = NULL;
	struct fw_except value;
	size_t used = 0;

	if (filter->exceptions >= 0) {
		list = calloc(filter->state.exceptions, sizeof(*list));
		if (!list)
			return fail(ENOMEM, "no memory for %u exceptions", filter->state.exceptions);
	}
	while (list && used < filter->state.exceptions &&
	       !bpf_map_get_next_key(filter->exceptions, last, &key)) {
		struct exception *exception = &list[used++];

		if (bpf_map_lookup_elem(filter->exceptions, &key, &value))
			return kernel_refused(errno, "cannot read the exceptions");
		exception->direction = key.direction;
		exception->family = key.family;
		exception->prefix = (__u8)(key.prefixlen - FW_EXCEPT_BITS);
		memcpy(exception->address, key.address, sizeof(key.address));
		memcpy(exception->classes, value.classes, sizeof(value.classes));
		last = &key;
	}
	*count = used;
	*exceptions = take_ptr(list);
	return 0;
}

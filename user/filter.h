/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The filter on one interface: the seam between the verbs and libbpf. Nothing
 * outside filter*.c, device.c and kernel.c knows a symbol of libbpf's.
 */
#ifndef FLAGWALL_FILTER_H
#define FLAGWALL_FILTER_H

#include <stdbool.h>

#include "device.h"
#include "flagwall/layout.h"
#include "pins.h"

/* A filter that is there, opened. Release it by filter_close(). */
struct filter {
	struct pins_key key;
	int link; /* descriptors of the pins */
	int config;
	int samples;
	int counters;
	unsigned int ifindex; /* 0: the interface is gone, the link severed */
	__u32 program;        /* ID of the program the link holds */
	struct fw_config state;
};

#define FILTER_NONE                                                                                \
	{                                                                                          \
		.link = -1, .config = -1, .samples = -1, .counters = -1                            \
	}

/*
 * filter_open - open the filter under @key.
 *
 * Returns 0; -ENOENT in silence if there is none; -errno after fail(), for one
 * that another version wrote as well. @filter must be FILTER_NONE.
 */
int filter_open(const struct pins_key *key, struct filter *filter);

/*
 * filter_find - open the filter of @device.
 *
 * Returns as filter_open(); a severed one counts as none.
 */
int filter_find(const struct device *device, struct filter *filter);

/* filter_close - let go of it. It goes on filtering. */
void filter_close(struct filter *filter);

/*
 * filter_counts - sum the counters over all CPUs.
 *
 * Returns 0 and fills @counts, by outcome; or -errno after fail().
 */
int filter_counts(const struct filter *filter, struct fw_count counts[FW_OUTCOMES]);

/*
 * filter_samples - read the samples, by outcome. Untaken ones have time 0.
 *
 * Returns 0 and *@samples, owned by the caller (free()); or -errno after fail().
 */
int filter_samples(const struct filter *filter, struct fw_samples **samples);

enum attach_mode {
	ATTACH_AUTO,
	ATTACH_NATIVE,
	ATTACH_GENERIC,
};

enum attach_verdict {
	ATTACH_KEEP, /* what is in force; on a new filter: enforce */
	ATTACH_OBSERVE,
	ATTACH_ENFORCE,
};

struct attach_request {
	enum attach_mode mode;
	enum attach_verdict verdict;
};

/*
 * filter_attach - put a filter on @device, or put today's program in the place
 * of the one that is there: the counters stay, and no packet goes unjudged.
 *
 * Returns 0 or -errno after fail(); then everything is as it was.
 */
int filter_attach(const struct device *device, const struct attach_request *request);

/*
 * filter_detach - take the filter off @device.
 *
 * Returns 0; -ENOENT in silence if there is none; or -errno after fail().
 */
int filter_detach(const struct device *device);

/* filter_reap - remove what severed links and killed loaders left. Needs pins_lock(). */
void filter_reap(void);

#endif /* FLAGWALL_FILTER_H */

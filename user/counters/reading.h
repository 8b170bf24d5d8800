/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One reading of one filter's counters: what `counters` prints. */
#ifndef FLAGWALL_READING_H
#define FLAGWALL_READING_H

#include <jansson.h>

#include "filter.h"
#include "policy.h"
#include "query.h"

#define BOOT_ID 64 /* bytes, with NUL */

/* All that was read, at one time. */
struct reading {
	struct device device;
	struct filter filter;                /* owned */
	struct policy policy;                /* owned: the one in force */
	struct fw_count counts[FW_OUTCOMES]; /* since attach, or since the snapshot */
	struct fw_count base[FW_OUTCOMES];   /* what the snapshot had; zero without */
	struct fw_count states[FW_STATE_SLOTS];
	struct fw_count states_base[FW_STATE_SLOTS]; /* the same, by state */
	struct fw_samples *samples;                  /* owned; NULL unless asked for */
	__u64 time;                                  /* CLOCK_REALTIME ns */
	__u64 since;                                 /* the time of the snapshot; 0 without */
	char boot_id[BOOT_ID];                       /* empty if unknown */
};

/*
 * reading_take - read the filter on @device.
 *
 * Returns 0 and fills @reading, to be released by reading_release() in any
 * case; or -errno after fail().
 */
int reading_take(const struct device *device, bool samples, struct reading *reading);
void reading_release(struct reading *reading);

/*
 * reading_is_there - is the filter of @reading there as it was? Then what is in force is
 * read once more. Returns 0; or -errno: then reading_take() says what became of it.
 */
int reading_is_there(struct reading *reading);

/* reading_again - its counters once more, without samples. Returns 0 or -errno after fail(). */
int reading_again(struct reading *reading);

/* reading_text - print it for people. */
void reading_text(const struct reading *reading, const struct query *query);

/* reading_json - the object of DESIGN: the caller owns it; NULL without memory. */
json_t *reading_json(const struct reading *reading, const struct query *query);

#endif /* FLAGWALL_READING_H */

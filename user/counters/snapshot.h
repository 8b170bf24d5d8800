/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A snapshot: the counters of one filter at one time, in a file. What came
 * after it is a difference, so that nobody needs to set counters to zero.
 * docs/json.md describes the file.
 */
#ifndef FLAGWALL_SNAPSHOT_H
#define FLAGWALL_SNAPSHOT_H

#include "reading.h"

/*
 * snapshot_save - write the counters of @reading, since attach, to @path.
 *
 * The file is there as a whole or not at all; one that was there is replaced.
 * Returns 0 or -errno after fail().
 */
int snapshot_save(struct reading *reading, const char *path);

/*
 * snapshot_since - take what the snapshot @path had away from @reading, which
 * then is about the time since.
 *
 * Returns 0; or -errno after fail(), if the file is no snapshot, or not one of
 * this filter's counters in this boot.
 */
int snapshot_since(const char *path, struct reading *reading);

#endif /* FLAGWALL_SNAPSHOT_H */

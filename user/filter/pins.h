/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a filter lives on: /sys/fs/bpf/flagwall/<netns inode>-<ifindex>/<hook>/
 * with link, counters, samples, and generations (generation.h). The name of the interface is no
 * part of it: bpffs refuses dots, and two namespaces may both have an eth0.
 * A directory without a link is what a killed attach left: it means nothing
 * and is removed by whoever writes next.
 */
#ifndef FLAGWALL_PINS_H
#define FLAGWALL_PINS_H

#include <stdbool.h>
#include <sys/types.h>

#include "hook.h"

#define PINS_MOUNT "/sys/fs/bpf"
#define PINS_ROOT PINS_MOUNT "/flagwall"
#define PINS_PATH 128

/*
 * What a pin directory's name says: where the interface was at attach. One that
 * was moved to another namespace keeps its filter and its directory; if another
 * takes its number, that one gets the next place.
 */
struct pins_key {
	ino_t netns;
	unsigned int ifindex;
	unsigned int place; /* 0, and not part of the name, but for strangers */
	enum hook hook;
};

/*
 * pins_lock - make sure that bpffs is there and that nobody else changes
 * filters, until pins_unlock(). Mounts bpffs at its default path, and says so,
 * where that can last.
 *
 * Returns a descriptor, or -errno after fail().
 */
int pins_lock(void);

/* pins_unlock - let others go on; a cleanup function. No filter, no directory. */
void pins_unlock(const int *lock);

/* pins_path - write the path of pin @name (or of the directory: "") and return it. */
const char *pins_path(const struct pins_key *key, const char *name, char path[PINS_PATH]);

/*
 * pins_make - create a directory for @key, whose place is chosen. Returns 0 or
 * -errno in silence.
 */
int pins_make(struct pins_key *key);

/* pins_remove - remove all pins of @key, the link first. Returns 0 or -errno in silence. */
int pins_remove(const struct pins_key *key);

/*
 * pins_empty - remove everything below the directory @path, whoever put it there.
 * Returns 0, also if there is none; or -errno in silence.
 */
int pins_empty(const char *path);

/* What pins_lock() would meet. */
enum pins_state {
	PINS_READY,
	PINS_UNMOUNTED, /* it would mount it */
	PINS_HIDDEN,    /* as under `ip netns exec` */
	PINS_READONLY,
	PINS_FOREIGN, /* not a directory of ours, or others may write there */
	PINS_CLOSED,  /* root's, and this process may not look */
};

/* pins_look - which of these it is; nothing is changed. */
enum pins_state pins_look(void);

/* pins_visible - may this process look for filters at all? Are there pins? */
bool pins_visible(void);

/*
 * pins_list - all keys there are, in no order.
 *
 * Returns how many, with *@keys owned by the caller (free()); -ENOENT in silence
 * if there is none; or -errno after fail(), if they cannot be seen (as under
 * `ip netns exec`) or trusted.
 */
int pins_list(struct pins_key **keys);

#endif /* FLAGWALL_PINS_H */

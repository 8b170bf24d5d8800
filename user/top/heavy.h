/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The heaviest of any number of keys, in memory that never grows. Pure.
 *
 * As long as there is room every key is counted. When there is none, the lighter half
 * goes at once, and from then on a key that is new may have had as much as the heaviest
 * of those that ever went: its @floor. That is never more than 2/capacity of all that was
 * counted: each time that the floor rises by some amount, half of the keys that are there
 * have that much above it. (Misra and Gries 1982; by medians: Anderson and others,
 * arXiv:1705.07001.)
 */
#ifndef FLAGWALL_HEAVY_H
#define FLAGWALL_HEAVY_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* What it means is the caller's affair: all bits are compared. */
struct heavy_key {
	__u64 word[3];
};

struct heavy_entry {
	struct heavy_key key;
	double count;    /* no less than what came */
	double error;    /* and no more than so much above it */
	double sampled;  /* what of the count is of packets that stand for several */
	double variance; /* of that */
	double before;   /* the count when heavy_mark() was called last */
	double recent;   /* what came between that and the call before it */
};

/* Begin with {}; release by heavy_close(). */
struct heavy {
	struct heavy_entry *entries; /* owned */
	__u32 *index;                /* owned: by hash, the number of an entry + 1 */
	double *counts;              /* owned: room for finding the median */
	__u32 capacity, used;
	__u32 mask; /* of the index */
	__u64 seed;
	double floor;
};

/*
 * heavy_open - room for @capacity keys, a power of two. @seed is not to be guessed by
 * whoever chooses the keys.
 *
 * Returns 0 or -ENOMEM.
 */
int heavy_open(struct heavy *heavy, __u32 capacity, __u64 seed);
void heavy_close(struct heavy *heavy);

/* heavy_add - a packet of @key came, which stands for @weight of them, from 1. */
void heavy_add(struct heavy *heavy, const struct heavy_key *key, double weight);

/* heavy_find - its entry, until the next heavy_add(), or NULL. */
const struct heavy_entry *heavy_find(const struct heavy *heavy, const struct heavy_key *key);

/* heavy_mark - an interval ends: @recent of each entry is what came in it. */
void heavy_mark(struct heavy *heavy);

/* heavy_clear - forget all of them. */
void heavy_clear(struct heavy *heavy);

/* heavy_certain - what came of it without doubt: its count, less the error. */
static inline double heavy_certain(const struct heavy_entry *entry)
{
	return entry->count - entry->error;
}

/* heavy_recent - what came of it in the latest interval. */
static inline double heavy_recent(const struct heavy_entry *entry)
{
	return entry->recent;
}

/*
 * heavy_top - the @most that have the most of what @value says, the first the most;
 * of equal ones the smaller key. Those with nothing are left out. Returns how many it
 * put into @list.
 */
size_t heavy_top(const struct heavy *heavy, double (*value)(const struct heavy_entry *entry),
		 const struct heavy_entry **list, size_t most);

#endif /* FLAGWALL_HEAVY_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "heavy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int heavy_open(struct heavy *heavy, __u32 capacity, __u64 seed)
{
	const size_t slots = 2 * (size_t)capacity;

	*heavy = (struct heavy){ .capacity = capacity, .mask = (__u32)slots - 1, .seed = seed };
	/* Zeroed pages take no memory until there are keys for them. */
	heavy->entries = calloc(capacity, sizeof(*heavy->entries));
	heavy->index = calloc(slots, sizeof(*heavy->index));
	heavy->counts = calloc(capacity, sizeof(*heavy->counts));
	if (heavy->entries && heavy->index && heavy->counts)
		return 0;
	heavy_close(heavy);
	return -ENOMEM;
}

void heavy_close(struct heavy *heavy)
{
	free(heavy->entries);
	free(heavy->index);
	free(heavy->counts);
	*heavy = (struct heavy){};
}

/* The finalizer of MurmurHash3. */
static __u64 mix(__u64 value)
{
	value = (value ^ value >> 33) * 0xff51afd7ed558ccdULL;
	value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53ULL;
	return value ^ value >> 33;
}

static bool is_same(const struct heavy_key *a, const struct heavy_key *b)
{
	return a->word[0] == b->word[0] && a->word[1] == b->word[1] && a->word[2] == b->word[2];
}

/* Where @key stands in the index, or would stand. Half of the index is free, at least. */
static __u32 slot_of(const struct heavy *heavy, const struct heavy_key *key)
{
	__u64 hash = heavy->seed;
	__u32 slot;

	for (size_t i = 0; i < sizeof(key->word) / sizeof(key->word[0]); i++)
		hash = mix(hash ^ key->word[i]);
	for (slot = (__u32)hash & heavy->mask; heavy->index[slot]; slot = (slot + 1) & heavy->mask)
		if (is_same(&heavy->entries[heavy->index[slot] - 1].key, key))
			break;
	return slot;
}

static void swap(double *a, double *b)
{
	double other = *a;

	*a = *b;
	*b = other;
}

/*
 * The one of @count @values, which are moved about, that would be at @place if they were
 * sorted (Hoare 1961). Those that equal the pivot lie between @low and @high: of a flood
 * most do.
 */
static double select_value(double *values, size_t count, size_t place, __u64 random)
{
	size_t begin = 0, among = count;

	/* @place is always among them. */
	while (among) {
		const size_t end = begin + among;
		size_t low = begin, high = end, at = begin;
		double pivot;

		random = mix(random + 1);
		pivot = values[begin + random % among];
		while (at < high) {
			if (values[at] < pivot)
				swap(&values[at++], &values[low++]);
			else if (values[at] > pivot)
				swap(&values[at], &values[--high]);
			else
				at++;
		}
		if (place >= low && place < high)
			return pivot;
		among = place < low ? low - begin : end - high;
		begin = place < low ? begin : high;
	}
	return 0;
}

/* The lighter half goes, and whatever is no heavier than its heaviest. */
static void purge(struct heavy *heavy)
{
	__u32 kept = 0;

	for (__u32 i = 0; i < heavy->used; i++)
		heavy->counts[i] = heavy->entries[i].count;
	heavy->floor = select_value(heavy->counts, heavy->used, (heavy->used - 1) / 2, heavy->seed);
	memset(heavy->index, 0, ((size_t)heavy->mask + 1) * sizeof(*heavy->index));
	for (__u32 i = 0; i < heavy->used; i++) {
		if (heavy->entries[i].count <= heavy->floor)
			continue;
		heavy->entries[kept] = heavy->entries[i];
		heavy->index[slot_of(heavy, &heavy->entries[kept].key)] = kept + 1;
		kept++;
	}
	heavy->used = kept;
}

/* A new entry, at @slot of the index. */
static struct heavy_entry *insert(struct heavy *heavy, const struct heavy_key *key, __u32 slot)
{
	struct heavy_entry *entry;

	if (heavy->used == heavy->capacity) {
		purge(heavy);
		slot = slot_of(heavy, key);
	}
	entry = &heavy->entries[heavy->used];
	*entry = (struct heavy_entry){
		.key = *key, .count = heavy->floor, .error = heavy->floor, .before = heavy->floor
	};
	heavy->index[slot] = ++heavy->used;
	return entry;
}

void heavy_add(struct heavy *heavy, const struct heavy_key *key, double weight)
{
	const __u32 slot = slot_of(heavy, key);
	struct heavy_entry *entry = heavy->index[slot] ? &heavy->entries[heavy->index[slot] - 1] :
							 insert(heavy, key, slot);

	entry->count += weight;
	if (weight > 1) {
		entry->sampled += weight;
		entry->variance += weight * (weight - 1);
	}
}

const struct heavy_entry *heavy_find(const struct heavy *heavy, const struct heavy_key *key)
{
	const __u32 number = heavy->index[slot_of(heavy, key)];

	return number ? &heavy->entries[number - 1] : NULL;
}

void heavy_mark(struct heavy *heavy)
{
	for (__u32 i = 0; i < heavy->used; i++) {
		struct heavy_entry *entry = &heavy->entries[i];

		entry->recent = entry->count - entry->before;
		entry->before = entry->count;
	}
}

void heavy_clear(struct heavy *heavy)
{
	memset(heavy->index, 0, ((size_t)heavy->mask + 1) * sizeof(*heavy->index));
	heavy->used = 0;
	heavy->floor = 0;
}

/* Does @a come before @b? */
static bool is_before(const struct heavy_entry *a, const struct heavy_entry *b,
		      double (*value)(const struct heavy_entry *entry))
{
	const double x = value(a), y = value(b);

	if (x > y || x < y)
		return x > y;
	for (size_t i = 0; i < sizeof(a->key.word) / sizeof(a->key.word[0]); i++)
		if (a->key.word[i] != b->key.word[i])
			return a->key.word[i] < b->key.word[i];
	return false;
}

size_t heavy_top(const struct heavy *heavy, double (*value)(const struct heavy_entry *entry),
		 const struct heavy_entry **list, size_t most)
{
	size_t count = 0;

	for (__u32 i = 0; i < heavy->used; i++) {
		const struct heavy_entry *entry = &heavy->entries[i];
		size_t place = count;

		if (value(entry) <= 0 ||
		    (count == most && (!most || !is_before(entry, list[most - 1], value))))
			continue;
		if (count < most)
			count++;
		else
			place = most - 1;
		for (; place && is_before(entry, list[place - 1], value); place--)
			list[place] = list[place - 1];
		list[place] = entry;
	}
	return count;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a capture's bytes come from, one after the other: a file, a pipe or
 * memory, and unpacked if they are gzip's. Nothing is ever sought, so that
 * what reads from here reads a pipe as it reads a file. zlib does the unpacking.
 */
#ifndef FLAGWALL_SOURCE_H
#define FLAGWALL_SOURCE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct source_gzip;

struct source {
	const __u8 *at;     /* the bytes that are there, */
	size_t left;        /* and how many */
	__u64 position;     /* of @at in the (unpacked) bytes, from 0 */
	__u64 taken;        /* bytes read from the file or the memory, as they are there */
	int error;          /* -errno of a read that failed, or 0 */
	const char *damage; /* what is wrong with the packing, or NULL; not owned */
	int fd;             /* not owned; -1: memory */
	bool ended;         /* there are no more than those at @at */
	__u8 *buffer;       /* owned, of @capacity bytes; NULL for memory as it is */
	size_t capacity;
	struct source_gzip *gzip; /* owned; NULL: not packed */
};

/*
 * source_file - read from @fd, which stays the caller's.
 * source_memory - read from @length bytes at @data, which stay the caller's.
 *
 * Return 0, or -ENOMEM, or -errno of the first read. In any case @source is to
 * be released by source_close().
 */
int source_file(struct source *source, int fd);
int source_memory(struct source *source, const void *data, size_t length);
void source_close(struct source *source);

/* source_fill - what source_peek() does when there are too few bytes. */
const __u8 *source_fill(struct source *source, size_t length);

/*
 * source_peek - the next @length bytes, or NULL if there are fewer: then left,
 * error and damage say how many and why.
 *
 * Valid until the next peek or discard. It waits only until it has @length bytes.
 */
static inline const __u8 *source_peek(struct source *source, size_t length)
{
	return source->left >= length ? source->at : source_fill(source, length);
}

/* source_skip - go on behind @length bytes, all of which were peeked at. */
static inline void source_skip(struct source *source, size_t length)
{
	source->at += length;
	source->left -= length;
	source->position += length;
}

/* source_discard - go on behind @length bytes, seen or not. False if there are fewer. */
bool source_discard(struct source *source, __u64 length);

#endif /* FLAGWALL_SOURCE_H */

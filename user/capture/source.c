// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "cleanup.h"

#define CHUNK (256 * 1024) /* bytes: fits into a core's cache */

/* 15 bits of window, with the header and trailer of gzip (zlib.h). */
#define GZIP_WINDOW (15 + 16)

struct source_gzip {
	z_stream stream;
	__u8 *packed; /* owned, CHUNK bytes; NULL for memory */
	bool between; /* at the end of a member: another may follow */
};

static bool is_gzip(const __u8 *data, size_t length)
{
	return length >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

/* As read(2), and -errno: of the file's own bytes. */
static ssize_t read_some(struct source *source, __u8 *into, size_t length)
{
	ssize_t got;

	do {
		got = read(source->fd, into, length);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		source->taken += (__u64)got;
	return got < 0 ? -errno : got;
}

/* More packed bytes, behind those that are left. Returns how many, 0 at the end, or -errno. */
static ssize_t read_packed(struct source *source)
{
	struct source_gzip *gzip = source->gzip;
	ssize_t got;

	if (source->fd < 0)
		return 0;
	memmove(gzip->packed, gzip->stream.next_in, gzip->stream.avail_in);
	gzip->stream.next_in = gzip->packed;
	got = read_some(source, gzip->packed + gzip->stream.avail_in, CHUNK - gzip->stream.avail_in);
	if (got > 0)
		gzip->stream.avail_in += (uInt)got;
	return got;
}

/*
 * Behind a member: does another follow? Zeros do not count, as gzip(1) has it:
 * tapes have them. Returns 1, 0 at the end, or -errno.
 */
static ssize_t next_member(struct source *source)
{
	z_stream *stream = &source->gzip->stream;
	ssize_t got;

	for (;;) {
		while (stream->avail_in && !*stream->next_in) {
			stream->next_in++;
			stream->avail_in--;
		}
		if (is_gzip(stream->next_in, stream->avail_in))
			return inflateReset(stream) == Z_OK ? 1 : -ENOMEM;
		if (stream->avail_in >= 2)
			break;
		got = read_packed(source);
		if (got < 0)
			return got;
		if (!got)
			break;
	}
	if (stream->avail_in)
		source->damage = "bytes that are not gzip's stand behind its end";
	return 0;
}

/* As read(2), and -errno: of unpacked bytes. */
static ssize_t inflate_some(struct source *source, __u8 *into, size_t length)
{
	struct source_gzip *gzip = source->gzip;
	z_stream *stream = &gzip->stream;
	ssize_t got;
	int status;

	stream->next_out = into;
	stream->avail_out = (uInt)length;
	while (stream->avail_out == length) {
		if (gzip->between) {
			got = next_member(source);
			if (got <= 0)
				return got;
			gzip->between = false;
		}
		if (!stream->avail_in) {
			got = read_packed(source);
			if (got < 0)
				return got;
			if (!got) {
				source->damage = "it ends before gzip's end";
				return 0;
			}
		}
		status = inflate(stream, Z_NO_FLUSH);
		gzip->between = status == Z_STREAM_END;
		if (status == Z_MEM_ERROR)
			return -ENOMEM;
		if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
			source->damage = "gzip's bytes are damaged";
			break; /* with what was unpacked before */
		}
	}
	return (ssize_t)(length - stream->avail_out);
}

static int reserve(struct source *source, size_t length)
{
	__u8 *larger;

	if (length <= source->capacity)
		return 0;
	larger = realloc(source->buffer, length);
	if (!larger)
		return -ENOMEM;
	source->buffer = larger;
	source->capacity = length;
	return 0;
}

const __u8 *source_fill(struct source *source, size_t length)
{
	if (source->ended)
		return NULL;
	if (source->left) /* no packet is longer than a buffer: a part of one */
		memmove(source->buffer, source->at, source->left);
	if (reserve(source, length)) {
		source->error = -ENOMEM;
		source->ended = true;
	}
	source->at = source->buffer;
	while (!source->ended && source->left < length) {
		__u8 *into = source->buffer + source->left;
		size_t room = source->capacity - source->left;
		ssize_t got = source->gzip ? inflate_some(source, into, room) :
					     read_some(source, into, room);

		if (got > 0)
			source->left += (size_t)got;
		else
			source->error = (int)got;
		source->ended = got <= 0 || source->damage;
	}
	return source->left >= length ? source->at : NULL;
}

bool source_discard(struct source *source, __u64 length)
{
	while (length > source->left) {
		length -= source->left;
		source_skip(source, source->left);
		if (!source_fill(source, 1))
			return false;
	}
	source_skip(source, (size_t)length);
	return true;
}

/* What is there so far turned out to be packed: unpack it from now on. */
static int unpack(struct source *source)
{
	struct source_gzip *gzip = calloc(1, sizeof(*gzip));

	if (!gzip)
		return -ENOMEM;
	if (inflateInit2(&gzip->stream, GZIP_WINDOW) != Z_OK) {
		free(gzip);
		return -ENOMEM;
	}
	source->gzip = gzip;
	/* zlib takes no const, and changes nothing (ZLIB_CONST is newer than its users). */
	gzip->stream.next_in = (__u8 *)source->at;
	gzip->stream.avail_in = (uInt)source->left;
	gzip->packed = take_ptr(source->buffer);
	source->capacity = 0;
	source->left = 0;
	source->ended = false;
	if (reserve(source, CHUNK))
		return -ENOMEM;
	source->at = source->buffer;
	return 0;
}

int source_file(struct source *source, int fd)
{
	*source = (struct source){ .fd = fd };
	if (reserve(source, CHUNK))
		return -ENOMEM;
	source->at = source->buffer;
	if (source_fill(source, 2) && is_gzip(source->at, source->left))
		return unpack(source);
	return source->error;
}

int source_memory(struct source *source, const void *data, size_t length)
{
	*source = (struct source){
		.fd = -1, .at = data, .left = length, .taken = length, .ended = true
	};
	return is_gzip(data, length) ? unpack(source) : 0;
}

void source_close(struct source *source)
{
	if (source->gzip) {
		inflateEnd(&source->gzip->stream);
		free(source->gzip->packed);
		free(source->gzip);
	}
	free(source->buffer);
	*source = (struct source){ .fd = -1 };
}

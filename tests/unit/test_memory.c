// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * No memory: each allocation in turn that the readers of policies and captures ask
 * for is refused. They say -ENOMEM, leave nothing behind (LeakSanitizer looks), and
 * do the same work as before when there is memory again. And a file that cannot be
 * read is told from one that ends.
 *
 * The linker brings their calls of malloc() and the like here (--wrap).
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "capture.h"
#include "policy.h"

#define MOST_ALLOCATIONS 200

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
FILE *__real_open_memstream(char **text, size_t *size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
FILE *__wrap_open_memstream(char **text, size_t *size);

static int until; /* how many more are granted before one is refused; -1: all */

static bool refused(void)
{
	if (until < 0)
		return false;
	if (until == 0)
		errno = ENOMEM;
	return until-- == 0;
}

void *__wrap_malloc(size_t size)
{
	return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return refused() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return refused() ? NULL : __real_reallocarray(old, count, size);
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
	return refused() ? NULL : __real_open_memstream(text, size);
}

/* Run @work with ever more memory, until it has enough. */
static void starve(int (*work)(void))
{
	int granted, err = -ENOMEM;

	for (granted = 0; err && granted < MOST_ALLOCATIONS; granted++) {
		until = granted;
		err = work();
		if (err)
			assert_int_equal(err, -ENOMEM);
		else
			assert_true(until >= 0); /* none was refused */
		until = -1;
	}
	assert_int_equal(err, 0);
	assert_in_range(granted, 3, MOST_ALLOCATIONS);
}

static int find(struct policy_includes *includes, unsigned int depth, const char *name, char **text,
		size_t *length)
{
	static const char included[] = "pattern x fin,!ack drop\npattern y any pass\n"
				       "except from 10.0.0.0/8 x\nexcept to 2001:db8::/32\n";

	(void)includes;
	(void)depth;
	(void)name;
	*text = strdup(included); /* not wrapped: libc's own */
	*length = sizeof(included) - 1;
	return 0;
}

static struct policy_includes includes = { .find = find };

static int read_policy(void)
{
	static const char text[] = "include base\npattern a syn,fin drop\nexcept from 192.0.2.1\n";
	struct policy_error error;
	struct policy policy;
	int err = policy_parse_with("test", text, sizeof(text) - 1, &includes, &policy, &error);

	if (!err)
		policy_release(&policy);
	return err;
}

static void test_policy(void **state)
{
	(void)state;
	starve(read_policy);
}

/* A capture in the making, of one packet. */
static __u8 bytes[1 << 20];
static size_t length;

static void put_32(__u32 value)
{
	value = htole32(value); /* as 0x00040002 below is meant */
	memcpy(bytes + length, &value, sizeof(value));
	length += sizeof(value);
}

/* Its packet has @size bytes, of which no two are alike for long. */
static void make_pcap(__u32 size)
{
	const __u32 words[] = { 0xa1b2c3d4, 0x00040002, 0, 0, size, 1, 1, 2, size, size };
	__u32 noise = 1;

	length = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_32(words[i]);
	for (__u32 i = 0; i < size; i++) {
		noise = noise * 1664525 + 1013904223;
		bytes[length++] = (__u8)(noise >> 24);
	}
}

static void make_pcapng(void)
{
	static const __u32 words[] = {
		0x0a0d0d0a, 28, 0x1a2b3c4d, 1, ~0U, ~0U, 28, /* section */
		1,          20, 1,          0, 20,           /* interface: Ethernet */
		6,          36, 0,          0, 0,   4,   4,  0x55555555, 36, /* packet */
	};

	length = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_32(words[i]);
}

/* The same, packed. */
static void pack(void)
{
	static __u8 packed[sizeof(bytes)];
	z_stream stream = { .next_in = bytes,
			    .avail_in = (uInt)length,
			    .next_out = packed,
			    .avail_out = sizeof(packed) };

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	length = stream.total_out;
	memcpy(bytes, packed, length);
	deflateEnd(&stream);
}

/* Returns 0 if the one packet was read and the capture ended behind it. */
static int read_source(struct source *source)
{
	struct capture_packet packet;
	struct capture capture;
	int err = capture_open(&capture, source);
	int more = 1, packets = 0;

	while (!err && more == 1) {
		more = capture_next(&capture, &packet);
		packets += more == 1;
	}
	err = err ? err : more;
	if (!err)
		assert_int_equal(packets, 1);
	capture_close(&capture);
	return err;
}

static int read_memory(void)
{
	struct source source;
	int err = source_memory(&source, bytes, length);

	err = err ? err : read_source(&source);
	source_close(&source);
	return err;
}

static int read_file(void)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	struct source source;
	int err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	err = source_file(&source, fd);
	err = err ? err : read_source(&source);
	source_close(&source);
	close(fd);
	return err;
}

/* What needs no memory at all is not asked for it. */
static void test_captures(void **state)
{
	(void)state;
	make_pcap(20);
	starve(read_file);
	pack();
	starve(read_memory);
	starve(read_file);
	make_pcap(400000); /* longer than what is read at once */
	starve(read_file);
	pack();
	starve(read_file);
	make_pcapng();
	starve(read_file);
	pack();
	starve(read_memory);
	starve(read_file);
}

/* A file that cannot be read, at once and behind its beginning. */
static void test_unreadable(void **state)
{
	int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
	struct source source;

	(void)state;
	assert_true(folder >= 0);
	assert_int_equal(source_file(&source, folder), -EISDIR);
	source_close(&source);

	make_pcap(20);
	pack();
	length -= 9; /* within the last member: more is asked for */
	fd = memfd_create("capture", MFD_CLOEXEC);
	assert_int_equal(write(fd, bytes, length), length);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(source_file(&source, fd), 0);
	assert_int_equal(dup2(folder, fd), fd);
	assert_int_equal(read_source(&source), -EISDIR);
	source_close(&source);
	close(fd);
	close(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_unreadable),
	};

	until = -1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

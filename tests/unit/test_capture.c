// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The readers of captures, fed from memory that ends where the bytes end: cut at
 * every byte, and with bytes that are others.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "made.h"

#define MUTATIONS 200000

static void check_cuts(const struct made *made)
{
	for (size_t length = 0; length <= made->length; length++) {
		struct capture capture;
		__u64 offset = 0;
		size_t packets = 0;
		int got = read_all(made->data, length, &capture, &offset);

		while (packets < made->packets && made->packet_ends[packets] <= length)
			packets++;
		if (capture.packets != packets)
			fail_msg("cut at %zu: %llu packets, not %zu", length,
				 (unsigned long long)capture.packets, packets);
		if (got != (made->whole[length] ? 0 : -EINVAL))
			fail_msg("cut at %zu: %d, %s", length, got, capture.damage);
		if (got && offset > length)
			fail_msg("cut at %zu: damage at %llu", length, (unsigned long long)offset);
	}
}

static void test_cut_pcap(void **state)
{
	struct made made;

	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		make_pcap(&made, swapped, 0xa1b2c3d4);
		check_cuts(&made);
		make_pcap(&made, swapped, 0xa1b23c4d);
		check_cuts(&made);
	}
}

static void test_cut_pcapng(void **state)
{
	struct made made;

	(void)state;
	make_pcapng(&made);
	assert_int_equal(made.packets, 6);
	check_cuts(&made);
}

/* Interfaces belong to their section; options end where their block does. */
static void test_interfaces(void **state)
{
	static const __u32 expected[] = { 0, 1, 101, 1, 113, 113, 113 };
	struct capture capture;
	struct made made;
	__u64 offset;

	(void)state;
	make_pcapng(&made);
	assert_int_equal(read_all(made.data, made.length, &capture, &offset), 0);
	assert_memory_equal(link_types, expected, sizeof(expected));

	made = (struct made){};
	put_section(&made, false);
	put_32(&made, 1);
	put_32(&made, 24);
	put_32(&made, 1);
	put_32(&made, 0);
	put_16(&made, 14); /* eight bytes that are not there */
	put_16(&made, 8);
	put_32(&made, 24);
	assert_int_equal(read_all(made.data, made.length, &capture, &offset), 0);
}

static size_t pack(const struct made *made, __u8 *packed, size_t room)
{
	z_stream stream = { .next_in = (__u8 *)made->data,
			    .avail_in = (uInt)made->length,
			    .next_out = packed,
			    .avail_out = (uInt)room };

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return room - stream.avail_out;
}

/* What could be unpacked before the cut is read; only the whole is whole. */
static void test_cut_gzip(void **state)
{
	__u8 packed[8192];
	struct made made;
	size_t length;
	__u64 before = 0, offset;

	(void)state;
	make_pcapng(&made);
	length = pack(&made, packed, sizeof(packed));
	for (size_t cut = 2; cut <= length; cut++) {
		struct capture capture;
		int got = read_all(packed, cut, &capture, &offset);

		assert_int_equal(got, cut == length ? 0 : -EINVAL);
		assert_true(capture.packets >= before && capture.packets <= made.packets);
		before = capture.packets;
	}
	assert_int_equal(before, made.packets);
	/* Several members, zeros behind them, and something else. */
	struct capture capture;

	memcpy(packed + length, packed, length);
	assert_int_equal(read_all(packed, 2 * length, &capture, &offset), 0);
	assert_int_equal(capture.packets, 2 * made.packets);
	memset(packed + length, 0, 600);
	assert_int_equal(read_all(packed, length + 600, &capture, &offset), 0);
	packed[length + 300] = 'x';
	assert_int_equal(read_all(packed, length + 600, &capture, &offset), -EINVAL);
	assert_int_equal(capture.packets, made.packets);
}

/* One field at @at becomes @value: that is damage, after @packets packets. */
static void check_damage(struct made *made, size_t at, __u32 value, __u64 packets)
{
	struct capture capture;
	__u64 offset;

	memcpy(made->data + at, &value, sizeof(value));
	assert_int_equal(read_all(made->data, made->length, &capture, &offset), -EINVAL);
	assert_int_equal(capture.packets, packets);
}

/* Lengths that cannot be, though all bytes would be there; and what else contradicts itself. */
static void test_damage(void **state)
{
	const size_t first = 28 + 32; /* of the packet in the first section */
	static const __u8 zeros[300000];
	struct capture capture;
	struct made made;
	__u64 offset;
	__u8 *large;

	(void)state;
	make_pcap(&made, false, 0xa1b2c3d4);
	large = calloc(1, 40 + sizeof(zeros));
	assert_non_null(large);
	memcpy(large, made.data, 24);
	memcpy(large + 32, &(__u32){ 262145 }, 4); /* the snapshot length is 65535 */
	assert_int_equal(read_all(large, 40 + 262145, &capture, &offset), -EINVAL);
	memcpy(large + 32, &(__u32){ 262144 }, 4);
	assert_int_equal(read_all(large, 40 + 262144, &capture, &offset), 0);
	assert_int_equal(capture.packets, 1);
	free(large);
	check_damage(&made, 4, 3, 0); /* version 3.0 */

	make_pcapng(&made);
	check_damage(&made, 8, 0, 0); /* no byte order */
	make_pcapng(&made);
	check_damage(&made, 12, 2, 0); /* version 2.0 */
	make_pcapng(&made);
	check_damage(&made, 24, 32, 0); /* another length behind the section */
	make_pcapng(&made);
	check_damage(&made, first + 4, 42, 0); /* no multiple of 4 */
	make_pcapng(&made);
	check_damage(&made, first + 4, 8, 0); /* less than a block */
	make_pcapng(&made);
	check_damage(&made, first + 8, 1, 0); /* of an interface that comes later */
	make_pcapng(&made);
	check_damage(&made, first + 20, 9, 0); /* more than the block has room for */
	make_pcapng(&made);
	check_damage(&made, first + 36, 44, 0); /* another length behind the packet */
	make_pcapng(&made);
	check_damage(&made, 0, 6, 0); /* no section first */
}

/* A block of as many bytes as there may be, all of them there; and one of four more. */
static void test_longest(void **state)
{
	const size_t first = 28 + 32; /* of the packet in the first section */
	struct made made;

	(void)state;
	make_pcapng(&made);
	for (__u32 more = 0; more <= 4; more += 4) {
		__u32 length = CAPTURE_LONGEST + more;
		__u8 *large = calloc(1, first + length);
		struct capture capture;
		__u64 offset;

		assert_non_null(large);
		/* Behind its 7 bytes all is zero: the end of the options, and what nobody reads. */
		memcpy(large, made.data, first + 28 + 8);
		memcpy(large + first + 4, &length, 4);
		memcpy(large + first + length - 4, &length, 4);
		assert_int_equal(read_all(large, first + length, &capture, &offset),
				 more ? -EINVAL : 0);
		assert_int_equal(capture.packets, more ? 0 : 1);
		free(large);
	}
}

/* Any bytes will do: the sanitizers are the judges. */
static void test_mutated(void **state)
{
	struct made captures[4];
	__u8 packed[8192];
	unsigned int seed = 20261125;

	(void)state;
	make_pcap(&captures[0], false, 0xa1b2c3d4);
	make_pcap(&captures[1], true, 0xa1b23c4d);
	make_pcapng(&captures[2]);
	captures[3].length = pack(&captures[2], captures[3].data, sizeof(captures[3].data));
	for (int i = 0; i < MUTATIONS; i++) {
		const struct made *made = &captures[i % 4];
		struct capture capture;
		__u64 offset;

		memcpy(packed, made->data, made->length);
		for (int flips = rand_r(&seed) % 4; flips >= 0; flips--) {
			size_t at = (size_t)rand_r(&seed) % made->length;

			packed[at] = rand_r(&seed) % 2 ?
					     (__u8)rand_r(&seed) :
					     (__u8)(packed[at] ^ 1 << rand_r(&seed) % 8);
		}
		read_all(packed, made->length, &capture, &offset);
	}
}

static void test_times(void **state)
{
	static const struct {
		__u8 resolution;
		__s64 offset;
		__u64 stamp, time;
	} times[] = {
		{ 6, 0, 1700000000000001, 1700000000000001000 },
		{ 9, 0, 1700000000000000001, 1700000000000000001 },
		{ 0, 0, 1700000000, 1700000000000000000 },
		{ 3, 10, 1700000000001, 1700000010001000000 },
		{ 6, -10, 1700000000000001, 1699999990000001000 },
		{ 12, 1700000000, 1999, 1700000000000000001 },
		{ 0x80 | 20, 0, 3 << 19, 1500000000 },
		{ 0x80 | 0, 0, 5, 5000000000 },
		{ 0x80 | 64, 0, 1ULL << 63, 500000000 },
		{ 0x80 | 127, 0, ~0ULL, 0 },
		{ 127, 0, ~0ULL, 0 },
		{ 9, 0, ~0ULL, 0 },
		{ 6, 0, ~0ULL, 0 },
		{ 6, INT64_MAX, ~0ULL, 0 },
		{ 6, INT64_MIN, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct capture_interface interface = { .resolution = times[i].resolution,
						       .time_offset = times[i].offset };
		struct capture capture = { .interfaces = &interface, .interface_count = 1 };
		struct capture_packet packet = { .stamp = times[i].stamp, .stamped = true };

		if (capture_time(&capture, &packet) != times[i].time)
			fail_msg("%zu: %llu", i,
				 (unsigned long long)capture_time(&capture, &packet));
		packet.stamped = false;
		assert_int_equal(capture_time(&capture, &packet), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_pcap), cmocka_unit_test(test_cut_pcapng),
		cmocka_unit_test(test_cut_gzip), cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_longest),  cmocka_unit_test(test_times),
		cmocka_unit_test(test_damage),   cmocka_unit_test(test_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Layer 1: the parser, compiled natively, over every frame of tests/lib. Each
 * frame is put twice on the heap at its exact length, at an even and at an odd
 * address, so that AddressSanitizer sees the first byte that is read too much.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frame.h" /* before the parser */

#include "flagwall/parse.h"
#include "frames.h"

#define MOST_TESTS 4096

/* One test: the frames of one group that are made of one shape. */
struct part {
	const struct shape *shape;
	enum frame_group group;
	bool tunnels;
	char name[160];
};

/* How often each outcome was expected, and got, over the whole run. */
static size_t seen[FW_OUTCOMES];

static __attribute__((noinline)) __u32 parse(const __u8 *data, size_t length, bool tunnels)
{
	struct fw_packet packet = { .data = data, .length = length, .tunnels = tunnels };

	return fw_parse(&packet);
}

static void check_at(const struct frame *frame, size_t length, size_t odd, bool tunnels)
{
	__u32 expected = frame_expected(frame, length, tunnels);
	__u8 *heap = malloc(length + odd);
	char text[256], want[64], have[64];
	__u32 got;

	assert_non_null(heap);
	memcpy(heap + odd, frame->data, length);
	got = parse(heap + odd, length, tunnels);
	free(heap);
	if (got != expected)
		fail_msg("%s: expected %s, got %s", frame_print(frame, length, text),
			 outcome_print(expected, want), outcome_print(got, have));
	seen[got]++;
}

static void check(const struct frame *frame, size_t length, void *context)
{
	const struct part *part = context;

	check_at(frame, length, 0, part->tunnels);
	check_at(frame, length, 1, part->tunnels);
}

static void test_part(void **state)
{
	struct part *part = *state;

	frames_visit(part->shape, part->group, check, part);
}

/* The smallest useful frame of a client: a bare ACK, padded to 60 bytes. */
static void test_padded_ack(void **state)
{
	static const __u8 ack[60] = {
		0x02, 0, 0,   0,  0,    2,    0x02, 0,    0,  0,  0, 1, 0x08, 0x00,
		0x45, 0, 0,   40, 0,    1,    0x40, 0,    64, 6,  0, 0, 192,  0,
		2,    1, 192, 0,  2,    2,    0x9c, 0x40, 0,  80, 0, 0, 0,    1,
		0,    0, 0,   2,  0x50, 0x10, 0xff, 0xff, 0,  0,  0, 0,
	};

	(void)state;
	assert_int_equal(parse(ack, sizeof(ack), false), 0x010);
}

/* Nothing was left out: all signatures and all reasons occurred above. */
static void test_all_seen(void **state)
{
	(void)state;
	for (__u32 outcome = 0; outcome < FW_REASON_BASE + FW_REASON_COUNT; outcome++)
		if (!seen[outcome])
			fail_msg("outcome %u never occurred", outcome);
	for (__u32 outcome = FW_REASON_BASE + FW_REASON_COUNT; outcome < FW_OUTCOMES; outcome++)
		assert_int_equal(seen[outcome], 0);
}

/* The numbers that pinned maps, saved counters and policies hold. */
static void test_numbers(void **state)
{
	static const __u32 numbers[][2] = {
		{ FW_FIN, 1 },
		{ FW_SYN, 2 },
		{ FW_RST, 4 },
		{ FW_PSH, 8 },
		{ FW_ACK, 16 },
		{ FW_URG, 32 },
		{ FW_ECE, 64 },
		{ FW_CWR, 128 },
		{ FW_AE, 256 },
		{ FW_RSV, 512 },
		{ FW_DATA, 1024 },
		{ FW_SIGNATURES, 2048 },
		{ FW_OUTCOMES, 2112 },
		{ FW_REASON_NOT_IP, 2048 },
		{ FW_REASON_NOT_TCP, 2049 },
		{ FW_REASON_FRAGMENT, 2050 },
		{ FW_REASON_FRAGMENT_OVERLAP, 2051 },
		{ FW_REASON_TINY_FRAGMENT, 2052 },
		{ FW_REASON_TRUNCATED, 2053 },
		{ FW_REASON_BAD_IP_HEADER, 2054 },
		{ FW_REASON_BAD_TCP_OFFSET, 2055 },
		{ FW_REASON_HEADER_CHAIN, 2056 },
		{ FW_REASON_ENCAPSULATION, 2057 },
		{ FW_REASON_ENCRYPTED, 2058 },
		{ FW_PASS, 0 },
		{ FW_COUNT, 1 },
		{ FW_DROP, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_int_equal(numbers[i][0], numbers[i][1]);
}

/* The frames of one shape, without and with @tunnels. Returns how many tests there are now. */
static size_t add_parts(struct CMUnitTest *tests, struct part *parts, size_t count,
			const struct shape *shape, bool tunnels)
{
	for (unsigned int group = 0; group < FRAMES_GROUPS; group++) {
		struct part *part = &parts[count];

		if (!frames_differ(shape, group, tunnels))
			continue;
		part->shape = shape;
		part->group = group;
		part->tunnels = tunnels;
		snprintf(part->name, sizeof(part->name), "%s%s: %s, %zu checks", shape->name,
			 tunnels ? ", tunnels inspected" : "", frame_group_names[group],
			 2 * frames_visit(shape, part->group, NULL, NULL));
		tests[count++] = (struct CMUnitTest){ .name = part->name,
						      .test_func = test_part,
						      .initial_state = part };
	}
	return count;
}

int main(void)
{
	static struct CMUnitTest tests[MOST_TESTS];
	static struct part parts[MOST_TESTS];
	size_t count = 0;

	tests[count++] =
		(struct CMUnitTest){ .name = "numbers never change", .test_func = test_numbers };
	tests[count++] = (struct CMUnitTest){ .name = "a bare ACK in 60 bytes has no DATA",
					      .test_func = test_padded_ack };
	if (2 * shape_count() * FRAMES_GROUPS + count + 1 > MOST_TESTS)
		return 1;
	for (size_t i = 0; i < shape_count(); i++) {
		count = add_parts(tests, parts, count, shape_at(i), false);
		count = add_parts(tests, parts, count, shape_at(i), true);
	}
	tests[count++] =
		(struct CMUnitTest){ .name = "every outcome occurred", .test_func = test_all_seen };
	return _cmocka_run_group_tests("parser", tests, count, NULL, NULL);
}

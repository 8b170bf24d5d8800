// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a policy says of packets in a capture: over any link, cut by whoever
 * recorded them, and with exceptions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "endpoints.h"
#include "judge.h"
#include "linktype.h"

#define POLICY                                                                                     \
	"pattern bad syn,fin drop\npattern odd syn,urg count\npattern rest any pass\n"             \
	"reason truncated drop\nreason not-ip count\n"                                             \
	"except from 10.0.0.0/8 odd\nexcept to 192.0.2.7 bad,truncated\n"                          \
	"except from 2001:db8::/32\n"

/* SYN/FIN from 10.1.2.3:258 to 192.0.2.9:772, with two bytes of payload. */
static const __u8 ipv4[] = { 0x45, 0, 0,   42, 0,    0, 0, 0, 64, 6, 0, 0, 10,  1,
			     2,    3, 192, 0,  2,    9, 1, 2, 3,  4, 0, 0, 0,   0,
			     0,    0, 0,   0,  0x50, 3, 0, 0, 0,  0, 0, 0, 'h', 'i' };
#define FLAGS_AT 33

/* SYN/URG from 2001:db8::1 to ::2. */
static const __u8 ipv6[60] = { 0x60, [5] = 20, [6] = 6,  [8] = 0x20,  0x01, 0x0d,
			       0xb8, [23] = 1, [39] = 2, [52] = 0x50, 0x22 };

struct fixture {
	struct policy policy;
	struct judge judge;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct policy_error error;

	assert_non_null(fixture);
	if (policy_parse("test", POLICY, strlen(POLICY), &fixture->policy, &error))
		fail_msg("%u: %s", error.line, error.message);
	assert_int_equal(judge_open(&fixture->judge, &fixture->policy), 0);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	judge_close(&fixture->judge);
	policy_release(&fixture->policy);
	free(fixture);
	return 0;
}

/* The verdict on @length bytes, of which @captured are in memory of their own. */
static struct verdict verdict_on(void **state, __u32 link_type, const void *data, __u32 captured,
				 __u32 length)
{
	const struct fixture *fixture = *state;
	__u8 *copy = malloc(captured ? captured : 1);
	struct capture_packet packet = { .data = copy, .captured = captured, .length = length };
	struct endpoints endpoints;
	struct verdict verdict = {};

	assert_non_null(copy);
	memcpy(copy, data, captured);
	assert_true(judge_packet(&fixture->judge, link_type, &packet, &verdict));
	endpoints_read(link_type, &packet, &endpoints);
	free(copy);
	return verdict;
}

static void check(void **state, __u32 link_type, const void *before, __u32 size, __u32 outcome)
{
	__u8 frame[128];

	memcpy(frame, before, size);
	memcpy(frame + size, ipv4, sizeof(ipv4));
	assert_int_equal(
		verdict_on(state, link_type, frame, size + sizeof(ipv4), size + sizeof(ipv4)).outcome,
		outcome);
	/* Cut at every byte: nothing is read behind it. */
	for (__u32 cut = 0; cut < size + sizeof(ipv4); cut++) {
		__u32 got = verdict_on(state, link_type, frame, cut, size + sizeof(ipv4)).outcome;

		if (outcome < FW_SIGNATURES)
			assert_int_equal(got, cut > size + FLAGS_AT ? outcome : FW_REASON_TRUNCATED);
	}
}

static void test_links(void **state)
{
	const __u32 bad = FW_SYN | FW_FIN | FW_DATA;
	static const __u8 sll_ip[16] = { [14] = 0x08, 0x00 }, sll_can[16] = { [15] = 0x0c };
	static const __u8 sll_tag[20] = { [14] = 0x81, 0x00, 0, 5, 0x08, 0x00 };
	static const __u8 sll2_ip[20] = { 0x08, 0x00 };

	check(state, LINKTYPE_ETHERNET, "ddddddssssss\x08", 14, bad);
	check(state, LINKTYPE_RAW, "", 0, bad);
	check(state, LINKTYPE_RAW_BSD, "", 0, bad);
	check(state, LINKTYPE_RAW_OPENBSD, "", 0, bad);
	check(state, LINKTYPE_IPV4, "", 0, bad);
	check(state, LINKTYPE_IPV6, "", 0, FW_REASON_BAD_IP_HEADER);
	check(state, LINKTYPE_LINUX_SLL, sll_ip, 16, bad);
	check(state, LINKTYPE_LINUX_SLL, sll_tag, 20, bad);
	check(state, LINKTYPE_LINUX_SLL, sll_can, 16, FW_REASON_NOT_IP);
	check(state, LINKTYPE_LINUX_SLL2, sll2_ip, 20, bad);
	check(state, LINKTYPE_NULL, "\x02\0\0", 4, bad);
	check(state, LINKTYPE_NULL, "\0\0\0\x02", 4, bad);
	check(state, LINKTYPE_LOOP, "\0\0\0\x02", 4, bad);
	check(state, LINKTYPE_NULL, "\0\x02\0\0", 4, FW_REASON_NOT_IP);
	check(state, LINKTYPE_NULL, "\x02\0\0\x02", 4, FW_REASON_NOT_IP);
	check(state, LINKTYPE_NULL, "\x07\0\0", 4, FW_REASON_NOT_IP);
}

static void test_others(void **state)
{
	const struct fixture *fixture = *state;
	struct capture_packet packet = { .data = ipv4, .captured = 42, .length = 42 };
	struct endpoints endpoints;
	struct verdict verdict;
	size_t followed = 0;

	for (__u32 type = 0; type < 65536; type++)
		followed += judge_packet(&fixture->judge, type, &packet, &verdict);
	assert_int_equal(followed, 10);
	endpoints_read(127, &packet, &endpoints);
	assert_int_equal(endpoints.family, 0);
	endpoints_read(LINKTYPE_RAW, &packet, &endpoints);
	assert_int_equal(endpoints.family, 4);
	assert_memory_equal(endpoints.source, ipv4 + 12, 4);
	assert_memory_equal(endpoints.destination, ipv4 + 16, 4);
	assert_int_equal(endpoints.source_port, 258);
	assert_int_equal(endpoints.destination_port, 772);
}

/* A total length of 0 is the rest of the frame, as long as it was. */
static void test_missing(void **state)
{
	__u8 frame[40];

	memcpy(frame, ipv4, sizeof(frame));
	frame[3] = 0;
	assert_int_equal(verdict_on(state, LINKTYPE_RAW, frame, 40, 40).outcome, FW_SYN | FW_FIN);
	assert_int_equal(verdict_on(state, LINKTYPE_RAW, frame, 40, 41).outcome,
			 FW_SYN | FW_FIN | FW_DATA);
}

static void test_exceptions(void **state)
{
	__u8 frame[sizeof(ipv4)];
	struct verdict verdict;

	/* From 10.0.0.0/8 only "odd" is excepted. */
	verdict = verdict_on(state, LINKTYPE_RAW, ipv4, sizeof(ipv4), sizeof(ipv4));
	assert_int_equal(verdict.action, FW_DROP);
	assert_false(verdict.excepted);
	memcpy(frame, ipv4, sizeof(frame));
	frame[FLAGS_AT] = FW_SYN | FW_URG;
	verdict = verdict_on(state, LINKTYPE_RAW, frame, sizeof(frame), sizeof(frame));
	assert_int_equal(verdict.action, FW_COUNT);
	assert_true(verdict.excepted);
	frame[12] = 11;
	assert_false(verdict_on(state, LINKTYPE_RAW, frame, sizeof(frame), sizeof(frame)).excepted);
	/* To 192.0.2.7, "bad", and what is truncated behind the addresses. */
	frame[FLAGS_AT] = FW_SYN | FW_FIN;
	frame[19] = 7;
	verdict = verdict_on(state, LINKTYPE_RAW, frame, sizeof(frame), sizeof(frame));
	assert_int_equal(verdict.action, FW_DROP);
	assert_true(verdict.excepted);
	verdict = verdict_on(state, LINKTYPE_RAW, frame, 20, 20);
	assert_int_equal(verdict.outcome, FW_REASON_TRUNCATED);
	assert_true(verdict.excepted);
	assert_false(verdict_on(state, LINKTYPE_RAW, frame, 19, 19).excepted);
	/* What passes is not asked. */
	frame[FLAGS_AT] = FW_ACK;
	verdict = verdict_on(state, LINKTYPE_RAW, frame, sizeof(frame), sizeof(frame));
	assert_int_equal(verdict.action, FW_PASS);
	assert_false(verdict.excepted);
	/* Everything from there. */
	verdict = verdict_on(state, LINKTYPE_IPV6, ipv6, sizeof(ipv6), sizeof(ipv6));
	assert_int_equal(verdict.outcome, FW_SYN | FW_URG);
	assert_true(verdict.excepted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_exceptions),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

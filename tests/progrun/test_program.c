// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Layer 2: the program in the kernel, by BPF_PROG_TEST_RUN, over every frame
 * that layer 1 shows to the parser. For each frame: the program agrees with
 * the native parser, its verdict is what the default policy says, exactly one
 * slot grew by one packet and the frame's length, and no byte was changed.
 *
 * The kernel refuses frames here that are shorter than an Ethernet header or
 * longer than what one page leaves: those are tested natively only.
 *
 * Every test run of an XDP program waits for an RCU grace period (4 ms)
 * unless the program is natively attached somewhere: so it is attached first,
 * to a veth in a network namespace of our own, where nothing is ever sent.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cmocka.h>

#include "frame.h" /* before the parser */

#include "expected.h"
#include "flagwall/layout.h"
#include "flagwall/parse.h"
#include "frames.h"

#define MOST_TESTS 1024
#define SHORTEST 14  /* ETH_HLEN */
#define LONGEST 3392 /* a page less headroom and struct skb_shared_info */
#define MOST_CPUS 1024

struct part {
	const struct shape *shape;
	enum frame_group group;
	char name[160];
};

static struct expected expected;
static struct bpf_object *object; /* owned; stays loaded to the end */
static int program = -1, counters = -1;
static int cpus;
/* What the counters must hold by now, and all frames run. */
static struct fw_count counted[FW_OUTCOMES];
static __u64 frames_run;
static bool failed_midway;

static __attribute__((noinline)) __u32 parse(const __u8 *data, size_t length)
{
	struct fw_packet packet = { .data = data, .length = length };

	return fw_parse(&packet);
}

/* The sum over all CPUs of the counters of @outcome. */
static struct fw_count read_slot(__u32 outcome)
{
	static struct fw_count values[MOST_CPUS];
	struct fw_count sum = {};

	if (bpf_map_lookup_elem(counters, &outcome, values))
		fail_msg("slot %u: %s", outcome, strerror(errno));
	for (int cpu = 0; cpu < cpus; cpu++) {
		sum.packets += values[cpu].packets;
		sum.bytes += values[cpu].bytes;
		sum.dropped += values[cpu].dropped;
	}
	return sum;
}

static void check_slot(__u32 outcome, const char *after)
{
	struct fw_count now = read_slot(outcome);
	const struct fw_count *want = &counted[outcome];
	char text[64];

	if (memcmp(&now, want, sizeof(now)))
		fail_msg("%s: %s holds %llu packets, %llu bytes, %llu dropped instead of %llu, %llu, %llu",
			 after, outcome_print(outcome, text), now.packets, now.bytes, now.dropped,
			 want->packets, want->bytes, want->dropped);
}

static void run(const struct frame *frame, size_t length, struct bpf_test_run_opts *options)
{
	char text[256];
	int err;

	err = bpf_prog_test_run_opts(program, options);
	if (err)
		fail_msg("%s: test run: %s", frame_print(frame, length, text), strerror(-err));
	if (options->data_size_out != length || memcmp(options->data_out, options->data_in, length))
		fail_msg("%s: the program changed the frame", frame_print(frame, length, text));
}

static void check(const struct frame *frame, size_t length, void *context)
{
	static __u8 after[LONGEST + 512];
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame->data,
		    .data_size_in = (__u32)length, .data_out = after,
		    .data_size_out = sizeof(after), .repeat = 1);
	const struct expected_row *row;
	char text[256], want[64], have[64];
	__u32 outcome, verdict;
	bool drop;

	(void)context;
	if (length < SHORTEST || length > LONGEST)
		return;
	outcome = parse(frame->data, length);
	if (outcome != frame_expected(frame, length))
		fail_msg("%s: expected %s, the native parser says %s",
			 frame_print(frame, length, text),
			 outcome_print(frame_expected(frame, length), want),
			 outcome_print(outcome, have));
	row = expected_row(&expected, outcome);
	assert_non_null(row);
	drop = !strcmp(row->action, "drop");
	verdict = drop ? XDP_DROP : XDP_PASS;

	run(frame, length, &options);
	frames_run++;
	counted[outcome].packets++;
	counted[outcome].bytes += length;
	counted[outcome].dropped += drop;
	if (options.retval != verdict)
		fail_msg("%s: %s: verdict %u, expected %u (%s: %s)",
			 frame_print(frame, length, text), outcome_print(outcome, want),
			 options.retval, verdict, row->name, row->action);
	check_slot(outcome, frame_print(frame, length, text));
}

/* Every slot, also those that nothing should have touched. */
static void check_all_slots(const char *after)
{
	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++)
		check_slot(outcome, after);
}

static void test_part(void **state)
{
	const struct part *part = *state;

	/* One failure shall not look like many: start from what there is. */
	if (failed_midway)
		for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++)
			counted[outcome] = read_slot(outcome);
	failed_midway = true;
	frames_visit(part->shape, part->group, check, NULL);
	check_all_slots(part->name);
	failed_midway = false;
}

/* Packets seen = the sum of all slots. */
static void test_sum(void **state)
{
	__u64 sum = 0;

	(void)state;
	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++)
		sum += read_slot(outcome).packets;
	assert_int_equal(sum, frames_run);
	assert_true(frames_run > 0);
	for (__u32 outcome = 0; outcome < FW_REASON_BASE + FW_REASON_COUNT; outcome++)
		if (!counted[outcome].packets)
			fail_msg("outcome %u never occurred", outcome);
	print_message("# %llu frames run\n", frames_run);
}

/* A device that takes XDP natively, in a namespace that dies with us. */
static unsigned int make_device(void)
{
	if (unshare(CLONE_NEWNET)) {
		perror("unshare");
		return 0;
	}
	if (system("ip link add fwtest0 type veth peer name fwtest1"))
		return 0;
	return if_nametoindex("fwtest0");
}

static int load(const char *path)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);
	unsigned int device = make_device();
	struct bpf_program *found;
	int err;

	if (!device) {
		fprintf(stderr, "no network namespace with a veth: is this root?\n");
		return -1;
	}
	object = bpf_object__open_file(path, NULL);
	err = object ? bpf_object__load(object) : -errno;
	if (err) {
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
		return -1;
	}
	found = bpf_object__find_program_by_name(object, "flagwall");
	program = found ? bpf_program__fd(found) : -1;
	counters = bpf_object__find_map_fd_by_name(object, "fw_counters");
	if (program < 0 || counters < 0) {
		fprintf(stderr, "%s: no flagwall or no fw_counters in it\n", path);
		return -1;
	}
	if (bpf_link_create(program, (int)device, BPF_XDP, &options) < 0) {
		perror("bpf_link_create");
		return -1;
	}
	cpus = libbpf_num_possible_cpus();
	return cpus > 0 && cpus <= MOST_CPUS ? 0 : -1;
}

/* test_program [OBJECT] */
int main(int argc, char **argv)
{
	static struct CMUnitTest tests[MOST_TESTS];
	static struct part parts[MOST_TESTS];
	size_t count = 0;
	const char *build = getenv("BUILD");
	char path[4096];
	int failures;

	snprintf(path, sizeof(path), "%s/flagwall.bpf.o", build ? build : "build");
	if (load(argc > 1 ? argv[1] : path) || expected_read(&expected))
		return 1;
	if (shape_count * FRAMES_GROUPS + 1 > MOST_TESTS)
		return 1;
	for (size_t i = 0; i < shape_count; i++) {
		for (unsigned int group = 0; group < FRAMES_GROUPS; group++) {
			struct part *part = &parts[count];

			part->shape = &shapes[i];
			part->group = group;
			snprintf(part->name, sizeof(part->name), "%s: %s in the kernel",
				 shapes[i].name, frame_group_names[group]);
			tests[count++] = (struct CMUnitTest){ .name = part->name,
							      .test_func = test_part,
							      .initial_state = part };
		}
	}
	tests[count++] = (struct CMUnitTest){ .name = "the sum of all slots is the frames run",
					      .test_func = test_sum };
	failures = _cmocka_run_group_tests("program", tests, count, NULL, NULL);
	bpf_object__close(object);
	return failures;
}

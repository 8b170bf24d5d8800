// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Layer 2: the program in the kernel, by BPF_PROG_TEST_RUN, over every frame
 * that layer 1 shows to the parser. For each frame: the program agrees with
 * the native parser, its verdict is what the default policy says, exactly one
 * slot grew by one packet and the frame's length, and no byte was changed.
 *
 * The kernel refuses frames here that are shorter than an Ethernet header or
 * longer than what one page leaves: those are tested natively only.
 */
#include <errno.h>
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
#include "kernels.h"

#define MOST_TESTS 4096

struct part {
	struct kernel *kernel;
	const struct shape *shape;
	enum frame_group group;
	char name[160];
};

static struct expected expected;

static __attribute__((noinline)) __u32 parse(const __u8 *data, size_t length, bool tunnels)
{
	struct fw_packet packet = { .data = data, .length = length, .tunnels = tunnels };

	return fw_parse(&packet);
}

static struct fw_count read_slot(const struct kernel *kernel, __u32 outcome)
{
	struct fw_count sum;
	int err = kernel_read_slot(kernel, outcome, &sum);

	if (err)
		fail_msg("slot %u: %s", outcome, strerror(-err));
	return sum;
}

static void check_slot(const struct kernel *kernel, __u32 outcome, const char *after)
{
	struct fw_count now = read_slot(kernel, outcome);
	const struct fw_count *want = &kernel->counted[outcome];
	char text[64];

	if (memcmp(&now, want, sizeof(now)))
		fail_msg("%s: %s holds %llu packets, %llu bytes, %llu dropped instead of %llu, %llu, %llu",
			 after, outcome_print(outcome, text), now.packets, now.bytes, now.dropped,
			 want->packets, want->bytes, want->dropped);
}

static void run(const struct kernel *kernel, const struct frame *frame, size_t length,
		struct bpf_test_run_opts *options)
{
	char text[256];
	int err;

	err = bpf_prog_test_run_opts(kernel->loaded.program, options);
	if (err)
		fail_msg("%s: test run: %s", frame_print(frame, length, text), strerror(-err));
	if (options->data_size_out != length || memcmp(options->data_out, options->data_in, length))
		fail_msg("%s: the program changed the frame", frame_print(frame, length, text));
}

static void check(const struct frame *frame, size_t length, void *context)
{
	static __u8 after[KERNEL_LONGEST + 512];
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame->data,
		    .data_size_in = (__u32)length, .data_out = after,
		    .data_size_out = sizeof(after), .repeat = 1);
	struct kernel *kernel = context;
	const struct expected_row *row;
	bool tunnels = kernel->switches.tunnels;
	char text[256], want[64], have[64];
	__u32 outcome, verdict;
	bool drop;

	if (length < KERNEL_SHORTEST || length > KERNEL_LONGEST)
		return;
	outcome = parse(frame->data, length, tunnels);
	if (outcome != frame_expected(frame, length, tunnels))
		fail_msg("%s: expected %s, the native parser says %s",
			 frame_print(frame, length, text),
			 outcome_print(frame_expected(frame, length, tunnels), want),
			 outcome_print(outcome, have));
	row = expected_row(&expected, outcome);
	assert_non_null(row);
	drop = !strcmp(row->action, "drop");
	verdict = drop ? XDP_DROP : XDP_PASS;

	run(kernel, frame, length, &options);
	kernel->frames_run++;
	kernel->counted[outcome].packets++;
	kernel->counted[outcome].bytes += length;
	kernel->counted[outcome].dropped += drop;
	if (options.retval != verdict)
		fail_msg("%s: %s: verdict %u, expected %u (%s: %s)",
			 frame_print(frame, length, text), outcome_print(outcome, want),
			 options.retval, verdict, row->name, row->action);
	check_slot(kernel, outcome, frame_print(frame, length, text));
}

/* Every slot, also those that nothing should have touched. */
static void check_all_slots(const struct kernel *kernel, const char *after)
{
	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++)
		check_slot(kernel, outcome, after);
}

static void test_part(void **state)
{
	const struct part *part = *state;
	struct kernel *kernel = part->kernel;

	/* One failure shall not look like many: start from what there is. */
	if (kernel->failed_midway)
		for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++)
			kernel->counted[outcome] = read_slot(kernel, outcome);
	kernel->failed_midway = true;
	frames_visit(part->shape, part->group, check, kernel);
	check_all_slots(kernel, part->name);
	kernel->failed_midway = false;
}

/* Packets seen = the sum of all slots. */
static void test_sum(void **state)
{
	const struct kernel *kernel = *state;
	__u64 sum = 0;

	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++)
		sum += read_slot(kernel, outcome).packets;
	assert_int_equal(sum, kernel->frames_run);
	assert_true(kernel->frames_run > 0);
	for (__u32 outcome = 0; outcome < FW_REASON_BASE + FW_REASON_COUNT; outcome++)
		if (!kernel->counted[outcome].packets)
			fail_msg("outcome %u never occurred", outcome);
	print_message("# %llu frames run%s\n", kernel->frames_run, kernel->name);
}

/* The frames of one shape. Returns how many tests there are now. */
static size_t add_parts(struct CMUnitTest *tests, struct part *parts, size_t count,
			const struct shape *shape, struct kernel *kernel, bool whole)
{
	for (unsigned int group = 0; group < FRAMES_GROUPS; group++) {
		struct part *part = &parts[count];

		if (!frames_differ(shape, group, kernel->switches.tunnels) ||
		    (!whole && group != FRAMES_CUTS))
			continue;
		part->kernel = kernel;
		part->shape = shape;
		part->group = group;
		snprintf(part->name, sizeof(part->name), "%s%s: %s in the kernel", shape->name,
			 kernel->name, frame_group_names[group]);
		tests[count++] = (struct CMUnitTest){ .name = part->name,
						      .test_func = test_part,
						      .initial_state = part };
	}
	return count;
}

/*
 * test_program [OBJECT]
 *
 * Where frames are slow, $FLAGWALL_EVERY=N shows all frames of every Nth shape, and
 * of the others only those that are cut, in which the shapes differ most.
 */
int main(int argc, char **argv)
{
	static struct CMUnitTest tests[MOST_TESTS];
	static struct part parts[MOST_TESTS];
	const char *build = getenv("BUILD"), *thin = getenv("FLAGWALL_EVERY");
	size_t count = 0, every = thin ? strtoul(thin, NULL, 10) : 1;
	char path[4096];
	int failures;

	snprintf(path, sizeof(path), "%s/flagwall.bpf.o", build ? build : "build");
	if (kernels_load(argc > 1 ? argv[1] : path) || expected_read(&expected))
		return 1;
	if (KERNELS * (shape_count() * FRAMES_GROUPS + 1) > MOST_TESTS)
		return 1;
	for (size_t i = 0; i < KERNELS * shape_count(); i++)
		count = add_parts(tests, parts, count, shape_at(i / KERNELS), &kernels[i % KERNELS],
				  every && i / KERNELS % every == 0);
	for (size_t i = 0; i < KERNELS; i++)
		tests[count++] =
			(struct CMUnitTest){ .name = "the sum of all slots is the frames run",
					     .test_func = test_sum,
					     .initial_state = &kernels[i] };
	failures = _cmocka_run_group_tests("program", tests, count, NULL, NULL);
	kernels_close();
	return failures;
}

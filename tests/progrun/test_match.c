// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The program that rules of iptables ask, by BPF_PROG_TEST_RUN, over every frame that
 * the parser is shown: its answer is what the default policy says of the outcome that
 * is expected, and that slot alone grew, by one packet and what follows Ethernet.
 *
 * The kernel shows a socket filter a packet from its network layer on, as iptables does.
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
#include <linux/if_ether.h>

#include "expected.h"
#include "frames.h"
#include "kernels.h"

#define MOST_TESTS 2048
#define MOST_CPUS 1024

struct matched {
	const char *name;
	struct fw_switches switches;
	struct loaded_object loaded;
	int counters;
	struct fw_count counted[FW_OUTCOMES];
};

static struct matched programs[] = {
	{ .name = "" },
	{ .name = ", tunnels inspected", .switches = { .tunnels = 1 } },
};

#define PROGRAMS (sizeof(programs) / sizeof(*programs))

struct part {
	struct matched *program;
	const struct shape *shape;
	enum frame_group group;
	char name[160];
};

static struct expected expected;

static void check_slot(const struct matched *program, __u32 outcome, const char *after)
{
	static struct fw_count values[MOST_CPUS];
	const struct fw_count *want = &program->counted[outcome];
	struct fw_count sum = {};
	char text[64];

	if (bpf_map_lookup_elem(program->counters, &outcome, values))
		fail_msg("slot %u: %s", outcome, strerror(errno));
	for (int cpu = 0; cpu < libbpf_num_possible_cpus(); cpu++) {
		sum.packets += values[cpu].packets;
		sum.bytes += values[cpu].bytes;
		sum.dropped += values[cpu].dropped;
	}
	if (memcmp(&sum, want, sizeof(sum)))
		fail_msg("%s: %s holds %llu packets, %llu bytes, %llu dropped instead of %llu, %llu, %llu",
			 after, outcome_print(outcome, text), sum.packets, sum.bytes, sum.dropped,
			 want->packets, want->bytes, want->dropped);
}

static void check(const struct frame *frame, size_t length, void *context)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame->data,
		    .data_size_in = (__u32)length, .repeat = 1);
	unsigned int type = frame->data[12] << 8 | frame->data[13];
	struct matched *program = context;
	const struct expected_row *row;
	char text[256];
	__u32 outcome;
	bool drop;
	int err;

	/* The kernel makes no packet of nothing, and takes 1501 to 1535 for a length. */
	if (length <= ETH_HLEN || length > KERNEL_LONGEST || (type > 1500 && type < ETH_P_802_3_MIN))
		return;
	outcome = frame_expected(frame, length, program->switches.tunnels);
	row = expected_row(&expected, outcome);
	assert_non_null(row);
	drop = !strcmp(row->action, "drop");
	err = bpf_prog_test_run_opts(program->loaded.program, &options);
	/* Newer kernels make no packet of less than an IP header either. */
	if (err == -EINVAL && length < ETH_HLEN + 40)
		return;
	if (err)
		fail_msg("%s: test run: %s", frame_print(frame, length, text), strerror(-err));
	program->counted[outcome].packets++;
	program->counted[outcome].bytes += length - ETH_HLEN;
	program->counted[outcome].dropped += drop;
	if (options.retval != drop)
		fail_msg("%s: %u, but %s is %s", frame_print(frame, length, text), options.retval,
			 row->name, row->action);
	check_slot(program, outcome, frame_print(frame, length, text));
}

static void test_part(void **state)
{
	const struct part *part = *state;

	frames_visit(part->shape, part->group, check, part->program);
}

/* Also those that nothing should have touched. */
static void test_all_slots(void **state)
{
	const struct matched *program = *state;
	__u64 sum = 0;

	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		check_slot(program, outcome, "in the end");
		sum += program->counted[outcome].packets;
	}
	assert_true(sum > 0);
	print_message("# %llu frames run%s\n", sum, program->name);
}

static int load(const char *path)
{
	for (size_t i = 0; i < PROGRAMS; i++) {
		int err = object_load(path, &programs[i].switches, &programs[i].loaded);

		if (err) {
			fprintf(stderr, "%s%s: %s\n", path, programs[i].name, strerror(-err));
			return -1;
		}
		programs[i].counters =
			bpf_object__find_map_fd_by_name(programs[i].loaded.object, "fw_counters");
	}
	return 0;
}

/* test_match [OBJECT]. Where frames are slow, $FLAGWALL_EVERY=N shows every Nth shape. */
int main(int argc, char **argv)
{
	static struct CMUnitTest tests[MOST_TESTS];
	static struct part parts[MOST_TESTS];
	const char *build = getenv("BUILD"), *thin = getenv("FLAGWALL_EVERY");
	size_t count = 0, every = thin ? strtoul(thin, NULL, 10) : 1;
	char path[4096];
	int failures;

	snprintf(path, sizeof(path), "%s/match.bpf.o", build ? build : "build");
	if (load(argc > 1 ? argv[1] : path) || expected_read(&expected))
		return 1;
	if (PROGRAMS * (shape_count() + 1) > MOST_TESTS)
		return 1;
	/* The reader is what is new here: where headers stand, and frames that end before them. */
	for (size_t i = 0; i < PROGRAMS * shape_count(); i++) {
		struct part *part = &parts[count];

		*part = (struct part){ .program = &programs[i % PROGRAMS],
				       .shape = shape_at(i / PROGRAMS),
				       .group = FRAMES_CUTS };
		if ((every && i / PROGRAMS % every) ||
		    !frames_differ(part->shape, part->group, part->program->switches.tunnels))
			continue;
		snprintf(part->name, sizeof(part->name), "%s%s: %s, asked by a rule",
			 part->shape->name, part->program->name, frame_group_names[part->group]);
		tests[count++] = (struct CMUnitTest){ .name = part->name,
						      .test_func = test_part,
						      .initial_state = part };
	}
	for (size_t i = 0; i < PROGRAMS; i++)
		tests[count++] = (struct CMUnitTest){ .name = "each frame grew one slot",
						      .test_func = test_all_slots,
						      .initial_state = &programs[i] };
	failures = _cmocka_run_group_tests("match", tests, count, NULL, NULL);
	for (size_t i = 0; i < PROGRAMS; i++)
		object_close(&programs[i].loaded);
	return failures;
}

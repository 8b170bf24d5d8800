// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * speed [-r ROUNDS] OBJECT[:SWITCHES]...: what a packet costs, by BPF_PROG_TEST_RUN.
 * SWITCHES are letters: t (tunnels), e (exceptions). Each frame goes through
 * each program in every round, one after the other, so that all of them meet
 * the same machine. Printed are the least nanoseconds of CPU time of any round,
 * and the median over the rounds of the ratio to the first program. The harness of
 * the kernel is in it: about 26 ns. Root; a measurement, not a test.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "frames.h"
#include "object.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define MOST_PROGRAMS 8
#define MOST_ROUNDS 1001
#define REPEAT 200000

/* What is measured: the shape's name, the flags on the wire. */
static const struct {
	const char *shape;
	__u16 bits;
	const char *flags;
} cases[] = {
	{ "IPv4", 0x010, "ACK" },
	{ "IPv4", 0x003, "SYN,FIN" },
	{ "IPv4 behind 802.1Q", 0x010, "ACK" },
	{ "IPv4 behind 802.1Q", 0x003, "SYN,FIN" },
	{ "IPv6", 0x010, "ACK" },
	{ "IPv6", 0x003, "SYN,FIN" },
	{ "IPv6 behind 802.1ad and 802.1Q", 0x010, "ACK" },
	{ "IPv6, hop-by-hop, routing", 0x010, "ACK" },
	{ "IPv4, UDP", 0x010, "-" },
	{ "ARP", 0x010, "-" },
	{ "IPv4 in PPPoE", 0x010, "ACK" },
	{ "IPv4 behind three MPLS labels", 0x010, "ACK" },
	{ "IPv4 in GRE", 0x010, "ACK" },
	{ "IPv4 in VXLAN", 0x010, "ACK" },
	{ "IPv6 in IPv4 in VXLAN", 0x010, "ACK" },
};

struct program {
	const char *name;
	struct loaded_object object;
	double ns[MOST_ROUNDS], ratio[MOST_ROUNDS];
};

static double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int measure(struct program *program, const struct frame *frame, double *ns)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame->data,
		    .data_size_in = (__u32)frame->length, .repeat = REPEAT);
	double start = cpu_ns();
	int err = bpf_prog_test_run_opts(program->object.program, &options);

	*ns = (cpu_ns() - start) / REPEAT;
	return err;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double sorted(double *values, int count, int which)
{
	qsort(values, (size_t)count, sizeof(*values), compare);
	return values[which];
}

static const struct shape *find(const char *name)
{
	for (size_t i = 0; i < shape_count(); i++)
		if (!strcmp(shape_at(i)->name, name))
			return shape_at(i);
	return NULL;
}

static int run_case(size_t which, struct program *programs, int count, int rounds)
{
	const struct segment segment = { .bits = cases[which].bits, .data_offset = 5, .length = 20 };
	const struct shape *shape = find(cases[which].shape);
	struct frame frame;
	int err = 0;

	if (!shape)
		return 0;
	frame_build(&frame, shape, &segment);
	for (int round = 0; round < rounds && !err; round++) {
		for (int i = 0; i < count && !err; i++) {
			err = measure(&programs[i], &frame, &programs[i].ns[round]);
			programs[i].ratio[round] = programs[i].ns[round] / programs[0].ns[round];
		}
	}
	printf("%-34s %-8s", cases[which].shape, cases[which].flags);
	for (int i = 0; i < count && !err; i++)
		printf("  %6.1f %6.3f", sorted(programs[i].ns, rounds, 0),
		       sorted(programs[i].ratio, rounds, rounds / 2));
	putchar('\n');
	return err;
}

/* A program that no device runs waits for a grace period in every test run. */
static int attach(int program, int number)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);
	char command[128], name[IF_NAMESIZE];

	snprintf(name, sizeof(name), "bench%d", number);
	snprintf(command, sizeof(command), "ip link add %s type veth peer name p%s", name, name);
	if (system(command))
		return -ENODEV;
	return bpf_link_create(program, (int)if_nametoindex(name), BPF_XDP, &options) < 0 ? -errno :
											    0;
}

static int load(struct program *program, char *argument, int number)
{
	char *letters = strchr(argument, ':');
	struct fw_switches switches = {};
	int err;

	program->name = argument;
	if (letters) {
		switches.tunnels = strchr(letters, 't') != NULL;
		switches.exceptions = strchr(letters, 'e') != NULL;
		*letters = '\0';
	}
	err = object_load(argument, &switches, &program->object);
	if (!err)
		err = attach(program->object.program, number);
	if (err)
		fprintf(stderr, "%s: %s\n", argument, strerror(-err));
	if (letters)
		*letters = ':';
	return err;
}

int main(int argc, char **argv)
{
	static struct program programs[MOST_PROGRAMS];
	int rounds = 21, count = 0, option;

	while ((option = getopt(argc, argv, "r:")) == 'r')
		rounds = atoi(optarg);
	if (option != -1 || optind == argc || argc - optind > MOST_PROGRAMS || rounds < 1 ||
	    rounds > MOST_ROUNDS) {
		fprintf(stderr, "usage: speed [-r ROUNDS] OBJECT[:SWITCHES]...\n");
		return 1;
	}
	if (unshare(CLONE_NEWNET)) {
		perror("speed: a network namespace");
		return 1;
	}
	for (; optind < argc; optind++, count++)
		if (load(&programs[count], argv[optind], count))
			return 1;
	printf("%-34s %-8s", "", "");
	for (int i = 0; i < count; i++)
		printf("  %13.13s", programs[i].name);
	putchar('\n');
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (run_case(i, programs, count, rounds))
			return 1;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * speed [-j] [-s] [-r ROUNDS] [-n REPEAT] [-c CPU] [-f FRAMES] PROGRAM...: what a packet costs,
 * by BPF_PROG_TEST_RUN. A PROGRAM is
 *
 *	OBJECT[:LETTERS][@FUNCTION]	of an object file; t: look into tunnels, e: exceptions,
 *					l: a listener
 *	id:NUMBER			loaded already
 *
 * with NAME= before it or not. FRAMES has lines of a name, a tab and hexadecimal bytes;
 * without it some shapes of the tests are taken. Each frame goes through each program in
 * every round, one after the other, so that all of them meet the same machine. Printed are
 * the least nanoseconds of CPU time of any round, and the median over the rounds of the
 * ratio to the first program; with -j a line of JSON for a frame and program, with every
 * round. With -s it stays in its network namespace, whose sockets may be asked, or else none are
 * there. The harness of the kernel is in it: 5 to 26 ns, by processor. Root; a measurement, not
 * a test.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"
#include "measured.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define MOST_PROGRAMS 24
#define MOST_ROUNDS 1001
#define MOST_NAME 64

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

struct bench {
	struct measured programs[MOST_PROGRAMS];
	double ns[MOST_PROGRAMS][MOST_ROUNDS], ratio[MOST_PROGRAMS][MOST_ROUNDS];
	__u32 verdict[MOST_PROGRAMS];
	int count;
	int rounds;
	int repeat;
	bool json;
};

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

static void print_json(struct bench *bench, const char *frame)
{
	for (int i = 0; i < bench->count; i++) {
		printf("{\"frame\": \"%s\", \"program\": \"%s\", \"verdict\": %u, \"ns\": [", frame,
		       bench->programs[i].name, bench->verdict[i]);
		for (int round = 0; round < bench->rounds; round++)
			printf("%s%.3f", round ? ", " : "", bench->ns[i][round]);
		printf("]}\n");
	}
}

static void print_row(struct bench *bench, const char *frame)
{
	printf("%-43s", frame);
	for (int i = 0; i < bench->count; i++)
		printf("  %6.1f %6.3f", sorted(bench->ns[i], bench->rounds, 0),
		       sorted(bench->ratio[i], bench->rounds, bench->rounds / 2));
	putchar('\n');
}

static int run_frame(struct bench *bench, const char *name, const __u8 *bytes, size_t length)
{
	int err = 0;

	for (int round = 0; round < bench->rounds; round++) {
		for (int i = 0; i < bench->count && !err; i++) {
			err = measured_run(&bench->programs[i], bytes, length, bench->repeat,
					   &bench->ns[i][round], &bench->verdict[i]);
			bench->ratio[i][round] = bench->ns[i][round] / bench->ns[0][round];
		}
		if (err) {
			fprintf(stderr, "speed: %s: %s\n", name, strerror(-err));
			return err;
		}
	}
	if (bench->json)
		print_json(bench, name);
	else
		print_row(bench, name);
	fflush(stdout);
	return 0;
}

static const struct shape *find(const char *name)
{
	for (size_t i = 0; i < shape_count(); i++)
		if (!strcmp(shape_at(i)->name, name))
			return shape_at(i);
	return NULL;
}

static int run_cases(struct bench *bench)
{
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cases) && !err; i++) {
		const struct segment segment = { .bits = cases[i].bits,
						 .data_offset = 5,
						 .length = 20 };
		const struct shape *shape = find(cases[i].shape);
		char name[MOST_NAME];
		struct frame frame;

		if (!shape)
			return -ENOENT;
		frame_build(&frame, shape, &segment);
		snprintf(name, sizeof(name), "%-34s %-8s", cases[i].shape, cases[i].flags);
		err = run_frame(bench, name, frame.data, frame.length);
	}
	return err;
}

static int run_file(struct bench *bench, const char *path)
{
	static char line[2 * FRAME_MOST + MOST_NAME];
	static __u8 bytes[FRAME_MOST];
	FILE *file = fopen(path, "r");
	int err = file ? 0 : -errno;

	while (!err && fgets(line, sizeof(line), file)) {
		char *text = strchr(line, '\t');
		size_t length = 0;
		unsigned int byte;

		if (!text)
			err = -EINVAL;
		for (*text++ = '\0'; !err && sscanf(text, "%2x", &byte) == 1; text += 2)
			bytes[length++] = (__u8)byte;
		if (!err)
			err = run_frame(bench, line, bytes, length);
	}
	if (file)
		fclose(file);
	return err;
}

static int stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: speed [-j] [-s] [-r ROUNDS] [-n REPEAT] [-c CPU] [-f FRAMES] "
			"[NAME=]OBJECT[:LETTERS][@FUNCTION]|[NAME=]id:NUMBER...\n");
	return 1;
}

int main(int argc, char **argv)
{
	static struct bench bench = { .rounds = 21, .repeat = 200000 };
	const char *frames = NULL;
	int cpu = -1, option, err;
	bool stay = false;

	while ((option = getopt(argc, argv, "jsr:n:c:f:")) != -1) {
		switch (option) {
		case 'j':
			bench.json = true;
			break;
		case 's':
			stay = true;
			break;
		case 'r':
			bench.rounds = atoi(optarg);
			break;
		case 'n':
			bench.repeat = atoi(optarg);
			break;
		case 'c':
			cpu = atoi(optarg);
			break;
		case 'f':
			frames = optarg;
			break;
		default:
			return usage();
		}
	}
	if (optind == argc || argc - optind > MOST_PROGRAMS || bench.rounds < 1 ||
	    bench.rounds > MOST_ROUNDS || bench.repeat < 1)
		return usage();
	err = cpu < 0 ? 0 : stay_on(cpu);
	if (err || (!stay && unshare(CLONE_NEWNET))) {
		perror("speed: a processor and a network namespace of its own");
		return 1;
	}
	for (; optind < argc; optind++, bench.count++)
		if (measured_load(&bench.programs[bench.count], argv[optind], bench.count))
			return 1;
	if (bench.json) {
		for (int i = 0; i < bench.count; i++)
			measured_print(&bench.programs[i]);
	} else {
		printf("%-43s", "");
		for (int i = 0; i < bench.count; i++)
			printf("  %13.13s", bench.programs[i].name);
		putchar('\n');
	}
	return (frames ? run_file(&bench, frames) : run_cases(&bench)) != 0;
}

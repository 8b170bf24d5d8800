// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * flood [-c CPU] [-r ROUNDS] [-n FRAMES] [-b BATCH] [-s] [-m PERCENT] [-w MS]
 *	OBJECT FRAME INTERFACE...
 *
 * Sends FRAME (hexadecimal) out of each INTERFACE of this network namespace, -n times in
 * each round, one interface after the other, so that all of them meet the same machine.
 * OBJECT is source.bpf.o; -s gives each frame another source, -m makes that share of them
 * SYN with FIN and the rest ACK. -w keeps the processor that long after each round, and
 * sleeps for as long: who receives on the same one finds all frames of it there. Prints
 * one line of JSON for an interface and round:
 *
 *	{"interface": "g0", "round": 0, "frames": 1000000, "ns": 171.2, "wall_ns": 180.1}
 *
 * ns is processor time of this thread for a frame. Where the receiver is the other end of a
 * veth pair, it works in the same thread: what it takes is in there, with what sending
 * takes, the same for all. Root; Linux 5.18.
 */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "source.h"

#ifndef BPF_F_TEST_XDP_LIVE_FRAMES
#define BPF_F_TEST_XDP_LIVE_FRAMES (1U << 1)
#endif

#define MOST_BYTES 1514

struct flood {
	int program;
	int settings; /* the map */
	struct source source;
	unsigned char frame[MOST_BYTES];
	__u32 length;
	__u32 frames;
	__u32 batch;
	double wait; /* ns */
};

static double clock_ns(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int load(struct flood *flood, const char *path)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_map *map;

	if (!object || bpf_object__load(object))
		return -errno;
	map = bpf_object__find_map_by_name(object, ".bss");
	flood->program = bpf_program__fd(bpf_object__find_program_by_name(object, "send"));
	flood->settings = map ? bpf_map__fd(map) : -1;
	return flood->program < 0 || flood->settings < 0 ? -EPROTO : 0;
}

static int read_frame(struct flood *flood, const char *text)
{
	unsigned int byte;

	for (; *text; text += 2) {
		if (flood->length == MOST_BYTES || sscanf(text, "%2x", &byte) != 1 || !text[1])
			return -EINVAL;
		flood->frame[flood->length++] = (unsigned char)byte;
	}
	return 0;
}

static void wait_for_frames(double ns)
{
	const double until = clock_ns(CLOCK_MONOTONIC) + ns;

	while (clock_ns(CLOCK_MONOTONIC) < until)
		;
	usleep((useconds_t)(ns / 1e3));
}

static int send_round(struct flood *flood, const char *interface, int round)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = flood->frame,
		    .data_size_in = flood->length, .repeat = (int)flood->frames,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = flood->batch);
	double wall, cpu;
	__u32 zero = 0;
	int err;

	flood->source.interface = if_nametoindex(interface);
	if (!flood->source.interface)
		return -errno;
	err = bpf_map_update_elem(flood->settings, &zero, &flood->source, BPF_ANY);
	if (err)
		return err;
	wall = clock_ns(CLOCK_MONOTONIC);
	cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	err = bpf_prog_test_run_opts(flood->program, &options);
	cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	wall = clock_ns(CLOCK_MONOTONIC) - wall;
	if (err)
		return err;
	printf("{\"interface\": \"%s\", \"round\": %d, \"frames\": %u, \"ns\": %.2f, "
	       "\"wall_ns\": %.2f}\n",
	       interface, round, flood->frames, cpu / flood->frames, wall / flood->frames);
	fflush(stdout);
	if (flood->wait > 0)
		wait_for_frames(flood->wait);
	return 0;
}

static int stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

int main(int argc, char **argv)
{
	static struct flood flood = { .frames = 500000, .batch = 64 };
	int rounds = 1, cpu = -1, option, err;

	while ((option = getopt(argc, argv, "c:r:n:b:sm:w:")) != -1) {
		switch (option) {
		case 'c':
			cpu = atoi(optarg);
			break;
		case 'r':
			rounds = atoi(optarg);
			break;
		case 'n':
			flood.frames = (__u32)atoi(optarg);
			break;
		case 'b':
			flood.batch = (__u32)atoi(optarg);
			break;
		case 's':
			flood.source.spoof = 1;
			break;
		case 'm':
			flood.source.mix = 1;
			flood.source.illegal = (__u32)atoi(optarg);
			break;
		case 'w':
			flood.wait = atof(optarg) * 1e6;
			break;
		default:
			return 1;
		}
	}
	if (argc - optind < 3) {
		fprintf(stderr, "usage: flood [-c CPU] [-r ROUNDS] [-n FRAMES] [-b BATCH] [-s] "
				"[-m PERCENT] [-w MS] OBJECT FRAME INTERFACE...\n");
		return 1;
	}
	err = cpu < 0 ? 0 : stay_on(cpu);
	if (!err)
		err = load(&flood, argv[optind]);
	if (!err)
		err = read_frame(&flood, argv[optind + 1]);
	for (int round = 0; round < rounds && !err; round++)
		for (int i = optind + 2; i < argc && !err; i++)
			err = send_round(&flood, argv[i], round);
	if (err)
		fprintf(stderr, "flood: %s\n", strerror(-err));
	return err != 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "kernels.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_CPUS 1024

struct kernel kernels[KERNELS] = {
	{ .name = "" },
	{ .name = ", tunnels inspected", .switches = { .tunnels = 1 } },
};

static int cpus;

int kernel_read_slot(const struct kernel *kernel, __u32 outcome, struct fw_count *sum)
{
	static struct fw_count values[MOST_CPUS];

	*sum = (struct fw_count){};
	if (bpf_map_lookup_elem(kernel->counters, &outcome, values))
		return -errno;
	for (int cpu = 0; cpu < cpus; cpu++) {
		sum->packets += values[cpu].packets;
		sum->bytes += values[cpu].bytes;
		sum->dropped += values[cpu].dropped;
	}
	return 0;
}

/* A device that takes XDP natively, in a namespace that dies with us. */
static unsigned int make_device(size_t number)
{
	char name[IF_NAMESIZE], command[96];

	snprintf(name, sizeof(name), "fwtest%zu", number);
	snprintf(command, sizeof(command), "ip link add %s type veth peer name p%s", name, name);
	return system(command) ? 0 : if_nametoindex(name);
}

static int load(const char *path, size_t number)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);
	struct kernel *kernel = &kernels[number];
	unsigned int device = make_device(number);
	int err;

	if (!device) {
		fprintf(stderr, "no veth: is this root?\n");
		return -1;
	}
	err = object_load(path, &kernel->switches, &kernel->loaded);
	if (err) {
		fprintf(stderr, "%s%s: %s\n", path, kernel->name, strerror(-err));
		return -1;
	}
	kernel->counters = bpf_object__find_map_fd_by_name(kernel->loaded.object, "fw_counters");
	if (kernel->counters < 0) {
		fprintf(stderr, "%s: no fw_counters in it\n", path);
		return -1;
	}
	if (bpf_link_create(kernel->loaded.program, (int)device, BPF_XDP, &options) < 0) {
		perror("bpf_link_create");
		return -1;
	}
	return 0;
}

int kernels_load(const char *path)
{
	if (unshare(CLONE_NEWNET)) {
		perror("unshare");
		return -1;
	}
	for (size_t i = 0; i < KERNELS; i++)
		if (load(path, i))
			return -1;
	cpus = libbpf_num_possible_cpus();
	return cpus > 0 && cpus <= MOST_CPUS ? 0 : -1;
}

void kernels_close(void)
{
	for (size_t i = 0; i < KERNELS; i++)
		object_close(&kernels[i].loaded);
}

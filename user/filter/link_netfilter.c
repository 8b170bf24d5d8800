// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "link_netfilter.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "kernel.h"
#include "link.h"
#include "program.h"
#include "report.h"

/*
 * Behind what puts fragments together (NF_IP_PRI_CONNTRACK_DEFRAG, -400), before the raw
 * tables (-300). The kernel wants each program at a number of its own.
 */
#define PRIORITY_FIRST (-399)
#define PRIORITY_LAST (-301)

#define DEFRAG (1U << 0) /* BPF_F_NETFILTER_IP_DEFRAG, since Linux 6.6 */

/* The part of union bpf_attr that headers before 6.4 lack. */
struct netfilter_link {
	__u32 program;
	__u32 target; /* none: it is the process's network namespace */
	__u32 attach_type;
	__u32 flags;
	__u32 family;
	__u32 hook;
	__s32 priority;
	__u32 netfilter_flags;
};

/* And of struct bpf_link_info, where xdp is. */
struct netfilter_info {
	__u32 family;
	__u32 hook;
	__s32 priority;
	__u32 flags;
};

static int create(int program, __u32 family, __s32 priority, __u32 flags)
{
	const struct netfilter_link request = {
		.program = (__u32)program,
		.attach_type = hook_attach_type(HOOK_NETFILTER),
		.family = family,
		.hook = NF_INET_PRE_ROUTING,
		.priority = priority,
		.netfilter_flags = flags,
	};
	union bpf_attr attr = {};
	long fd;

	memcpy(&attr, &request, sizeof(request));
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -errno : (int)fd;
}

/* At the first number that is free. Returns a descriptor or -errno in silence. */
static int create_anywhere(int program, __u32 family, __u32 flags)
{
	int fd = -EBUSY;

	for (__s32 at = PRIORITY_FIRST; fd == -EBUSY && at <= PRIORITY_LAST; at++)
		fd = create(program, family, at, flags);
	return fd;
}

/* Whoever cannot put fragments together does without: status says which. */
static int create_best(int program, __u32 family)
{
	int fd = create_anywhere(program, family, DEFRAG);

	if (fd >= 0 || fd == -EPERM || fd == -EACCES || fd == -EBUSY)
		return fd;
	return create_anywhere(program, family, 0);
}

static int pin(int fd, const struct pins_key *key, const char *name)
{
	char path[PINS_PATH];

	if (bpf_obj_pin(fd, pins_path(key, name, path)))
		return kernel_refused(errno, "cannot pin what netfilter calls under " PINS_ROOT);
	return 0;
}

static int refuse(const struct device *device, int error)
{
	if (error == EBUSY)
		return fail(
			EBUSY,
			"%s: netfilter has no place left between %d and %d in this network namespace: "
			"'nft list hooks' shows who is there",
			device->label, PRIORITY_FIRST, PRIORITY_LAST);
	return kernel_refused(error, "cannot attach to %s at netfilter", device->label);
}

/* Whoever made the namespace may think that it ends by itself. */
static void warn_of_namespace(const struct device *device)
{
	struct stat first;

	if (!stat("/proc/1/ns/net", &first) && first.st_ino != device->netns)
		note("%s: this filter keeps its network namespace alive: 'flagwall detach' before it is "
		     "to end",
		     device->label);
}

int netfilter_attach(const struct device *device, const struct pins_key *key, int program)
{
	_cleanup_(entry_close) struct entry_program entry = {};
	_cleanup_close_ int link4 = -1, link6 = -1;
	int err;

	err = entry_load(device->hook, device->ifindex, program, &entry);
	if (err)
		return err;
	/* A table that nobody holds is emptied: first it, then what calls by it. */
	err = pin(entry.table, key, "entry");
	if (err)
		return err;
	link4 = create_best(entry.fd, NFPROTO_IPV4);
	if (link4 < 0)
		return refuse(device, -link4);
	/* A kernel may be without IPv6. */
	link6 = create_best(entry.fd, NFPROTO_IPV6);
	if (link6 < 0 && link6 != -EAFNOSUPPORT)
		return refuse(device, -link6);
	err = link6 < 0 ? 0 : pin(link6, key, "link6");
	if (err)
		return err;
	warn_of_namespace(device);
	return take_fd(&link4);
}

/* Does this link, if there is one, see datagrams whole? Returns 1, 0, or -errno. */
static int is_whole(int link)
{
	struct bpf_link_info info = {};
	struct netfilter_info netfilter;
	__u32 size = sizeof(info);

	if (link < 0)
		return 1;
	if (bpf_obj_get_info_by_fd(link, &info, &size))
		return -errno;
	if (info.type != LINK_TYPE_NETFILTER)
		return -EPROTO;
	memcpy(&netfilter, &info.xdp, sizeof(netfilter));
	return (netfilter.flags & DEFRAG) != 0;
}

int netfilter_read(struct filter *filter)
{
	int four = is_whole(filter->link), six = is_whole(filter->link6);
	__u32 zero = 0;

	if (four < 0 || six < 0)
		return four < 0 ? four : six;
	filter->defragmented = four && six;
	filter->ifindex = link_gone(&filter->key) ? 0 : filter->key.ifindex;
	if (filter->entry < 0)
		return -EPROTO;
	return bpf_map_lookup_elem(filter->entry, &zero, &filter->program) ? -errno : 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "link_clsact.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "kernel.h"
#include "link.h"
#include "netlink.h"
#include "program.h"
#include "report.h"

/* A folder says that clsact came with us: bpffs has no other marks. */
#define CAME_WITH_US "clsact"

/* Filters are asked in the order of this number; where another kind has one, the next. */
#define PRIORITY_FIRST 1
#define PRIORITY_LAST 16

static struct bpf_tc_hook hook_of(const struct pins_key *key)
{
	return (struct bpf_tc_hook){
		.sz = sizeof(struct bpf_tc_hook),
		.ifindex = (int)key->ifindex,
		.attach_point = key->hook == HOOK_TC_EGRESS ? BPF_TC_EGRESS : BPF_TC_INGRESS,
	};
}

/* What is looked for among the filters of one hook, and what there is. */
struct search {
	__u32 program; /* its ID */
	__u32 handle, priority;
	int filters;
};

static int take_filter(const struct nlmsghdr *message, void *context)
{
	const struct tcmsg *info = NLMSG_DATA(message);
	struct search *search = context;

	/* A filter has a handle; its chain is told of as well, without one. */
	if (message->nlmsg_type != RTM_NEWTFILTER || !info->tcm_handle)
		return 0;
	search->filters++;
	if (!search->program ||
	    netlink_u32(netlink_within(netlink_attribute(message, sizeof(*info), TCA_OPTIONS),
				       TCA_BPF_ID)) != search->program)
		return 0;
	search->handle = info->tcm_handle;
	search->priority = info->tcm_info >> 16;
	return 0;
}

static int find(const struct pins_key *key, int link, struct search *search)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	*search = (struct search){};
	if (bpf_obj_get_info_by_fd(link, &info, &size))
		return -errno;
	search->program = info.id;
	return netlink_clsact(key->ifindex, key->hook, take_filter, search);
}

int clsact_runs(const struct pins_key *key, int link)
{
	struct search search;
	int err = find(key, link, &search);

	return err ? err : search.handle != 0;
}

/*
 * Nobody's filter on either side? Then what came with ours goes with it. If that is our
 * own on the other side, the mark passes to it.
 */
static void remove_clsact(const struct pins_key *key)
{
	struct bpf_tc_hook hook = hook_of(key);
	struct pins_key other = *key;
	struct search in = {}, out = {};
	char path[PINS_PATH];
	struct stat status;

	if (stat(pins_path(key, CAME_WITH_US, path), &status) ||
	    netlink_clsact(key->ifindex, HOOK_TC_INGRESS, take_filter, &in) ||
	    netlink_clsact(key->ifindex, HOOK_TC_EGRESS, take_filter, &out))
		return;
	if (in.filters || out.filters) {
		other.hook = key->hook == HOOK_TC_EGRESS ? HOOK_TC_INGRESS : HOOK_TC_EGRESS;
		mkdir(pins_path(&other, CAME_WITH_US, path), 0700);
		return;
	}
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	bpf_tc_hook_destroy(&hook);
}

int clsact_detach(const struct pins_key *key, int link)
{
	struct bpf_tc_hook hook = hook_of(key);
	LIBBPF_OPTS(bpf_tc_opts, options);
	struct search search;
	int err = find(key, link, &search);

	if (err)
		return err;
	if (search.handle) {
		options.handle = search.handle;
		options.priority = search.priority;
		err = bpf_tc_detach(&hook, &options);
		if (err && err != -ENOENT)
			return err;
	}
	remove_clsact(key);
	return 0;
}

/* Returns 0 or -errno in silence. */
static int attach_filter(struct bpf_tc_hook *hook, int program)
{
	int err = -EEXIST;

	for (__u32 at = PRIORITY_FIRST; err && at <= PRIORITY_LAST; at++) {
		LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program, .priority = at);

		err = bpf_tc_attach(hook, &options);
		if (err == -EPERM || err == -EACCES || err == -ENODEV)
			return err;
	}
	return err;
}

int clsact_attach(const struct device *device, const struct pins_key *key, int program)
{
	_cleanup_(entry_close) struct entry_program entry = {};
	struct bpf_tc_hook hook = hook_of(key);
	char path[PINS_PATH];
	_cleanup_close_ int fd = -1;
	int err;

	err = entry_load(device->hook, device->ifindex, program, &entry);
	if (err)
		return err;
	if (bpf_obj_pin(entry.table, pins_path(key, "entry", path)))
		return kernel_refused(errno, "cannot pin what tc calls under " PINS_ROOT);
	err = bpf_tc_hook_create(&hook);
	if (err && err != -EEXIST)
		return kernel_refused(-err, "cannot attach to %s: no clsact", device->label);
	if (!err && mkdir(pins_path(key, CAME_WITH_US, path), 0700))
		return kernel_refused(errno, "cannot mark under " PINS_ROOT);
	/* Filters outlive us: who is killed from here on has left one that can be found. */
	if (bpf_obj_pin(entry.fd, pins_path(key, "link", path)))
		return kernel_refused(errno, "cannot pin the program under " PINS_ROOT);
	fd = fcntl(entry.fd, F_DUPFD_CLOEXEC, 0);
	err = fd < 0 ? -errno : attach_filter(&hook, entry.fd);
	if (!err)
		return take_fd(&fd);
	clsact_detach(key, entry.fd);
	return kernel_refused(-err, "cannot attach to %s at tc", device->label);
}

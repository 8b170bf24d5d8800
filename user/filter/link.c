// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "link.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "kernel.h"
#include "link_clsact.h"
#include "link_netfilter.h"
#include "netns.h"
#include "occupant.h"
#include "report.h"
#include "text.h"

/*
 * The driver's own reason is lost on links. Ask once more the older way, which
 * has it; should that work, undo it: the first answer stands. NULL if the driver
 * has nothing to say.
 */
static const char *ask_driver(const struct device *device, int program)
{
	__u32 flags = XDP_FLAGS_DRV_MODE | XDP_FLAGS_UPDATE_IF_NOEXIST;

	kernel_forget();
	if (!bpf_xdp_attach((int)device->ifindex, program, flags, NULL))
		bpf_xdp_detach((int)device->ifindex, XDP_FLAGS_DRV_MODE, NULL);
	return kernel_driver_words();
}

/* "; with an MTU of 3506 it would not", or nothing. */
static const char *hint(const struct device *device, bool frags, char text[DRIVER_TEXT])
{
	struct nic nic;

	text[0] = '\0';
	return nic_read(device, &nic) ? text : driver_hint(&nic, frags, text);
}

/* "; generic mode ..., --hook tc-ingress ...", or nothing. */
static const char *instead(const struct device *device, char text[DRIVER_TEXT + 2])
{
	char advice[DRIVER_TEXT];
	struct nic nic;

	text[0] = '\0';
	if (!nic_read(device, &nic) && device_framing(device) == FRAMING_ETHERNET)
		snprintf(text, DRIVER_TEXT + 2, "; %s", driver_instead(&nic, advice));
	return text;
}

/* Errors that mean the driver will not, rather than that nobody may. */
static bool driver_refused(int error)
{
	return error != EPERM && error != EACCES && error != EBUSY && error != EEXIST &&
	       error != ENODEV;
}

static int create_link(const struct device *device, int program, __u32 flags)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flags);
	int fd = bpf_link_create(program, (int)device->ifindex, BPF_XDP, &options);

	return fd < 0 ? -errno : fd;
}

/* Since 5.15 the kernel wants no program below an interface that has one: bonds, bridges, VLANs. */
static int refuse_below(const struct device *device)
{
	struct xdp_state state;
	struct nic nic;

	if (!nic_read(device, &nic) && nic.master && !device_xdp(nic.master, &state) &&
	    state.program)
		return fail(EEXIST,
			    "%s: it belongs to %s, which has an XDP program (id %u), and the kernel "
			    "takes one only above or below: detach that one, or leave it at that",
			    device->label, nic.master_name, state.program);
	return fail(EEXIST,
		    "%s: an interface on top of it (a VLAN, say) has an XDP program, and the kernel "
		    "takes one only above or below: 'ip link' shows which; detach that one first",
		    device->label);
}

static int refuse_link(const struct device *device, int error)
{
	struct xdp_state state;

	if ((error == EBUSY || error == EEXIST) && !device_xdp(device->ifindex, &state) &&
	    state.program)
		return occupant_refuse(device, &state);
	if (error == EEXIST)
		return refuse_below(device);
	return kernel_refused(error, "cannot attach to %s", device->label);
}

#define BEFORE_ALL (1U << 3) /* BPF_F_BEFORE, which older headers lack: before nobody means first */

/*
 * tc takes 64 links, and one that accepts a packet ends the way of it: ours goes first.
 * Before Linux 6.6 it takes filters.
 */
static int attach_tc(const struct device *device, const struct pins_key *key, int program)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = BEFORE_ALL);
	int fd = bpf_link_create(program, (int)device->ifindex, hook_attach_type(device->hook),
				 &options);

	if (fd >= 0)
		return fd;
	if (errno == ERANGE)
		return fail(ERANGE,
			    "%s: there are as many programs at %s as the kernel takes: "
			    "'bpftool net show dev %s' lists them",
			    device->label, hook_names[device->hook], device->label);
	if (errno == EINVAL && kernel_number() < 606)
		return clsact_attach(device, key, program);
	return kernel_refused(errno, "cannot attach to %s", device->label);
}

int link_attach(const struct device *device, const struct pins_key *key, int program, bool frags,
		enum attach_mode mode, char *fallback, size_t size)
{
	char advice[DRIVER_TEXT], other[DRIVER_TEXT + 2];
	const char *words;
	int fd;

	if (device->hook == HOOK_NETFILTER)
		return netfilter_attach(device, key, program);
	if (device->hook != HOOK_XDP)
		return attach_tc(device, key, program);
	if (mode == ATTACH_GENERIC) {
		fd = create_link(device, program, XDP_FLAGS_SKB_MODE);
		return fd < 0 ? refuse_link(device, -fd) : fd;
	}
	fd = create_link(device, program, XDP_FLAGS_DRV_MODE);
	if (fd >= 0)
		return fd;
	if (!driver_refused(-fd))
		return refuse_link(device, -fd);
	words = ask_driver(device, program);
	if (!words && kernel_too_old())
		return refuse_link(device, -fd);
	words = words ? words : strerror(-fd);
	if (mode == ATTACH_NATIVE)
		return fail(-fd, "%s: the driver refuses native mode: %s%s; try --mode generic%s",
			    device->label, words, hint(device, frags, advice),
			    instead(device, other));
	text_set(fallback, size, words);
	note("%s: the driver refuses native mode: %s%s; so it is generic mode, which costs more CPU a packet%s",
	     device->label, fallback, hint(device, frags, advice), instead(device, other));
	if (frags)
		return -EAGAIN;
	fd = create_link(device, program, XDP_FLAGS_SKB_MODE);
	return fd < 0 ? refuse_link(device, -fd) : fd;
}

static int read_clsact(struct filter *filter)
{
	__u32 zero = 0;

	filter->ifindex = link_gone(&filter->key) ? 0 : filter->key.ifindex;
	return bpf_map_lookup_elem(filter->entry, &zero, &filter->program) ? -errno : 0;
}

int link_read(struct filter *filter)
{
	struct bpf_link_info info = {};
	__u32 size = sizeof(info);

	if (filter->key.hook == HOOK_NETFILTER)
		return netfilter_read(filter);
	if (filter->entry >= 0)
		return read_clsact(filter);
	if (bpf_obj_get_info_by_fd(filter->link, &info, &size))
		return -errno;
	if (info.type != (filter->key.hook == HOOK_XDP ? BPF_LINK_TYPE_XDP : LINK_TYPE_TCX))
		return -EPROTO;
	/* In the same place for both. */
	filter->ifindex = info.xdp.ifindex;
	filter->program = info.prog_id;
	return 0;
}

int link_exchange(const struct filter *filter, int program)
{
	__u32 zero = 0;

	if (filter->entry >= 0)
		return bpf_map_update_elem(filter->entry, &zero, &program, BPF_ANY) ? -errno : 0;
	return bpf_link_update(filter->link, program, NULL) ? -errno : 0;
}

/* Nobody knows of such a filter but its own namespace. */
int link_runs(const struct filter *filter)
{
	if (filter->key.netns != netns_inode())
		return 0;
	return filter->key.hook == HOOK_NETFILTER ? 1 : clsact_runs(&filter->key, filter->link);
}

int link_detach(const struct filter *filter)
{
	if (filter->key.hook != HOOK_NETFILTER && filter->entry >= 0)
		return clsact_detach(&filter->key, filter->link);
	if (bpf_link_detach(filter->link) || (filter->link6 >= 0 && bpf_link_detach(filter->link6)))
		return -errno;
	return 0;
}

bool link_gone(const struct pins_key *key)
{
	struct device device;

	return key->netns == netns_inode() &&
	       device_by_index(key->ifindex, NULL, &device) == -ENODEV;
}

/* At clsact what is pinned is a program. */
static bool is_program(const struct pins_key *key)
{
	char path[PINS_PATH];

	return key->hook != HOOK_NETFILTER && !access(pins_path(key, "entry", path), F_OK);
}

bool link_severed(const struct pins_key *key, int link)
{
	struct bpf_link_info info = {};
	__u32 size = sizeof(info);

	if (key->hook == HOOK_NETFILTER)
		return link_gone(key);
	if (is_program(key))
		return key->netns == netns_inode() && !clsact_runs(key, link);
	return !bpf_obj_get_info_by_fd(link, &info, &size) && !info.xdp.ifindex;
}

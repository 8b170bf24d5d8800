// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "device.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "netlink.h"
#include "netns.h"
#include "text.h"

#ifndef ARPHRD_RAWIP
#define ARPHRD_RAWIP 519 /* <linux/if_arp.h>, which cannot be had beside <net/if_arp.h> */
#endif

int device_by_index(unsigned int ifindex, const char *where, struct device *device)
{
	struct device found = { .ifindex = ifindex, .netns = netns_inode(), .where = where };

	if (!ifindex)
		return -ENODEV;
	/* Whoever has no descriptor left does not know whether it is there. */
	if (!if_indextoname(ifindex, found.name))
		return errno == ENXIO ? -ENODEV : -errno;
	memcpy(found.label, found.name, sizeof(found.label));
	text_printable(found.label);
	*device = found;
	return 0;
}

int device_find(const char *name, const char *where, struct device *device)
{
	unsigned int ifindex;

	/* The kernel would cut "eth0:1", the name of an address, to eth0. */
	if (strchr(name, ':'))
		return -ENODEV;
	/* By number, because the name may have been an alternative one. */
	ifindex = if_nametoindex(name);
	return ifindex ? device_by_index(ifindex, where, device) : -errno;
}

/* Its hardware address, and of what kind: any socket answers, also where a unit allows no IP. */
static int ask_hardware(const struct device *device, struct sockaddr *address)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {};

	memcpy(request.ifr_name, device->name, sizeof(request.ifr_name));
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &request))
		return -errno;
	*address = request.ifr_hwaddr;
	return 0;
}

enum framing device_framing(const struct device *device)
{
	struct sockaddr address = {};

	if (ask_hardware(device, &address))
		return FRAMING_ETHERNET;
	switch (address.sa_family) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return FRAMING_ETHERNET;
	case ARPHRD_NONE:
	case ARPHRD_RAWIP:
		return FRAMING_NONE;
	default:
		return FRAMING_OTHER;
	}
}

const char *device_words(const struct device *device, char text[DEVICE_WORDS])
{
	char where[DEVICE_WORDS / 2];

	snprintf(where, sizeof(where), "%s", device->where ? device->where : "");
	text_printable(where);
	snprintf(text, DEVICE_WORDS, "%s%s%s%s", device->label, hook_option(device->hook),
		 device->where ? " --netns " : "", where);
	return text;
}

int device_mac(const struct device *device, __u8 mac[6])
{
	struct sockaddr address = {};
	int err = ask_hardware(device, &address);

	memset(mac, 0, 6);
	if (!err && address.sa_family == ARPHRD_ETHER)
		memcpy(mac, address.sa_data, 6);
	return err;
}

static int take_xdp(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *xdp = netlink_attribute(message, sizeof(struct ifinfomsg), IFLA_XDP);
	struct xdp_state *state = context;
	__u32 native = netlink_u32(netlink_within(xdp, IFLA_XDP_DRV_PROG_ID));
	__u32 generic = netlink_u32(netlink_within(xdp, IFLA_XDP_SKB_PROG_ID));
	__u32 offload = netlink_u32(netlink_within(xdp, IFLA_XDP_HW_PROG_ID));

	if (native)
		*state = (struct xdp_state){ XDP_MODE_NATIVE, native };
	else if (generic)
		*state = (struct xdp_state){ XDP_MODE_GENERIC, generic };
	else if (offload)
		*state = (struct xdp_state){ XDP_MODE_OFFLOAD, offload };
	return 1;
}

/* About this one alone: bpf_xdp_query() of libbpf has the kernel tell of all that there are. */
int device_xdp(unsigned int ifindex, struct xdp_state *state)
{
	struct netlink_request request;
	struct ifinfomsg *link = netlink_begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));

	*state = (struct xdp_state){};
	link->ifi_index = (int)ifindex;
	return netlink_ask(NETLINK_ROUTE, &request, take_xdp, state);
}

int device_runs(unsigned int ifindex, enum hook hook, __u32 program)
{
	__u32 programs[DEVICE_PROGRAMS_MOST], count = DEVICE_PROGRAMS_MOST;
	struct xdp_state state;
	int err;

	if (hook == HOOK_XDP) {
		err = device_xdp(ifindex, &state);
		return err ? err : state.program == program;
	}
	if (bpf_prog_query((int)ifindex, hook_attach_type(hook), 0, NULL, programs, &count))
		return -errno;
	for (__u32 i = 0; i < count; i++)
		if (programs[i] == program)
			return 1;
	return 0;
}

/* What @packets asks for: the statistics of one interface. */
struct question {
	bool sent;
	bool answered;
	__u64 packets;
};

static int take_statistics(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *attribute =
		netlink_attribute(message, sizeof(struct ifinfomsg), IFLA_STATS64);
	struct question *question = context;
	struct rtnl_link_stats64 stats = {};

	/* Newer kernels have more in it, behind what we know. */
	if (!attribute ||
	    attribute->nla_len < NLA_HDRLEN + offsetof(struct rtnl_link_stats64, rx_bytes))
		return 1;
	memcpy(&stats, (const char *)attribute + NLA_HDRLEN,
	       offsetof(struct rtnl_link_stats64, rx_bytes));
	question->packets = question->sent ? stats.tx_packets : stats.rx_packets;
	question->answered = true;
	return 1;
}

int device_packets(const struct device *device, __u64 *packets)
{
	struct question question = { .sent = device->hook == HOOK_TC_EGRESS };
	struct netlink_request request;
	struct ifinfomsg *link = netlink_begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	int err;

	link->ifi_index = (int)device->ifindex;
	err = netlink_ask(NETLINK_ROUTE, &request, take_statistics, &question);
	if (err)
		return err;
	*packets = question.packets;
	return question.answered ? 0 : -ENODATA;
}

const char *xdp_mode_name(enum xdp_mode mode)
{
	static const char *const names[] = {
		[XDP_MODE_NONE] = "none",
		[XDP_MODE_NATIVE] = "native",
		[XDP_MODE_GENERIC] = "generic",
		[XDP_MODE_OFFLOAD] = "offload",
	};

	return names[mode];
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "nic.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "netlink.h"

/* Of include/uapi/linux/netdev.h, which came with 6.3. */
#define NETDEV_CMD_DEV_GET 1
#define NETDEV_A_DEV_IFINDEX 1
#define NETDEV_A_DEV_XDP_FEATURES 3

/* --- netlink: the link, and what it belongs to --- */

struct link_answer {
	char kind[NIC_NAME];
	char name[IF_NAMESIZE];
	__u32 mtu, master, peer;
	bool peer_elsewhere;
	__u32 peer_nsid;
};

static int take_link(const struct nlmsghdr *message, void *context)
{
	const size_t fixed = sizeof(struct ifinfomsg);
	const struct nlattr *nsid = netlink_attribute(message, fixed, IFLA_LINK_NETNSID);
	struct link_answer *link = context;

	if (message->nlmsg_type != RTM_NEWLINK)
		return 0;
	netlink_text(netlink_within(netlink_attribute(message, fixed, IFLA_LINKINFO),
				    IFLA_INFO_KIND),
		     link->kind, sizeof(link->kind));
	netlink_text(netlink_attribute(message, fixed, IFLA_IFNAME), link->name, sizeof(link->name));
	link->mtu = netlink_u32(netlink_attribute(message, fixed, IFLA_MTU));
	link->master = netlink_u32(netlink_attribute(message, fixed, IFLA_MASTER));
	link->peer = netlink_u32(netlink_attribute(message, fixed, IFLA_LINK));
	link->peer_elsewhere = nsid != NULL;
	link->peer_nsid = netlink_u32(nsid);
	return 1;
}

/* @nsid: of the namespace that it is in, or NULL for ours. */
static int ask_link(__u32 ifindex, const __u32 *nsid, struct link_answer *link)
{
	struct netlink_request request;
	struct ifinfomsg *info = netlink_begin(&request, RTM_GETLINK, 0, sizeof(*info));

	*link = (struct link_answer){};
	info->ifi_index = (int)ifindex;
	if (nsid)
		netlink_add(&request, IFLA_TARGET_NETNSID, nsid, sizeof(*nsid));
	return netlink_ask(NETLINK_ROUTE, &request, take_link, link);
}

static int read_link(unsigned int ifindex, struct nic *nic)
{
	struct link_answer link, other;
	int err = ask_link(ifindex, NULL, &link);

	if (err)
		return err;
	nic->mtu = link.mtu;
	nic->master = link.master;
	memcpy(nic->kind, link.kind, sizeof(nic->kind));
	if (link.master && !ask_link(link.master, NULL, &other)) {
		memcpy(nic->master_kind, other.kind, sizeof(nic->master_kind));
		memcpy(nic->master_name, other.name, sizeof(nic->master_name));
	}
	if (!strcmp(link.kind, "veth") && link.peer &&
	    !ask_link(link.peer, link.peer_elsewhere ? &link.peer_nsid : NULL, &other))
		nic->peer_mtu = other.mtu;
	return 0;
}

/* --- generic netlink: what XDP the driver has, by its own word --- */

static int take_family(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *id =
		netlink_attribute(message, sizeof(struct genlmsghdr), CTRL_ATTR_FAMILY_ID);

	if (!id || id->nla_len < NLA_HDRLEN + sizeof(__u16))
		return 0;
	memcpy(context, (const char *)id + NLA_HDRLEN, sizeof(__u16));
	return 1;
}

static int take_features(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *features =
		netlink_attribute(message, sizeof(struct genlmsghdr), NETDEV_A_DEV_XDP_FEATURES);
	struct nic *nic = context;

	if (!features || features->nla_len < NLA_HDRLEN + sizeof(nic->features))
		return 0;
	memcpy(&nic->features, (const char *)features + NLA_HDRLEN, sizeof(nic->features));
	nic->features_known = true;
	return 1;
}

static void read_features(unsigned int ifindex, struct nic *nic)
{
	static const char name[] = "netdev";
	struct netlink_request request;
	struct genlmsghdr *header = netlink_begin(&request, GENL_ID_CTRL, 0, sizeof(*header));
	__u16 family = 0;
	__u32 index = ifindex;

	*header = (struct genlmsghdr){ .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	netlink_add(&request, CTRL_ATTR_FAMILY_NAME, name, sizeof(name));
	if (netlink_ask(NETLINK_GENERIC, &request, take_family, &family) || !family)
		return;
	header = netlink_begin(&request, family, 0, sizeof(*header));
	*header = (struct genlmsghdr){ .cmd = NETDEV_CMD_DEV_GET, .version = 1 };
	netlink_add(&request, NETDEV_A_DEV_IFINDEX, &index, sizeof(index));
	netlink_ask(NETLINK_GENERIC, &request, take_features, nic);
}

/* --- ethtool: driver, offloads, queues --- */

static int ask_ethtool(int fd, const struct device *device, void *question)
{
	struct ifreq request = { .ifr_data = question };

	memcpy(request.ifr_name, device->name, sizeof(request.ifr_name));
	return ioctl(fd, SIOCETHTOOL, &request) ? -errno : 0;
}

/* The names of all offloads, ETH_GSTRING_LEN bytes each. NULL if there are none to be had. */
static struct ethtool_gstrings *offload_names(int fd, const struct device *device)
{
	/* The kernel writes one number a bit that was asked for, behind the struct. */
	union {
		struct ethtool_sset_info info;
		__u32 words[sizeof(struct ethtool_sset_info) / sizeof(__u32) + 1];
	} sets = { .info = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ULL << ETH_SS_FEATURES } };
	struct ethtool_gstrings *names;
	__u32 count;

	if (ask_ethtool(fd, device, &sets) || !sets.info.sset_mask)
		return NULL;
	count = sets.words[sizeof(sets.info) / sizeof(sets.words[0])];
	if (!count)
		return NULL;
	names = calloc(1, sizeof(*names) + (size_t)count * ETH_GSTRING_LEN);
	if (!names)
		return NULL;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = count;
	if (!ask_ethtool(fd, device, names))
		return names;
	free(names);
	return NULL;
}

static void read_offloads(int fd, const struct device *device, struct nic *nic)
{
	const struct {
		const char *name;
		bool *on;
	} wanted[] = { { "rx-lro", &nic->lro },
		       { "rx-gro-hw", &nic->gro_hw },
		       { "rx-vlan-hw-parse", &nic->rx_vlan } };
	_cleanup_free_ struct ethtool_gstrings *names = offload_names(fd, device);
	_cleanup_free_ struct ethtool_gfeatures *features = NULL;
	__u32 blocks;

	if (!names)
		return;
	blocks = (names->len + 31) / 32;
	features = calloc(1, sizeof(*features) + blocks * sizeof(features->features[0]));
	if (!features)
		return;
	features->cmd = ETHTOOL_GFEATURES;
	features->size = blocks;
	if (ask_ethtool(fd, device, features))
		return;
	nic->offloads_known = true;
	for (__u32 bit = 0; bit < names->len && bit / 32 < features->size; bit++) {
		const char *name = (const char *)names->data + (size_t)bit * ETH_GSTRING_LEN;

		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (!strncmp(name, wanted[i].name, ETH_GSTRING_LEN))
				*wanted[i].on = features->features[bit / 32].active >> bit % 32 & 1;
	}
}

static void read_ethtool(const struct device *device, struct nic *nic)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ethtool_drvinfo driver = { .cmd = ETHTOOL_GDRVINFO };
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };

	if (fd < 0)
		return;
	if (!ask_ethtool(fd, device, &driver))
		snprintf(nic->driver, sizeof(nic->driver), "%.31s", driver.driver);
	if (!ask_ethtool(fd, device, &channels)) {
		nic->queues_known = true;
		nic->queues = (struct nic_queues){ channels.rx_count, channels.tx_count,
						   channels.combined_count };
		nic->most = (struct nic_queues){ channels.max_rx, channels.max_tx,
						 channels.max_combined };
	}
	read_offloads(fd, device, nic);
}

int nic_read(const struct device *device, struct nic *nic)
{
	int err;

	*nic = (struct nic){};
	err = read_link(device->ifindex, nic);
	if (err)
		return err;
	read_ethtool(device, nic);
	/* Software devices without ethtool have their kind. */
	if (!nic->driver[0])
		memcpy(nic->driver, nic->kind, sizeof(nic->driver));
	read_features(device->ifindex, nic);
	return 0;
}

__u32 nic_queue_count(const struct nic *nic)
{
	return nic->queues.combined + nic->queues.rx;
}

__u32 nic_queue_most(const struct nic *nic)
{
	return nic->most.combined + nic->most.rx;
}

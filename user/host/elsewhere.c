// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "elsewhere.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "netlink.h"

/* --- rules of nftables, and of iptables-nft --- */

/* The numbers of nftables are in network byte order. */
static __u32 number(const struct nlmsghdr *message, __u16 type)
{
	return ntohl(netlink_u32(netlink_attribute(message, sizeof(struct nfgenmsg), type)));
}

/* A chain that translates addresses, with rules in it, at any hook: all change who gets what. */
static int take_chain(const struct nlmsghdr *message, void *context)
{
	char *name = context, type[16] = "";

	netlink_text(netlink_attribute(message, sizeof(struct nfgenmsg), NFTA_CHAIN_TYPE), type,
		     sizeof(type));
	if (strcmp(type, "nat") != 0 || !number(message, NFTA_CHAIN_USE))
		return 0;
	netlink_text(netlink_attribute(message, sizeof(struct nfgenmsg), NFTA_CHAIN_TABLE), name,
		     NFT_NAME_MAXLEN);
	return 1;
}

static bool find_nft(char text[ELSEWHERE_TEXT])
{
	struct netlink_request request;
	char table[NFT_NAME_MAXLEN] = "";
	struct nfgenmsg *message = netlink_begin(&request,
						 NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN,
						 NLM_F_DUMP, sizeof(*message));

	message->nfgen_family = AF_UNSPEC;
	if (netlink_ask(NETLINK_NETFILTER, &request, take_chain, table) || !*table)
		return false;
	snprintf(text, ELSEWHERE_TEXT, "addresses are translated (NAT: table %.64s of nftables)",
		 table);
	return true;
}

/* --- of iptables-legacy --- */

/* A table's own: its four chains, and the end. */
#define EMPTY_NAT 5

/* The kernel makes the table for whoever asks: ask only where it is there. */
static bool has_table(const char *names)
{
	FILE *file = fopen(names, "re");
	char name[XT_TABLE_MAXNAMELEN];
	bool found = false;

	while (file && !found && fscanf(file, "%31s", name) == 1)
		found = !strcmp(name, "nat");
	if (file)
		fclose(file);
	return found;
}

static bool find_iptables(char text[ELSEWHERE_TEXT])
{
	/* Not raw sockets, as iptables has: those take CAP_NET_RAW. */
	_cleanup_close_ int four = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	_cleanup_close_ int six = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ipt_getinfo info = { .name = "nat" };
	struct ip6t_getinfo info6 = { .name = "nat" };
	socklen_t size = sizeof(info), size6 = sizeof(info6);

	if ((four >= 0 && has_table("/proc/net/ip_tables_names") &&
	     !getsockopt(four, IPPROTO_IP, IPT_SO_GET_INFO, &info, &size) &&
	     info.num_entries > EMPTY_NAT) ||
	    (six >= 0 && has_table("/proc/net/ip6_tables_names") &&
	     !getsockopt(six, IPPROTO_IPV6, IP6T_SO_GET_INFO, &info6, &size6) &&
	     info6.num_entries > EMPTY_NAT)) {
		snprintf(text, ELSEWHERE_TEXT,
			 "addresses are translated (NAT: table nat of iptables-legacy)");
		return true;
	}
	return false;
}

/* --- load balancing by IPVS --- */

static bool find_ipvs(char text[ELSEWHERE_TEXT])
{
	FILE *file = fopen("/proc/net/ip_vs", "re");
	char line[256];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = !strncmp(line, "TCP ", 4) || !strncmp(line, "FWM ", 4);
	if (file)
		fclose(file);
	if (found)
		snprintf(text, ELSEWHERE_TEXT, "IPVS hands connections on to other hosts");
	return found;
}

/* --- a device above --- */

static int take_link(const struct nlmsghdr *message, void *context)
{
	*(__u32 *)context =
		netlink_u32(netlink_attribute(message, sizeof(struct ifinfomsg), IFLA_MASTER));
	return 1;
}

static bool find_master(const struct device *device, char text[ELSEWHERE_TEXT])
{
	struct netlink_request request;
	struct ifinfomsg *link = netlink_begin(&request, RTM_GETLINK, 0, sizeof(*link));
	char name[IF_NAMESIZE] = "";
	__u32 master = 0;

	link->ifi_index = (int)device->ifindex;
	if (netlink_ask(NETLINK_ROUTE, &request, take_link, &master) || !master)
		return false;
	if_indextoname(master, name);
	snprintf(text, ELSEWHERE_TEXT,
		 "%s is a part of %s, and sockets that are bound to that are not found",
		 device->label, name);
	return true;
}

/* --- an interface whose packets do not say for whom they are --- */

static bool find_bare(const struct device *device, char text[ELSEWHERE_TEXT])
{
	if (device_framing(device) == FRAMING_ETHERNET)
		return false;
	snprintf(text, ELSEWHERE_TEXT,
		 "packets of %s have no Ethernet header, and are not looked up", device->label);
	return true;
}

bool elsewhere_find(const struct device *device, char text[ELSEWHERE_TEXT])
{
	text[0] = '\0';
	return find_nft(text) || find_iptables(text) || find_ipvs(text) ||
	       find_master(device, text) || find_bare(device, text);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "linktype.h"

#include <linux/if_ether.h>

#include "flagwall/bytes.h"

/* Lengths of the pseudo-headers, and where the EtherType is in them. */
#define LOOP_HEADER 4
#define SLL_HEADER 16
#define SLL_TYPE 14
#define SLL2_HEADER 20
#define SLL2_TYPE 0

/* What BSDs call IPv4 and IPv6 (LINKTYPE_NULL), and what others do. */
#define FAMILY_INET 2
#define FAMILY_INET6_LINUX 10
#define FAMILY_INET6_WINDOWS 23
#define FAMILY_INET6_NETBSD 24
#define FAMILY_INET6_FREEBSD 28
#define FAMILY_INET6_DARWIN 30

/* Linux's cooked headers have numbers of their own below the EtherTypes; 802.2 is the one we follow. */
#define SLL_802_2 0x0004

/* No protocol has it (RFC 1701): what follows is neither IP nor on the way to it. */
#define NOTHING 0xffff

bool linktype_known(__u32 type)
{
	switch (type) {
	case LINKTYPE_NULL:
	case LINKTYPE_ETHERNET:
	case LINKTYPE_RAW_BSD:
	case LINKTYPE_RAW_OPENBSD:
	case LINKTYPE_RAW:
	case LINKTYPE_LOOP:
	case LINKTYPE_LINUX_SLL:
	case LINKTYPE_IPV4:
	case LINKTYPE_IPV6:
	case LINKTYPE_LINUX_SLL2:
		return true;
	default:
		return false;
	}
}

/*
 * The byte order of the writer is not told: a family is a small number, so the
 * end that is not zero is its low one.
 */
static __u16 loop_type(const __u8 *data)
{
	__u8 family = data[0] ? data[0] : data[3];

	if (data[1] || data[2] || (data[0] && data[3]))
		return NOTHING;
	switch (family) {
	case FAMILY_INET:
		return ETH_P_IP;
	case FAMILY_INET6_LINUX:
	case FAMILY_INET6_WINDOWS:
	case FAMILY_INET6_NETBSD:
	case FAMILY_INET6_FREEBSD:
	case FAMILY_INET6_DARWIN:
		return ETH_P_IPV6;
	default:
		return NOTHING;
	}
}

static __u16 cooked_type(const __u8 *at)
{
	__u16 type = fw_load16(at);

	return type >= ETH_P_802_3_MIN || type == SLL_802_2 ? type : NOTHING;
}

/* The bytes before the network layer, and where their EtherType is. */
static __u32 header_length(__u32 type)
{
	switch (type) {
	case LINKTYPE_NULL:
	case LINKTYPE_LOOP:
		return LOOP_HEADER;
	case LINKTYPE_LINUX_SLL:
		return SLL_HEADER;
	case LINKTYPE_LINUX_SLL2:
		return SLL2_HEADER;
	default:
		return 0;
	}
}

static __u16 header_type(__u32 type, const __u8 *data)
{
	switch (type) {
	case LINKTYPE_IPV4:
		return ETH_P_IP;
	case LINKTYPE_IPV6:
		return ETH_P_IPV6;
	case LINKTYPE_NULL:
	case LINKTYPE_LOOP:
		return loop_type(data);
	case LINKTYPE_LINUX_SLL:
		return cooked_type(data + SLL_TYPE);
	case LINKTYPE_LINUX_SLL2:
		return cooked_type(data + SLL2_TYPE);
	default: /* raw IP: what is of neither version is for IPv4's reader to refuse */
		return data[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP;
	}
}

bool linktype_read(__u32 type, const __u8 *data, __u32 captured, struct linktype_header *header)
{
	header->length = header_length(type);
	if (!captured || captured < header->length)
		return false;
	header->type = header_type(type, data);
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ethernet and its VLAN tags: IEEE 802.3, 802.1Q, 802.1ad. */
#ifndef FLAGWALL_ETHERNET_H
#define FLAGWALL_ETHERNET_H

#include <linux/if_ether.h>

#include "flagwall/outcome.h"
#include "flagwall/packet.h"

#ifndef fw_packet_bare
#define fw_packet_bare(packet, start) 0
#endif

/* What the link layer hands to the network layer. */
struct fw_link {
	__u64 offset; /* of what follows */
	__u16 type;   /* EtherType, network byte order */
	__u16 vlan;   /* VLAN ID of the outermost tag */
	__u8 vlan_tags;
};

static __always_inline int fw_is_ip(__u16 type)
{
	return type == fw_be16(ETH_P_IP) || type == fw_be16(ETH_P_IPV6);
}

static __always_inline int fw_is_vlan(__u16 type)
{
	return type == fw_be16(ETH_P_8021Q) || type == fw_be16(ETH_P_8021AD);
}

/*
 * fw_parse_ethernet - find the EtherType behind up to FW_MAX_VLANS tags.
 *
 * Returns 0 and fills @link, or the reason why there is nothing to follow.
 */
static __always_inline __u32 fw_parse_ethernet(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, 0, ETH_HLEN);
	const int beside = fw_packet_tag(packet) != FW_NO_TAG;

	if (!header)
		return FW_REASON_TRUNCATED;
	if (beside) {
		link->vlan = (__u16)fw_packet_tag(packet);
		link->vlan_tags = 1;
	}
	if (fw_packet_bare(packet, header)) {
		link->type = header[0] >> 4 == 4 ? fw_be16(ETH_P_IP) : fw_be16(ETH_P_IPV6);
		return header[0] >> 4 == 4 || header[0] >> 4 == 6 ? 0 : FW_REASON_NOT_IP;
	}
	link->type = fw_load_be16(header + 12);
	link->offset = ETH_HLEN;

	/* Unrolled: 5.10 refuses the back edge of a loop over the packet. */
#pragma GCC unroll 4
	for (int i = 0; i < FW_MAX_VLANS; i++) {
		if (!fw_is_vlan(link->type))
			return 0;
		if (i + beside == FW_MAX_VLANS)
			return FW_REASON_ENCAPSULATION;
		header = fw_packet_slice(packet, link->offset, 4);
		if (!header)
			return FW_REASON_TRUNCATED;
		if (i + beside == 0)
			link->vlan = fw_load16(header) & 0x0fff;
		link->vlan_tags = (__u8)(i + 1 + beside);
		link->type = fw_load_be16(header + 2);
		link->offset += 4;
	}
	return fw_is_vlan(link->type) ? FW_REASON_ENCAPSULATION : 0;
}

#endif /* FLAGWALL_ETHERNET_H */

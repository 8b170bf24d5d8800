// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "endpoints.h"

#include <string.h>

#include "linktype.h"
#include "packet_frame.h"

#include "flagwall/addresses.h"
#include "flagwall/extension.h"
#include "flagwall/ip.h"

void endpoints_read(__u32 link_type, const struct capture_packet *packet,
		    struct endpoints *endpoints)
{
	struct fw_except_key from = {}, to = {};
	struct fw_network net = {};
	struct fw_link link = {};
	struct fw_packet frame;
	__u8 header[FRAME_LINK];
	const __u8 *ip, *ports;
	__u32 reason;

	*endpoints = (struct endpoints){};
	if (!linktype_known(link_type))
		return;
	reason = packet_frame_network(link_type, packet, header, &frame, &link);
	endpoints->vlan = link.vlan;
	endpoints->vlan_tags = link.vlan_tags;
	if (reason || !fw_parse_addresses(&frame, &link, &from, &to))
		return;
	endpoints->family = from.family;
	memcpy(endpoints->source, from.address, sizeof(from.address));
	memcpy(endpoints->destination, to.address, sizeof(to.address));
	ip = fw_packet_slice(&frame, link.offset, 20);
	if (ip)
		endpoints->ttl = ip[from.family == 4 ? 8 : 7];
	if (fw_parse_ip(&frame, &link, &net) || fw_parse_extensions(&frame, &net) ||
	    net.offset + 4 > net.end)
		return;
	ports = fw_packet_slice(&frame, net.offset, 4);
	if (!ports)
		return;
	endpoints->source_port = fw_load16(ports);
	endpoints->destination_port = fw_load16(ports + 2);
}

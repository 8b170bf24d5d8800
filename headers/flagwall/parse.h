/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one parser: from a frame to its outcome. It is compiled into every BPF
 * program and into everything native, against the reader that the including
 * file defines (flagwall/packet.h).
 */
#ifndef FLAGWALL_PARSE_H
#define FLAGWALL_PARSE_H

#include "flagwall/ethernet.h"
#include "flagwall/extension.h"
#include "flagwall/ip.h"
#include "flagwall/link_layer.h"
#include "flagwall/plain.h"
#include "flagwall/tcp.h"
#include "flagwall/tunnel.h"

/* fw_parse_layers - the same as fw_parse(), header by header. */
static __always_inline __u32 fw_parse_layers(fw_origin origin)
{
	const struct fw_packet packet = fw_packet_open(origin, FW_NO_LIMIT);
	struct fw_link link = {};
	struct fw_network net = {};
	__u32 reason = fw_parse_ethernet(&packet, &link);

	if (reason)
		return reason;
	reason = fw_parse_link(origin, FW_NO_LIMIT, &link);
	if (reason)
		return reason;
	reason = fw_parse_ip(&packet, &link, &net);
	if (!reason)
		reason = fw_parse_extensions(&packet, &net);
	if (!reason)
		return fw_parse_tcp(&packet, &net);
	if (reason != FW_REASON_NOT_TCP || !fw_packet_tunnels(&packet) || net.fragment ||
	    !fw_is_tunnel(net.protocol) || fw_is_plain_udp(&packet, &net))
		return reason;
	return fw_parse_tunnels(origin, fw_forget(net.offset), fw_forget(net.end),
				fw_forget(net.protocol));
}

/*
 * fw_parse - the outcome of an Ethernet frame: a signature below
 * FW_SIGNATURES, or an enum fw_reason. Never fails, never reads outside.
 *
 * The outermost TCP header decides.
 */
static __always_inline __u32 fw_parse(fw_origin origin)
{
	__u32 outcome = fw_parse_plain(origin);

	return outcome != FW_NOT_PLAIN ? outcome : fw_parse_layers(fw_again(origin));
}

#endif /* FLAGWALL_PARSE_H */

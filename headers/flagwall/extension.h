/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Extension headers between IP and TCP: RFC 8200 section 4, AH (RFC 4302),
 * mobility (RFC 6275), HIP (RFC 7401), shim6 (RFC 5533). AH also behind IPv4.
 */
#ifndef FLAGWALL_EXTENSION_H
#define FLAGWALL_EXTENSION_H

#include "flagwall/ip.h"

/*
 * fw_parse_extension - step over the header @net stands on, which is not TCP.
 *
 * Returns 0 with @net behind it, or the reason why TCP cannot follow. A
 * fragment header with offset 0 and no more fragments is no fragmentation:
 * the packet is judged whole (RFC 6946).
 */
static __always_inline __u32 fw_parse_extension(const struct fw_packet *packet,
						struct fw_network *net)
{
	enum fw_next kind = fw_next(net->protocol);
	const __u8 *header;
	__u16 fragment;

	if (kind == FW_NEXT_STOP)
		return fw_not_tcp(net->protocol);
	if (net->offset + 8 > net->end)
		return FW_REASON_HEADER_CHAIN;
	header = fw_packet_slice(packet, net->offset, 8);
	if (!header)
		return FW_REASON_TRUNCATED;
	net->protocol = header[0];
	if (__builtin_expect(kind == FW_NEXT_OPTIONS, 1)) {
		net->offset += (header[1] + 1ULL) * 8;
	} else if (kind == FW_NEXT_AH) {
		net->offset += (header[1] + 2ULL) * 4;
	} else {
		net->offset += 8;
		fragment = fw_load16(header + 2);
		net->fragment |= (fragment & 0xfff9) != 0;
		if (fragment >> 3)
			return fw_later_fragment(net->protocol, fragment >> 3);
	}
	net->offset = fw_forget(net->offset);
	net->end = fw_forget(net->end);
	return net->offset > net->end ? FW_REASON_HEADER_CHAIN : 0;
}

/*
 * fw_parse_extensions - step over everything between IP and TCP.
 *
 * Returns 0 with @net on the TCP header, or the reason why there is none.
 */
static __always_inline __u32 fw_parse_extensions(const struct fw_packet *packet,
						 struct fw_network *net)
{
	__u32 reason;

	/* Unrolled for the same reason as the VLAN tags. */
#pragma GCC unroll 8
	for (int i = 0; i < FW_MAX_EXTENSIONS; i++) {
		if (net->protocol == FW_PROTO_TCP)
			return 0;
		reason = fw_parse_extension(packet, net);
		if (reason)
			return reason;
	}
	if (net->protocol == FW_PROTO_TCP)
		return 0;
	return fw_next(net->protocol) == FW_NEXT_STOP ? fw_not_tcp(net->protocol) :
							FW_REASON_HEADER_CHAIN;
}

#endif /* FLAGWALL_EXTENSION_H */

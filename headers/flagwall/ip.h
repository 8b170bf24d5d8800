/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IPv4 (RFC 791) and the fixed header of IPv6 (RFC 8200 section 3). */
#ifndef FLAGWALL_IP_H
#define FLAGWALL_IP_H

#include "flagwall/ethernet.h"
#include "flagwall/outcome.h"
#include "flagwall/packet.h"

/*
 * The protocol numbers we act on (IANA). Our own names: <linux/in.h> and
 * <netinet/in.h> cannot both be included, and users of this header may need
 * either.
 */
enum fw_protocol {
	FW_PROTO_HOPOPTS = 0,
	FW_PROTO_IPV4 = 4,
	FW_PROTO_TCP = 6,
	FW_PROTO_UDP = 17,
	FW_PROTO_IPV6 = 41,
	FW_PROTO_ROUTING = 43,
	FW_PROTO_FRAGMENT = 44,
	FW_PROTO_GRE = 47,
	FW_PROTO_ESP = 50,
	FW_PROTO_AH = 51,
	FW_PROTO_DSTOPTS = 60,
	FW_PROTO_MOBILITY = 135,
	FW_PROTO_HIP = 139,
	FW_PROTO_SHIM6 = 140,
};

/* What the network layer knows about what it carries. */
struct fw_network {
	__u64 offset;  /* of the next header */
	__u64 end;     /* where the packet ends, by the IP length */
	__u8 protocol; /* of the next header */
	__u8 fragment; /* it is a fragment: where there may be TCP, the first one */
};

/* The fragment offset, and the bit that says that more follow. */
#define FW_IPV4_OFFSET fw_be16(0x1fff)
#define FW_IPV4_MORE fw_be16(0x2000)

/* What a protocol number calls for. */
enum fw_next {
	FW_NEXT_STOP,    /* neither TCP nor on the way to it */
	FW_NEXT_OPTIONS, /* length in units of 8 bytes, without the first 8 */
	FW_NEXT_AH,      /* length in units of 4 bytes, without the first 8 */
	FW_NEXT_FRAGMENT,
};

static __always_inline enum fw_next fw_next(__u8 protocol)
{
	switch (protocol) {
	case FW_PROTO_HOPOPTS:
	case FW_PROTO_ROUTING:
	case FW_PROTO_DSTOPTS:
	case FW_PROTO_MOBILITY:
	case FW_PROTO_HIP:
	case FW_PROTO_SHIM6:
		return FW_NEXT_OPTIONS;
	case FW_PROTO_AH:
		return FW_NEXT_AH;
	case FW_PROTO_FRAGMENT:
		return FW_NEXT_FRAGMENT;
	default:
		return FW_NEXT_STOP;
	}
}

/* fw_not_tcp - the reason for a @protocol that TCP cannot follow. */
static __always_inline __u32 fw_not_tcp(__u8 protocol)
{
	return protocol == FW_PROTO_ESP ? FW_REASON_ENCRYPTED : FW_REASON_NOT_TCP;
}

/*
 * fw_later_fragment - the reason for a fragment at @offset (units of 8 bytes,
 * not 0) whose first header is @protocol.
 *
 * Offset 1 would overwrite bytes 8 to 15 of the TCP header, flags included
 * (RFC 1858 section 4, RFC 3128). Behind an extension header may be TCP:
 * nobody can tell from a later fragment.
 */
static __always_inline __u32 fw_later_fragment(__u8 protocol, __u16 offset)
{
	if (protocol == FW_PROTO_TCP)
		return offset == 1 ? FW_REASON_FRAGMENT_OVERLAP : FW_REASON_FRAGMENT;
	return fw_next(protocol) == FW_NEXT_STOP ? fw_not_tcp(protocol) : FW_REASON_FRAGMENT;
}

/*
 * fw_parse_ipv4 - judge the IPv4 header at @at.
 *
 * Returns 0 and fills @net, or the reason why no TCP header can follow; not-tcp
 * fills it too. A total length of 0 stands for the rest of the frame: senders that segment
 * in hardware show such packets to themselves.
 */
static __always_inline __u32 fw_parse_ipv4(const struct fw_packet *packet, __u64 at,
					   struct fw_network *net)
{
	const __u8 *header = fw_packet_slice(packet, at, 20);
	__u64 length, total;
	__u16 fragment;

	if (!header)
		return FW_REASON_TRUNCATED;
	/* Version 4 and 5 to 15 words: 0x45 to 0x4f. */
	if ((__u8)(header[0] - 0x45) > 10)
		return FW_REASON_BAD_IP_HEADER;
	length = (header[0] & 0x0fULL) * 4;
	total = fw_load16(header + 2);
	if (total < length) {
		if (total)
			return FW_REASON_BAD_IP_HEADER;
		total = fw_packet_length(packet) - at;
	}
	net->protocol = header[9];
	net->offset = at + length;
	net->end = at + total;
	net->fragment = 0;
	fragment = fw_load_be16(header + 6);
	if (net->protocol != FW_PROTO_TCP && net->protocol != FW_PROTO_AH) {
		net->fragment = !!(fragment & (FW_IPV4_OFFSET | FW_IPV4_MORE));
		return fw_not_tcp(net->protocol);
	}
	if (fragment & (FW_IPV4_OFFSET | FW_IPV4_MORE)) {
		net->fragment = 1;
		if (fragment & FW_IPV4_OFFSET)
			return fw_later_fragment(net->protocol, fw_be16(fragment & FW_IPV4_OFFSET));
	}
	return 0;
}

/*
 * fw_parse_ipv6 - judge the fixed IPv6 header at @at.
 *
 * Returns 0 and fills @net, or the reason why nothing can follow. A payload
 * length of 0 (a jumbogram, RFC 2675, or segmentation in hardware) stands for
 * the rest of the frame.
 */
static __always_inline __u32 fw_parse_ipv6(const struct fw_packet *packet, __u64 at,
					   struct fw_network *net)
{
	const __u8 *header = fw_packet_slice(packet, at, 40);
	__u64 payload;

	if (!header)
		return FW_REASON_TRUNCATED;
	if ((header[0] & 0xf0) != 0x60)
		return FW_REASON_BAD_IP_HEADER;
	payload = fw_load16(header + 4);
	net->protocol = header[6];
	net->offset = at + 40;
	net->end = payload ? net->offset + payload : fw_packet_length(packet);
	net->fragment = 0;
	return 0;
}

/*
 * fw_parse_ip - judge the IP header, if that is what @link leads to.
 *
 * Returns 0 and fills @net, or a reason.
 */
static __always_inline __u32 fw_parse_ip(const struct fw_packet *packet, const struct fw_link *link,
					 struct fw_network *net)
{
	if (link->type == fw_be16(ETH_P_IP))
		return fw_parse_ipv4(packet, link->offset, net);
	if (link->type == fw_be16(ETH_P_IPV6))
		return fw_parse_ipv6(packet, link->offset, net);
	return FW_REASON_NOT_IP;
}

#endif /* FLAGWALL_IP_H */

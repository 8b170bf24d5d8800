/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tunnels: IP in IP (RFC 2003, 2473, 4213), GRE (RFC 2784, 2890) with Ethernet
 * and ERSPAN inside, and over UDP: VXLAN (RFC 7348), GENEVE (RFC 8926), GTP-U
 * (3GPP TS 29.281), Teredo (RFC 4380). Only if the policy asks for them.
 *
 * What is inside is judged as a frame of its own would be, that ends where the
 * outer packet ends. A tunnel's header that does not fit is truncated; one that
 * no receiver understands is not-tcp, as it would be without looking inside.
 */
#ifndef FLAGWALL_TUNNEL_H
#define FLAGWALL_TUNNEL_H

#include "flagwall/extension.h"
#include "flagwall/link_layer.h"
#include "flagwall/tcp.h"

#define FW_TYPE_ETHERNET 0x6558 /* Transparent Ethernet Bridging */
#define FW_TYPE_ERSPAN 0x88be
#define FW_TYPE_WCCP 0x883e

#define FW_GRE_CHECKSUM 0x8000
#define FW_GRE_KEY 0x2000
#define FW_GRE_SEQUENCE 0x1000
#define FW_GRE_REFUSED 0x4007 /* routing, and versions other than 0 */

enum fw_port {
	FW_PORT_NONE = 0,
	FW_PORT_GTP = 2152,
	FW_PORT_TEREDO = 3544,
	FW_PORT_VXLAN = 4789,
	FW_PORT_GENEVE = 6081,
	FW_PORT_VXLAN_LINUX = 8472, /* before it had a number */
};

/* What fw_parse_tunnel() returns when it ends at another tunnel: no outcome. */
#define FW_TUNNEL FW_OUTCOMES

static __always_inline int fw_is_tunnel(__u8 protocol)
{
	return protocol == FW_PROTO_UDP || protocol == FW_PROTO_GRE || protocol == FW_PROTO_IPV4 ||
	       protocol == FW_PROTO_IPV6;
}

/* IPv4 or IPv6 at @link, by the version that it says. */
static __always_inline __u32 fw_enter_ip(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 1);

	if (!header)
		return FW_REASON_TRUNCATED;
	if (header[0] >> 4 == 4)
		link->type = fw_be16(ETH_P_IP);
	else if (header[0] >> 4 == 6)
		link->type = fw_be16(ETH_P_IPV6);
	else
		return FW_REASON_NOT_TCP;
	return 0;
}

/*
 * IP, in the second version of WCCP behind 4 more bytes. Nothing says which
 * version it is: Linux looks for that of IPv4, and so do we.
 */
static __always_inline __u32 fw_enter_wccp(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 1);

	if (!header)
		return FW_REASON_TRUNCATED;
	if (header[0] >> 4 != 4)
		link->offset += 4;
	return fw_enter_ip(packet, link);
}

/* ERSPAN has no header of its own in its first type, which knows no numbers. */
static __always_inline __u32 fw_enter_gre(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 4);
	__u16 flags;

	if (!header)
		return FW_REASON_TRUNCATED;
	flags = fw_load16(header);
	if (flags & FW_GRE_REFUSED)
		return FW_REASON_NOT_TCP;
	link->type = fw_load_be16(header + 2);
	link->offset += 4;
	if (flags & FW_GRE_CHECKSUM)
		link->offset += 4;
	if (flags & FW_GRE_KEY)
		link->offset += 4;
	if (flags & FW_GRE_SEQUENCE)
		link->offset += 4;
	if (link->type == fw_be16(FW_TYPE_ERSPAN)) {
		link->type = fw_be16(FW_TYPE_ETHERNET);
		if (flags & FW_GRE_SEQUENCE)
			link->offset += 8;
	}
	if (link->type == fw_be16(FW_TYPE_WCCP) && !flags)
		return fw_enter_wccp(packet, link);
	return 0;
}

static __always_inline __u32 fw_enter_vxlan(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 8);

	if (!header)
		return FW_REASON_TRUNCATED;
	if (!(header[0] & 0x08)) /* no network identifier */
		return FW_REASON_NOT_TCP;
	link->type = fw_be16(FW_TYPE_ETHERNET);
	link->offset += 8;
	return 0;
}

static __always_inline __u32 fw_enter_geneve(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 8);

	if (!header)
		return FW_REASON_TRUNCATED;
	if (header[0] >> 6) /* version */
		return FW_REASON_NOT_TCP;
	link->type = fw_load_be16(header + 2);
	link->offset += 8 + (header[0] & 0x3fULL) * 4;
	return 0;
}

/* The extension headers of GTP-U, the first of kind @next: length, ..., next kind. */
static __always_inline __u32 fw_skip_gtp_extensions(const struct fw_packet *packet,
						    struct fw_link *link, __u8 next)
{
	const __u8 *header;
	__u64 length;

#pragma GCC unroll 4
	for (int i = 0; i < FW_MAX_GTP_EXTENSIONS; i++) {
		if (!next)
			return 0;
		header = fw_packet_slice(packet, link->offset, 1);
		if (!header)
			return FW_REASON_TRUNCATED;
		length = header[0] * 4ULL;
		if (!length)
			return FW_REASON_HEADER_CHAIN;
		link->offset = fw_forget(link->offset + length);
		header = fw_packet_slice(packet, link->offset - 1, 1);
		if (!header)
			return FW_REASON_TRUNCATED;
		next = header[0];
	}
	return next ? FW_REASON_HEADER_CHAIN : 0;
}

static __always_inline __u32 fw_enter_gtp(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 8);
	__u8 flags, next = 0;
	__u32 reason;

	if (!header)
		return FW_REASON_TRUNCATED;
	flags = header[0];
	/* Version 1, message G-PDU. Linux does not ask for the protocol type. */
	if ((flags & 0xe0) != 0x20 || header[1] != 0xff)
		return FW_REASON_NOT_TCP;
	link->offset += 8;
	if (flags & 0x07) { /* each of them brings all three fields */
		header = fw_packet_slice(packet, link->offset, 4);
		if (!header)
			return FW_REASON_TRUNCATED;
		if (flags & 0x04)
			next = header[3];
		link->offset += 4;
	}
	reason = fw_skip_gtp_extensions(packet, link, next);
	return reason ? reason : fw_enter_ip(packet, link);
}

/* IPv6, after authentication and origin, if they are there (RFC 4380 section 5.1.1). */
static __always_inline __u32 fw_enter_teredo(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 4);
	__u32 reason;

	if (!header)
		return FW_REASON_TRUNCATED;
	if (fw_load_be16(header) == fw_be16(0x0001)) {
		link->offset = fw_forget(link->offset + 13ULL + header[2] + header[3]);
		header = fw_packet_slice(packet, link->offset, 2);
		if (!header)
			return FW_REASON_TRUNCATED;
	}
	if (!fw_load_be16(header))
		link->offset += 8;
	reason = fw_enter_ip(packet, link);
	if (!reason && link->type != fw_be16(ETH_P_IPV6))
		return FW_REASON_NOT_TCP;
	return reason;
}

/* The port that says which tunnel the UDP header @header belongs to; 0: none. */
static __always_inline enum fw_port fw_tunnel_port(const __u8 *header)
{
	switch (fw_load_be16(header + 2)) {
	case fw_be16(FW_PORT_VXLAN):
	case fw_be16(FW_PORT_VXLAN_LINUX):
		return FW_PORT_VXLAN;
	case fw_be16(FW_PORT_GENEVE):
		return FW_PORT_GENEVE;
	case fw_be16(FW_PORT_GTP):
		return FW_PORT_GTP;
	case fw_be16(FW_PORT_TEREDO):
		return FW_PORT_TEREDO;
	default:
		/* What a Teredo server or relay sends. */
		return fw_load_be16(header) == fw_be16(FW_PORT_TEREDO) ? FW_PORT_TEREDO :
									 FW_PORT_NONE;
	}
}

static __always_inline __u32 fw_enter_udp(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 8);

	if (!header)
		return FW_REASON_TRUNCATED;
	link->offset += 8;
	switch (fw_tunnel_port(header)) {
	case FW_PORT_VXLAN:
		return fw_enter_vxlan(packet, link);
	case FW_PORT_GENEVE:
		return fw_enter_geneve(packet, link);
	case FW_PORT_GTP:
		return fw_enter_gtp(packet, link);
	case FW_PORT_TEREDO:
		return fw_enter_teredo(packet, link);
	default:
		return FW_REASON_NOT_TCP;
	}
}

/*
 * fw_is_plain_udp - does @net stand on UDP that is no tunnel? Most of it is none,
 * and needs no function call to know.
 */
static __always_inline int fw_is_plain_udp(const struct fw_packet *packet,
					   const struct fw_network *net)
{
	const __u8 *header;

	if (net->protocol != FW_PROTO_UDP || net->offset + 8 > net->end)
		return 0;
	header = fw_packet_slice(packet, net->offset, 8);
	return header && fw_tunnel_port(header) == FW_PORT_NONE;
}

/*
 * fw_enter_tunnel - step over the tunnel's header that @net stands on.
 *
 * Returns 0 with @link on what is inside: an EtherType, or that of Ethernet; or
 * the reason why there is nothing to follow.
 */
static __always_inline __u32 fw_enter_tunnel(const struct fw_packet *packet,
					     const struct fw_network *net, struct fw_link *link)
{
	__u32 reason = 0;

	if (net->offset > FW_MAX_INNER)
		return FW_REASON_ENCAPSULATION;
	link->offset = net->offset;
	if (net->protocol == FW_PROTO_UDP)
		reason = fw_enter_udp(packet, link);
	else if (net->protocol == FW_PROTO_GRE)
		reason = fw_enter_gre(packet, link);
	else if (net->protocol == FW_PROTO_IPV4)
		link->type = fw_be16(ETH_P_IP);
	else
		link->type = fw_be16(ETH_P_IPV6);
	if (reason)
		return reason;
	link->offset = fw_forget(link->offset);
	link->type = (__u16)fw_forget(link->type);
	/* Where a type belongs, a length means nothing. */
	if (fw_be16(link->type) <= FW_MOST_LENGTH)
		return FW_REASON_NOT_TCP;
	return link->offset > FW_MAX_INNER ? FW_REASON_ENCAPSULATION : 0;
}

/* From what is inside a tunnel to its IP header. */
static __always_inline __u32 fw_parse_inner_link(fw_origin origin, __u64 limit,
						 const struct fw_packet *packet,
						 struct fw_link *link)
{
	const __u8 *header;
	__u32 reason;

	if (link->type == fw_be16(FW_TYPE_ETHERNET)) {
		header = fw_packet_slice(packet, link->offset, ETH_HLEN);
		if (!header)
			return FW_REASON_TRUNCATED;
		link->offset += ETH_HLEN;
		link->type = fw_load_be16(header + 12);
	}
	reason = fw_parse_link(origin, limit, link);
	link->offset = fw_forget(link->offset);
	link->type = (__u16)fw_forget(link->type);
	return reason;
}

/* How far it is from one tunnel to the next. */
struct fw_nesting {
	struct fw_network net; /* of the tunnel's header */
	__u64 limit;           /* where the packet around it ends */
	__u32 left;            /* how many may still be entered */
};

/*
 * fw_parse_tunnel - judge what is inside the tunnel that @nesting stands on.
 *
 * Returns its outcome; or FW_TUNNEL, @nesting being on a tunnel inside of it.
 */
static __attribute__((noinline)) __u32 fw_parse_tunnel(fw_origin origin, struct fw_nesting *nesting)
{
	__u64 limit = nesting->net.end < nesting->limit ? nesting->net.end : nesting->limit;
	const struct fw_packet packet = fw_packet_open(origin, limit);
	struct fw_network net = nesting->net;
	struct fw_link link = {};
	__u32 reason;

	reason = fw_enter_tunnel(&packet, &net, &link);
	if (reason)
		return reason;
	if (!nesting->left)
		return FW_REASON_ENCAPSULATION;
	reason = fw_parse_inner_link(origin, limit, &packet, &link);
	if (!reason)
		reason = fw_parse_ip(&packet, &link, &net);
	if (reason == FW_REASON_NOT_IP)
		return FW_REASON_NOT_TCP;
	net.offset = fw_forget(net.offset);
	net.end = fw_forget(net.end);
	if (!reason)
		reason = fw_parse_extensions(&packet, &net);
	if (!reason)
		return fw_parse_tcp(&packet, &net);
	if (reason != FW_REASON_NOT_TCP || net.fragment || !fw_is_tunnel(net.protocol))
		return reason;
	nesting->net.offset = fw_forget(net.offset);
	nesting->net.end = fw_forget(net.end);
	nesting->net.protocol = (__u8)fw_forget(net.protocol);
	nesting->limit = fw_forget(limit);
	nesting->left--;
	return FW_TUNNEL;
}

/*
 * fw_parse_tunnels - judge what is inside the tunnel, and the tunnels inside of
 * it, whose header of @protocol is at @offset of a packet that ends at @end.
 *
 * Returns an outcome, of the innermost packet that was reached.
 */
static __attribute__((noinline)) __u32 fw_parse_tunnels(fw_origin origin, __u64 offset, __u64 end,
							__u64 protocol)
{
	struct fw_nesting nesting = {
		.net = { .offset = offset, .end = end, .protocol = (__u8)protocol },
		.limit = end,
		.left = FW_MAX_TUNNELS,
	};
	__u32 outcome;

	/* The last call tells a tunnel that is too deep from what is none. */
#pragma GCC unroll 3
	for (int i = 0; i <= FW_MAX_TUNNELS; i++) {
		outcome = fw_parse_tunnel(origin, &nesting);
		if (outcome != FW_TUNNEL)
			return outcome;
	}
	return FW_REASON_ENCAPSULATION; /* cannot happen */
}

#endif /* FLAGWALL_TUNNEL_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What may stand between Ethernet and IP, other than a few VLAN tags, which are in
 * ethernet.h: provider backbone (IEEE 802.1ah), E-Tag (802.1BR), VN-Tag, Cisco
 * MetaData, MPLS (RFC 3032) with Ethernet inside (RFC 4448), PPPoE (RFC 2516),
 * 802.2 with SNAP (RFC 1042). All of it is rare, and so a function of its own: the
 * common path does not carry it.
 */
#ifndef FLAGWALL_LINK_LAYER_H
#define FLAGWALL_LINK_LAYER_H

#include "flagwall/ethernet.h"

/* EtherTypes that <linux/if_ether.h> has not, or not everywhere. */
#define FW_TYPE_QINQ 0x9100 /* a second tag, before 802.1ad */
#define FW_TYPE_PBB 0x88e7
#define FW_TYPE_VNTAG 0x8926
#define FW_TYPE_ETAG 0x893f
#define FW_TYPE_CISCO 0x8909

/* Up to here it is no type but a length: 802.2 follows. */
#define FW_MOST_LENGTH 1500

/* What a call of fw_follow_link() returns: this bit and a reason, or a link. */
#define FW_LINK_REASON 0x80000000

/*
 * fw_tag_size - bytes from behind the EtherType @type to behind the next one,
 * for headers that end with one. Returns 0 for all others.
 */
static __always_inline __u64 fw_tag_size(__u16 type)
{
	switch (type) {
	case fw_be16(ETH_P_8021Q):
	case fw_be16(ETH_P_8021AD):
	case fw_be16(FW_TYPE_QINQ):
		return 4;
	case fw_be16(FW_TYPE_VNTAG):
		return 6;
	case fw_be16(FW_TYPE_ETAG):
	case fw_be16(FW_TYPE_CISCO):
		return 8;
	case fw_be16(FW_TYPE_PBB): /* I-TAG, two addresses */
		return 18;
	default:
		return 0;
	}
}

static __always_inline int fw_is_mpls(__u16 type)
{
	return type == fw_be16(ETH_P_MPLS_UC) || type == fw_be16(ETH_P_MPLS_MC);
}

/* fw_is_link - is @type a header that fw_parse_link_header() steps over? */
static __always_inline int fw_is_link(__u16 type)
{
	return fw_tag_size(type) || fw_is_mpls(type) || type == fw_be16(ETH_P_PPP_SES) ||
	       fw_be16(type) <= FW_MOST_LENGTH;
}

/* One header that ends with an EtherType. */
static __always_inline __u32 fw_parse_tag(const struct fw_packet *packet, struct fw_link *link,
					  __u64 size)
{
	const __u8 *header;

	if (link->type == fw_be16(FW_TYPE_CISCO)) {
		header = fw_packet_slice(packet, link->offset, 2);
		if (!header)
			return FW_REASON_TRUNCATED;
		/* Version 1, one option. */
		if (fw_load_be16(header) != fw_be16(0x0101))
			return FW_REASON_NOT_IP;
	}
	link->offset += size;
	header = fw_packet_slice(packet, link->offset - 2, 2);
	if (!header)
		return FW_REASON_TRUNCATED;
	link->type = fw_load_be16(header);
	return 0;
}

/*
 * One label, and at the bottom of the stack what is behind it. Nothing says
 * what that is: routers look at the first nibble (RFC 4928), and so do we. A
 * control word of an Ethernet pseudowire has no bit set besides its number.
 */
static __always_inline __u32 fw_parse_mpls(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 4);

	if (!header)
		return FW_REASON_TRUNCATED;
	link->offset += 4;
	if (!(header[2] & 1))
		return 0;
	header = fw_packet_slice(packet, link->offset, 1);
	if (!header)
		return FW_REASON_TRUNCATED;
	if (header[0] >> 4 == 4) {
		link->type = fw_be16(ETH_P_IP);
		return 0;
	}
	if (header[0] >> 4 == 6) {
		link->type = fw_be16(ETH_P_IPV6);
		return 0;
	}
	if (header[0])
		return FW_REASON_NOT_IP;
	header = fw_packet_slice(packet, link->offset, 4 + ETH_HLEN);
	if (!header)
		return FW_REASON_TRUNCATED;
	if (header[1])
		return FW_REASON_NOT_IP;
	link->offset += 4 + ETH_HLEN;
	link->type = fw_load_be16(header + 16);
	return 0;
}

/*
 * A session's data. Its length field is not asked: IP has its own. The PPP
 * protocol may have one byte (RFC 1661 section 6.5): Linux reads that, asked
 * for or not.
 */
static __always_inline __u32 fw_parse_pppoe(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 7);
	__u8 protocol;

	if (!header)
		return FW_REASON_TRUNCATED;
	/* Version 1, type 1, code 0. */
	if (fw_load_be16(header) != fw_be16(0x1100))
		return FW_REASON_NOT_IP;
	protocol = header[6];
	link->offset += 7;
	if (!protocol) {
		header = fw_packet_slice(packet, link->offset, 1);
		if (!header)
			return FW_REASON_TRUNCATED;
		protocol = header[0];
		link->offset += 1;
	}
	if (protocol == 0x21)
		link->type = fw_be16(ETH_P_IP);
	else if (protocol == 0x57)
		link->type = fw_be16(ETH_P_IPV6);
	else
		return FW_REASON_NOT_IP;
	return 0;
}

/* 802.2: IP by its own number, or SNAP with an EtherType (RFC 1042, 802.1H). */
static __always_inline __u32 fw_parse_llc(const struct fw_packet *packet, struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, link->offset, 3);

	if (!header)
		return FW_REASON_TRUNCATED;
	if (header[2] != 0x03)
		return FW_REASON_NOT_IP;
	if (fw_load_be16(header) == fw_be16(0x0606)) {
		link->type = fw_be16(ETH_P_IP);
		link->offset += 3;
		return 0;
	}
	if (fw_load_be16(header) != fw_be16(0xaaaa))
		return FW_REASON_NOT_IP;
	header = fw_packet_slice(packet, link->offset, 8);
	if (!header)
		return FW_REASON_TRUNCATED;
	if (header[3] || header[4] || (header[5] && header[5] != 0xf8))
		return FW_REASON_NOT_IP;
	link->offset += 8;
	link->type = fw_load_be16(header + 6);
	return 0;
}

/*
 * fw_parse_link_header - step over the header that @link leads to, not IP.
 *
 * Returns 0 with @link behind it, or the reason why IP cannot follow.
 */
static __always_inline __u32 fw_parse_link_header(const struct fw_packet *packet,
						  struct fw_link *link)
{
	__u64 size = fw_tag_size(link->type);

	if (size)
		return fw_parse_tag(packet, link, size);
	if (fw_is_mpls(link->type))
		return fw_parse_mpls(packet, link);
	if (link->type == fw_be16(ETH_P_PPP_SES))
		return fw_parse_pppoe(packet, link);
	if (fw_be16(link->type) <= FW_MOST_LENGTH)
		return fw_parse_llc(packet, link);
	return FW_REASON_NOT_IP;
}

/*
 * fw_follow_link - step over everything between Ethernet and IP, from @offset on,
 * where a header of EtherType @type stands (network byte order).
 *
 * Returns the offset of IP << 16 and its EtherType; or FW_LINK_REASON and the
 * reason why there is none.
 */
static __attribute__((noinline)) __u32 fw_follow_link(fw_origin origin, __u64 limit, __u64 offset,
						      __u64 type)
{
	const struct fw_packet packet = fw_packet_open(origin, limit);
	struct fw_link link = { .offset = offset, .type = (__u16)type };
	__u32 reason;

	/* Unrolled for the same reason as the VLAN tags. */
#pragma GCC unroll 8
	for (int i = 0; i < FW_MAX_LINKS; i++) {
		reason = fw_parse_link_header(&packet, &link);
		if (reason)
			return FW_LINK_REASON | reason;
		link.offset = fw_forget(link.offset);
		link.type = (__u16)fw_forget(link.type);
		if (fw_is_ip(link.type))
			return (__u32)fw_forget(link.offset << 16 | link.type);
	}
	return FW_LINK_REASON | (fw_is_link(link.type) ? FW_REASON_ENCAPSULATION : FW_REASON_NOT_IP);
}

/*
 * fw_parse_link - bring @link to IP, if it is not there.
 *
 * Returns 0, or the reason why it does not get there.
 */
static __always_inline __u32 fw_parse_link(fw_origin origin, __u64 limit, struct fw_link *link)
{
	__u32 found;

	if (fw_is_ip(link->type))
		return 0;
	link->offset = fw_forget(link->offset);
	link->type = (__u16)fw_forget(link->type);
	if (!fw_is_link(link->type)) /* ARP: no call for that */
		return FW_REASON_NOT_IP;
	found = fw_follow_link(origin, limit, link->offset, fw_forget(link->type));
	if (found & FW_LINK_REASON)
		return found & ~FW_LINK_REASON;
	link->offset = found >> 16;
	link->type = (__u16)found;
	return 0;
}

#endif /* FLAGWALL_LINK_LAYER_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What nearly every packet looks like: Ethernet, one tag or two at most, IPv4 without options
 * and not a fragment, or IPv6 with nothing but options before what it carries, and TCP; or
 * UDP. Without tags and options all headers are where they always are, so that one bound and
 * a few wide loads tell. Whatever is not exactly so is left to the layers, one by one: here no
 * reason is looked for, and so one test at the end stands for one behind each header.
 */
#ifndef FLAGWALL_PLAIN_H
#define FLAGWALL_PLAIN_H

#include "flagwall/link_layer.h"
#include "flagwall/tcp.h"

/* Frames have two tags at most, or are not plain. */
#define FW_PLAIN_VLANS 2

#ifndef fw_packet_beyond
static __always_inline const __u8 *fw_packet_beyond(const struct fw_packet *packet,
						    const __u8 *slice, __u64 distance, __u64 length)
{
	(void)packet, (void)slice, (void)distance, (void)length;
	return 0;
}
#endif

/* Not an outcome: the first number that is none. */
#define FW_NOT_PLAIN FW_OUTCOMES

/* Four bytes as they stand on the wire. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define fw_wire32(a, b, c, d) ((__u32)(a) | (__u32)(b) << 8 | (__u32)(c) << 16 | (__u32)(d) << 24)
#else
#define fw_wire32(a, b, c, d) ((__u32)(a) << 24 | (__u32)(b) << 16 | (__u32)(c) << 8 | (__u32)(d))
#endif

/*
 * fw_plain_signature - of a whole TCP header in a segment of @length bytes, with @word its
 * bytes 12 and 13. FW_NOT_PLAIN: its data offset cannot be.
 */
static __always_inline __u32 fw_plain_signature(__u16 word, __u64 length)
{
	const __u64 header = (word >> 12) * 4ULL;
	__u32 signature;

	if (header < FW_TCP_MIN || header > length)
		return FW_NOT_PLAIN;
	/* Without a jump: what is left of the segment, taken from the header, has a sign. */
	signature = (__u32)((__u64)((__s64)header - (__s64)length) >> 53) & FW_DATA;
	signature |= word & FW_FLAGS;
	if (__builtin_expect(word & 0x0e00, 0))
		signature |= FW_RSV;
	return signature;
}

/* Of the first bytes of IPv4: the fragment, but for DF; and the protocol. */
#define FW_PLAIN_MASK fw_wire32(0x3f, 0xff, 0, 0xff)
#define FW_PLAIN_IPV4(protocol) fw_wire32(0, 0, 0, protocol)

/* fw_plain_ipv4 - of TCP behind the 20 bytes of IPv4 at @header, FW_TCP_JUDGED of it. */
static __always_inline __u32 fw_plain_ipv4(const __u8 *header)
{
	__u64 total = fw_load16(header + 2);

	return total < 20 ? FW_NOT_PLAIN :
			    fw_plain_signature(fw_load16(header + 20 + 12), total - 20);
}

/*
 * fw_plain_options - of TCP behind the IPv6 header @ip and headers of options. Each of them is
 * within the packet by its length if the last one is.
 */
static __always_inline __u32 fw_plain_options(const struct fw_packet *packet, const __u8 *ip)
{
	__s64 left = fw_load16(ip + 4);
	__u8 protocol = ip[6];
	const __u8 *at = ip;
	__u64 size = 40;

	/* Unrolled for the same reason as the VLAN tags. */
#pragma GCC unroll 8
	for (int i = 0; i < FW_MAX_EXTENSIONS; i++) {
		if (protocol == FW_PROTO_TCP)
			break;
		if (fw_next(protocol) != FW_NEXT_OPTIONS)
			return FW_NOT_PLAIN;
		at = fw_packet_beyond(packet, at, size, 8);
		if (!at)
			return FW_NOT_PLAIN;
		protocol = at[0];
		size = (at[1] + 1ULL) * 8;
		left -= (__s64)size;
	}
	if (protocol != FW_PROTO_TCP)
		return FW_NOT_PLAIN;
	at = fw_packet_beyond(packet, at, size, FW_TCP_JUDGED);
	if (!at || left < FW_TCP_MIN)
		return FW_NOT_PLAIN;
	return fw_plain_signature(fw_load16(at + 12), (__u64)left);
}

/* fw_plain_behind - the same as fw_parse_plain(), behind tags, or with options. */
static __always_inline __u32 fw_plain_behind(fw_origin origin)
{
	const struct fw_packet packet = fw_packet_open(fw_again(origin), FW_NO_LIMIT);
	const __u8 *at = fw_packet_slice(&packet, 0, ETH_HLEN);
	__u64 size = ETH_HLEN;
	__u16 type;

	if (!at)
		return FW_NOT_PLAIN;
	type = fw_load_be16(at + 12);
#pragma GCC unroll 2
	for (int i = 0; i < FW_PLAIN_VLANS; i++) {
		if (!fw_is_vlan(type))
			break;
		at = fw_packet_beyond(&packet, at, size, 4);
		if (!at)
			return FW_NOT_PLAIN;
		type = fw_load_be16(at + 2);
		size = 4;
	}
	if (type == fw_be16(ETH_P_IP)) {
		at = fw_packet_beyond(&packet, at, size, 20 + FW_TCP_JUDGED);
		if (!at || at[0] != 0x45 ||
		    (fw_load_be32(at + 6) & FW_PLAIN_MASK) != FW_PLAIN_IPV4(FW_PROTO_TCP))
			return FW_NOT_PLAIN;
		return fw_plain_ipv4(at);
	}
	if (type == fw_be16(ETH_P_IPV6)) {
		at = fw_packet_beyond(&packet, at, size, 40);
		if (!at || (at[0] & 0xf0) != 0x60)
			return FW_NOT_PLAIN;
		return fw_plain_options(&packet, at);
	}
	return fw_is_link(type) ? FW_NOT_PLAIN : FW_REASON_NOT_IP;
}

/*
 * fw_parse_plain - the outcome of a frame that is plain, and there as far as TCP's flags.
 *
 * Returns what the layers would return, or FW_NOT_PLAIN: ask them.
 */
static __always_inline __u32 fw_parse_plain(fw_origin origin)
{
	const struct fw_packet packet = fw_packet_open(origin, FW_NO_LIMIT);
	const __u8 *frame = fw_packet_slice(&packet, 0, ETH_HLEN + 20 + FW_TCP_JUDGED), *longer;
	__u32 start, ip;

	if (!frame || fw_packet_bare(&packet, frame))
		return FW_NOT_PLAIN;
	/* EtherType, version, and IPv4's header length. */
	start = fw_load_be32(frame + 12);
	if ((start & fw_wire32(0xff, 0xff, 0xff, 0)) == fw_wire32(0x08, 0x00, 0x45, 0)) {
		ip = fw_load_be32(frame + ETH_HLEN + 6) & FW_PLAIN_MASK;
		if (__builtin_expect(ip == FW_PLAIN_IPV4(FW_PROTO_TCP), 1))
			return fw_plain_ipv4(frame + ETH_HLEN);
		if (ip == FW_PLAIN_IPV4(FW_PROTO_UDP) && !fw_packet_tunnels(&packet) &&
		    fw_load16(frame + ETH_HLEN + 2) >= 20)
			return FW_REASON_NOT_TCP;
		return FW_NOT_PLAIN;
	}
	if ((start & fw_wire32(0xff, 0xff, 0xf0, 0)) == fw_wire32(0x86, 0xdd, 0x60, 0) &&
	    (longer = fw_packet_slice(&packet, 0, ETH_HLEN + 40 + FW_TCP_JUDGED))) {
		if (__builtin_expect(longer[20] == FW_PROTO_TCP, 1))
			return fw_plain_signature(fw_load16(longer + 66), fw_load16(longer + 18));
		if (longer[20] == FW_PROTO_UDP && !fw_packet_tunnels(&packet))
			return FW_REASON_NOT_TCP;
	}
	return fw_plain_behind(origin);
}

#endif /* FLAGWALL_PLAIN_H */

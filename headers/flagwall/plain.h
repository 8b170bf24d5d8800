/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What nearly every segment looks like: Ethernet, IPv4 without options and not a fragment, or
 * IPv6, and TCP. All headers are where they always are, so that one bound and a few wide loads
 * tell. Whatever is not exactly so is left to the layers, one by one.
 */
#ifndef FLAGWALL_PLAIN_H
#define FLAGWALL_PLAIN_H

#include "flagwall/tcp.h"

/* Not an outcome. */
#define FW_NOT_PLAIN (~0U)

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
static __always_inline __u32 fw_plain_signature(__u16 word, __u32 length)
{
	__u32 signature = word & FW_FLAGS, header = (word >> 12) * 4U;

	if (header < FW_TCP_MIN || header > length)
		return FW_NOT_PLAIN;
	if (word & 0x0e00)
		signature |= FW_RSV;
	if (header < length)
		signature |= FW_DATA;
	return signature;
}

/*
 * fw_parse_plain - the signature of a segment that is plain and there as far as its flags.
 *
 * Returns what the layers would return, or FW_NOT_PLAIN: ask them.
 */
static __always_inline __u32 fw_parse_plain(const struct fw_packet *packet)
{
	const __u8 *frame = fw_packet_slice(packet, 0, ETH_HLEN + 20 + FW_TCP_JUDGED);
	__u32 start, total;

	if (!frame || fw_packet_bare(packet, frame))
		return FW_NOT_PLAIN;
	/* EtherType, version, and IPv4's header length. */
	start = fw_load_be32(frame + 12);
	if ((start & fw_wire32(0xff, 0xff, 0xff, 0)) == fw_wire32(0x08, 0x00, 0x45, 0)) {
		/* The fragment, but for DF; and the protocol. */
		if ((fw_load_be32(frame + 20) & fw_wire32(0x3f, 0xff, 0, 0xff)) !=
		    fw_wire32(0, 0, 0, FW_PROTO_TCP))
			return FW_NOT_PLAIN;
		total = fw_load16(frame + 16);
		if (total < 20)
			return FW_NOT_PLAIN;
		return fw_plain_signature(fw_load16(frame + 46), total - 20);
	}
	if ((start & fw_wire32(0xff, 0xff, 0xf0, 0)) == fw_wire32(0x86, 0xdd, 0x60, 0)) {
		frame = fw_packet_slice(packet, 0, ETH_HLEN + 40 + FW_TCP_JUDGED);
		if (!frame || frame[20] != FW_PROTO_TCP)
			return FW_NOT_PLAIN;
		return fw_plain_signature(fw_load16(frame + 66), fw_load16(frame + 18));
	}
	return FW_NOT_PLAIN;
}

#endif /* FLAGWALL_PLAIN_H */

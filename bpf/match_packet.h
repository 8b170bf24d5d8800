/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parser's reader over a packet that a rule of iptables asks about: it begins with
 * its network layer, and a socket filter may only copy from it. The Ethernet header
 * that the parser expects is made up, with nothing in it but the EtherType.
 */
#ifndef FLAGWALL_MATCH_PACKET_H
#define FLAGWALL_MATCH_PACKET_H

#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_helpers.h>

#include "flagwall/packet.h"
#include "switches.h"

#define FW_LONGEST_SLICE 72 /* Ethernet, IPv6, and of TCP what is judged */

/* A packet, and room for the slice that was taken last. */
struct fw_matched {
	struct __sk_buff *skb;
	__u8 slice[FW_LONGEST_SLICE];
};

typedef struct fw_matched *fw_origin;

struct fw_packet {
	fw_origin origin;
	__u64 length;
	__u64 limit;
};

static __always_inline struct fw_packet fw_packet_open(fw_origin origin, __u64 limit)
{
	return (struct fw_packet){
		.origin = origin,
		.length = (__u64)origin->skb->len + ETH_HLEN,
		.limit = limit,
	};
}

/* The made-up header, and what follows it of @length bytes. */
static __always_inline const __u8 *fw_packet_start(struct fw_matched *origin, __u32 length)
{
	__u16 type = (__u16)origin->skb->protocol;

	__builtin_memset(origin->slice, 0, ETH_HLEN - sizeof(type));
	__builtin_memcpy(origin->slice + ETH_HLEN - sizeof(type), &type, sizeof(type));
	if (length > ETH_HLEN &&
	    bpf_skb_load_bytes(origin->skb, 0, origin->slice + ETH_HLEN, length - ETH_HLEN))
		return 0;
	return origin->slice;
}

/* Valid until the next one is taken. */
static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	struct fw_matched *origin = packet->origin;

	if (length > FW_LONGEST_SLICE ||
	    (packet->limit != FW_NO_LIMIT && offset + length > packet->limit))
		return 0;
	if (__builtin_constant_p(offset) && !offset)
		return fw_packet_start(origin, (__u32)length);
	/* No header begins beyond FW_MAX_OFFSET: 32 bits hold it. */
	if (bpf_skb_load_bytes(origin->skb, (__u32)offset - ETH_HLEN, origin->slice, (__u32)length))
		return 0;
	return origin->slice;
}

static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	return packet->length < packet->limit ? packet->length : packet->limit;
}

static __always_inline int fw_packet_tag(const struct fw_packet *packet)
{
	(void)packet;
	return FW_NO_TAG;
}

/* fw_frame_length - its bytes from the network layer on, as iptables counts them. */
static __always_inline __u64 fw_frame_length(fw_origin origin)
{
	return origin->skb->len;
}

/* fw_frame_segments - how many segments it stands for: iptables comes behind GRO. */
static __always_inline __u64 fw_frame_segments(fw_origin origin)
{
	__u32 segments = origin->skb->gso_segs;

	return segments ? segments : 1;
}

#endif /* FLAGWALL_MATCH_PACKET_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parser's reader over a frame at tc: direct access to its linear part. What
 * the NIC or the kernel took out of it, a VLAN tag, stands beside it.
 */
#ifndef FLAGWALL_TC_PACKET_H
#define FLAGWALL_TC_PACKET_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <bpf/bpf_helpers.h>

#include "flagwall/packet.h"
#include "switches.h"

typedef struct __sk_buff *fw_origin;

struct fw_packet {
	const __u8 *data;
	const __u8 *end;
	__u64 length; /* of the frame, not of its linear part */
	__u64 limit;
	int tag;
	__u32 protocol; /* the kernel's word: network byte order */
	int looped;     /* a multicast that the host sent */
};

#include "direct_packet.h"

static __always_inline struct fw_packet fw_packet_open(fw_origin ctx, __u64 limit)
{
	return (struct fw_packet){
		.data = (const __u8 *)(long)ctx->data,
		.end = (const __u8 *)(long)ctx->data_end,
		.length = ctx->len,
		.limit = limit,
		.tag = ctx->vlan_present ? (int)(ctx->vlan_tci & 0x0fff) : FW_NO_TAG,
		.protocol = ctx->protocol,
		.looped = ctx->pkt_type == PACKET_LOOPBACK,
	};
}

static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	return packet->length < packet->limit ? packet->length : packet->limit;
}

static __always_inline int fw_packet_tag(const struct fw_packet *packet)
{
	return packet->tag;
}

/*
 * At tc-ingress the Ethernet header is missing from multicast that the host sent and
 * receives itself, and from what was copied for a program of generic XDP that takes
 * frames in several buffers (the kernel forgets its length, net/core/skbuff.c:
 * skb_pp_cow_data()). Where the kernel says IP, and the frame does not, it is missing.
 * Of the latter kind, a packet whose source begins like an EtherType (8.0.x.x) is
 * not told apart: our own program in generic mode takes no such frames.
 */
static __always_inline int fw_packet_bare(const struct fw_packet *packet, const __u8 *start)
{
	if (fw_switches.bare != FW_BARE_SOME)
		return fw_switches.bare == FW_BARE_ALL;
	return packet->looped ||
	       (fw_load_be16(start + 12) != packet->protocol &&
		(packet->protocol == fw_be16(ETH_P_IP) || packet->protocol == fw_be16(ETH_P_IPV6)));
}
#define fw_packet_bare fw_packet_bare

/*
 * fw_frame_length - its bytes with Ethernet and the tag beside it. Of a frame that
 * stands for several segments the headers count once.
 */
static __always_inline __u64 fw_frame_length(fw_origin ctx)
{
	return ctx->len + (ctx->vlan_present ? 4 : 0);
}

/* fw_count_segments - the same, where the kernel has not counted them yet. */
static __u64 fw_count_segments(fw_origin ctx);

/*
 * fw_frame_segments - how many segments it stands for: tc comes behind GRO, and
 * before segmentation.
 */
static __always_inline __u64 fw_frame_segments(fw_origin ctx)
{
	__u32 segments = ctx->gso_segs;

	if (segments)
		return segments;
	return ctx->gso_size ? fw_count_segments(ctx) : 1;
}

/* fw_frame_tag - the tag that stands beside the frame, see struct fw_event; 0: none does. */
static __always_inline __u32 fw_frame_tag(fw_origin ctx)
{
	if (!ctx->vlan_present)
		return 0;
	return (__u32)fw_be16((__u16)ctx->vlan_proto) << 16 | (ctx->vlan_tci & 0xffff);
}

#endif /* FLAGWALL_TC_PACKET_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parser's reader over a frame at tc: direct access to its linear part. What
 * the NIC or the kernel took out of it, a VLAN tag, stands beside it.
 */
#ifndef FLAGWALL_TC_PACKET_H
#define FLAGWALL_TC_PACKET_H

#include <linux/bpf.h>

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
};

static __always_inline struct fw_packet fw_packet_open(fw_origin ctx, __u64 limit)
{
	return (struct fw_packet){
		.data = (const __u8 *)(long)ctx->data,
		.end = (const __u8 *)(long)ctx->data_end,
		.length = ctx->len,
		.limit = limit,
		.tag = ctx->vlan_present ? (int)(ctx->vlan_tci & 0x0fff) : FW_NO_TAG,
	};
}

static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	const __u8 *slice;

	if (packet->limit != FW_NO_LIMIT && offset + length > packet->limit)
		return 0;
	/* Verifier: as in the reader of XDP. */
	if (!__builtin_constant_p(offset))
		asm volatile("%0 &= %1" : "+r"(offset) : "i"(FW_MAX_OFFSET));
	slice = packet->data + offset;
	if (slice + length > packet->end)
		return 0;
	return slice;
}

static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	return packet->length < packet->limit ? packet->length : packet->limit;
}

static __always_inline int fw_packet_tag(const struct fw_packet *packet)
{
	return packet->tag;
}

static __always_inline int fw_packet_tunnels(const struct fw_packet *packet)
{
	(void)packet;
	return fw_switches.tunnels != 0;
}

/*
 * fw_frame_length - its bytes with Ethernet and the tag beside it. Of a frame that
 * stands for several segments the headers count once.
 */
static __always_inline __u64 fw_frame_length(fw_origin ctx)
{
	return ctx->len + (ctx->vlan_present ? 4 : 0);
}

/*
 * fw_frame_segments - how many segments it stands for: tc comes behind GRO, and
 * before segmentation.
 */
static __always_inline __u64 fw_frame_segments(fw_origin ctx)
{
	__u32 segments = ctx->gso_segs;

	return segments ? segments : 1;
}

#endif /* FLAGWALL_TC_PACKET_H */

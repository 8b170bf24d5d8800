/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parser's reader over an XDP frame: direct packet access. */
#ifndef FLAGWALL_XDP_PACKET_H
#define FLAGWALL_XDP_PACKET_H

#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_helpers.h>

#include "flagwall/packet.h"
#include "switches.h"

typedef struct xdp_md *fw_origin;

struct fw_packet {
	const __u8 *data;
	const __u8 *end;
	__u64 limit;
};

#include "direct_packet.h"

static __always_inline struct fw_packet fw_packet_open(fw_origin ctx, __u64 limit)
{
	return (struct fw_packet){
		.data = (const __u8 *)(long)ctx->data,
		.end = (const __u8 *)(long)ctx->data_end,
		.limit = limit,
	};
}

static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	__u64 length = (__u64)(packet->end - packet->data);

	return length < packet->limit ? length : packet->limit;
}

static __always_inline int fw_packet_tag(const struct fw_packet *packet)
{
	(void)packet;
	return FW_NO_TAG;
}

/*
 * No driver of those for which the loader sets fw_switches.frags leaves a first
 * buffer shorter than this and goes on in another. Frames of the usual MTU of 1500
 * are below, and do not pay for the question (10 ns).
 */
#define FW_FIRST_BUFFER 1520

/* fw_frame_length - all buffers of the frame together. The headers are in the first. */
static __always_inline __u64 fw_frame_length(fw_origin ctx)
{
	__u64 length = (__u64)ctx->data_end - ctx->data;

	if (length >= FW_FIRST_BUFFER && fw_switches.frags)
		length = bpf_xdp_get_buff_len(ctx);
	return length;
}

/* fw_frame_segments - of how many segments it was put together. */
static __always_inline __u64 fw_frame_segments(fw_origin ctx)
{
	(void)ctx;
	return 1;
}

/* fw_frame_tag - the tag that stands beside the frame: here there is none. */
static __always_inline __u32 fw_frame_tag(fw_origin ctx)
{
	(void)ctx;
	return 0;
}

#endif /* FLAGWALL_XDP_PACKET_H */

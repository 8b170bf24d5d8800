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

static __always_inline struct fw_packet fw_packet_open(fw_origin ctx, __u64 limit)
{
	return (struct fw_packet){
		.data = (const __u8 *)(long)ctx->data,
		.end = (const __u8 *)(long)ctx->data_end,
		.limit = limit,
	};
}

static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	const __u8 *slice;

	if (packet->limit != FW_NO_LIMIT && offset + length > packet->limit)
		return 0;
	/*
	 * Verifier: a bound that it saw earlier is lost across spills and
	 * 32-bit moves on 6.1 and older, so it is renewed just before the
	 * addition, where the compiler cannot drop it. It never changes the
	 * offset: no header starts beyond FW_MAX_OFFSET.
	 */
	if (!__builtin_constant_p(offset))
		asm volatile("%0 &= %1" : "+r"(offset) : "i"(FW_MAX_OFFSET));
	slice = packet->data + offset;
	if (slice + length > packet->end)
		return 0;
	__builtin_assume(slice != 0); /* or every caller asks again */
	return slice;
}

/*
 * fw_packet_beyond - see flagwall/packet.h. Verifier: a pointer that goes on from the last one
 * needs no bound on where it is.
 */
static __always_inline const __u8 *fw_packet_beyond(const struct fw_packet *packet,
						    const __u8 *slice, __u64 distance, __u64 length)
{
	slice += distance;
	if (slice + length > packet->end)
		return 0;
	__builtin_assume(slice != 0);
	return slice;
}
#define fw_packet_beyond fw_packet_beyond

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

/* fw_frame_ethernet - its Ethernet header, or NULL. */
static __always_inline const __u8 *fw_frame_ethernet(fw_origin ctx, const struct fw_packet *packet)
{
	(void)ctx;
	return fw_packet_slice(packet, 0, ETH_HLEN);
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

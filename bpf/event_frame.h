/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The frame of an event, where a program reads frames directly: XDP and tc. */
#ifndef FLAGWALL_EVENT_FRAME_H
#define FLAGWALL_EVENT_FRAME_H

#include "flagwall/bytes.h"
#include "flagwall/ethernet.h"
#include "flagwall/layout.h"

/* fw_event_end - the last bytes of @packet, fewer than eight, from @at on. */
static __always_inline void fw_event_end(struct fw_event *event, const struct fw_packet *packet,
					 __u64 at)
{
	const __u8 *from;
	__u8 *to;

	/* Verifier: the bound, just before the addition. */
	asm volatile("%0 &= %1" : "+r"(at) : "i"((FW_EVENT_BYTES - 1) & ~7));
	from = packet->data + at;
	to = event->bytes + at;
	if (from + 4 <= packet->end) {
		((struct fw_wire32 *)to)->value = fw_load_be32(from);
		from += 4;
		to += 4;
	}
	if (from + 2 <= packet->end) {
		((struct fw_wire16 *)to)->value = fw_load_be16(from);
		from += 2;
		to += 2;
	}
	if (from + 1 <= packet->end)
		*to = *from;
}

/* fw_event_copy - the frame's first bytes, as far as they can be read directly. */
static __always_inline void fw_event_copy(struct fw_event *event, const struct fw_packet *packet)
{
	const __u64 there = (__u64)(packet->end - packet->data);
	__u64 at;

	event->captured = (__u16)(there < FW_EVENT_BYTES ? there : FW_EVENT_BYTES);
	/* Verifier: 5.10 follows no loop over a packet, and no length that is not constant. */
#pragma unroll
	for (at = 0; at < FW_EVENT_BYTES; at += 8) {
		if (packet->data + at + 8 > packet->end)
			break;
		((struct fw_wire64 *)(event->bytes + at))->value =
			((const struct fw_wire64 *)(packet->data + at))->value;
	}
	/* Verifier: however many that were, the rest is walked once. */
	at = fw_forget(at);
	if (at < FW_EVENT_BYTES)
		fw_event_end(event, packet, at);
}

/* fw_event_frame - the length of the frame @ctx, what stood beside it, and its bytes. */
static __always_inline void fw_event_frame(fw_origin ctx, struct fw_event *event)
{
	const struct fw_packet packet = fw_packet_open(ctx, FW_NO_LIMIT);
	const __u8 *start = fw_packet_slice(&packet, 0, ETH_HLEN);

	event->length = (__u32)fw_frame_length(ctx);
	event->tag = fw_frame_tag(ctx);
	event->bare = start && fw_packet_bare(&packet, start);
	fw_event_copy(event, &packet);
}

#endif /* FLAGWALL_EVENT_FRAME_H */

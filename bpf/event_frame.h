/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The frame of an event, where a program reads frames directly: XDP and tc. */
#ifndef FLAGWALL_EVENT_FRAME_H
#define FLAGWALL_EVENT_FRAME_H

#include "flagwall/ethernet.h"
#include "flagwall/layout.h"

/* fw_event_copy - the frame's first bytes, as far as they can be read directly. */
static __always_inline void fw_event_copy(struct fw_event *event, const struct fw_packet *packet)
{
	__u16 captured = 0;

	/* Verifier: 5.10 follows no loop over a packet, and no length that is not constant. */
#pragma unroll
	for (int at = 0; at < FW_EVENT_BYTES; at++) {
		if (packet->data + at + 1 > packet->end)
			break;
		event->bytes[at] = packet->data[at];
		captured++;
	}
	event->captured = captured;
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

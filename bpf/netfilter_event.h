/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The frame of an event at netfilter: the packet may lie in pieces and is copied as
 * its headers are, by a dynptr; the Ethernet header that it came with stands before it.
 */
#ifndef FLAGWALL_NETFILTER_EVENT_H
#define FLAGWALL_NETFILTER_EVENT_H

#include "flagwall/layout.h"
#include "netfilter_packet.h"

/* fw_event_ethernet - put the frame's addresses into @event. Returns 0 if there are some. */
static __always_inline int fw_event_ethernet(fw_origin ctx, struct fw_event *event)
{
	const struct fw_packet packet = fw_packet_open(ctx, FW_NO_LIMIT);
	const __u8 *header = fw_frame_ethernet(ctx, &packet);

	if (!header)
		return 1;
	__builtin_memcpy(event->bytes, header, 12);
	/* Tags and labels that were between them are gone: what follows is what netfilter sees. */
	event->bytes[12] = packet.family == NFPROTO_IPV4 ? ETH_P_IP >> 8 : ETH_P_IPV6 >> 8;
	event->bytes[13] = packet.family == NFPROTO_IPV4 ? (__u8)ETH_P_IP : (__u8)ETH_P_IPV6;
	return 0;
}

/* fw_event_packet - the packet's first bytes, behind @before others; @before is constant. */
static __always_inline void fw_event_packet(fw_origin ctx, struct fw_event *event, __u64 before)
{
	__u64 length = ctx->skb->len;
	struct bpf_dynptr whole;

	/* Verifier: compared as it is, without a detour by 32 bits, or the bound is lost. */
	asm volatile("" : "+r"(length));
	if (length > FW_EVENT_BYTES - before)
		length = FW_EVENT_BYTES - before;
	event->length = (__u32)(ctx->skb->len + before);
	event->captured = 0;
	if (bpf_dynptr_from_skb((struct __sk_buff *)ctx->skb, 0, &whole) ||
	    bpf_dynptr_read(event->bytes + before, (__u32)length, &whole, 0, 0))
		return;
	event->captured = (__u16)(before + length);
}

/* fw_event_frame - the length of the packet @ctx with its Ethernet header, and its bytes. */
static __always_inline void fw_event_frame(fw_origin ctx, struct fw_event *event)
{
	event->tag = 0;
	event->bare = (__u8)fw_event_ethernet(ctx, event);
	if (event->bare)
		fw_event_packet(ctx, event, 0);
	else
		fw_event_packet(ctx, event, ETH_HLEN);
}

#endif /* FLAGWALL_NETFILTER_EVENT_H */

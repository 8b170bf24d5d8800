/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parser's reader over a packet at netfilter. It begins with its IP header, of
 * the family that the hook says: an Ethernet header that has only its EtherType is
 * shown before it, so that offsets are those of frames. The packet may lie in
 * pieces (it may have been put together of fragments), so that each header is
 * copied; there is one place for that on a CPU.
 */
#ifndef FLAGWALL_NETFILTER_PACKET_H
#define FLAGWALL_NETFILTER_PACKET_H

#include "netfilter_kernel.h"

#include <linux/if_ether.h>

#include <bpf/bpf_core_read.h>

#include "flagwall/packet.h"
#include "switches.h"

typedef struct bpf_nf_ctx *fw_origin;

/*
 * Room for an Ethernet header and what is asked for of the packet at once. No program is
 * interrupted by one of the same CPU.
 */
struct fw_scratch {
	__u8 frame[72];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fw_scratch);
} fw_scratch SEC(".maps");

/*
 * fw_fetch - copy @length bytes at @offset of the packet to their place, behind the
 * Ethernet header. Returns 0 if it has them all.
 *
 * Verifier: not static, so that it is looked at once, and never from where it is called.
 */
__attribute__((noinline)) int fw_fetch(struct bpf_nf_ctx *ctx, __u64 offset, __u64 length)
{
	struct fw_scratch *scratch;
	struct bpf_dynptr whole;
	__u32 zero = 0;

	scratch = bpf_map_lookup_elem(&fw_scratch, &zero);
	if (!scratch || length > sizeof(scratch->frame) - ETH_HLEN ||
	    bpf_dynptr_from_skb((struct __sk_buff *)ctx->skb, 0, &whole))
		return 1;
	return bpf_dynptr_read(scratch->frame + ETH_HLEN, (__u32)length, &whole, (__u32)offset,
			       0) != 0;
}

struct fw_packet {
	fw_origin ctx;
	struct fw_scratch *scratch;
	__u64 limit;
	__u64 length; /* with the Ethernet header that is shown */
	__u8 family;
};

static __always_inline struct fw_packet fw_packet_open(fw_origin ctx, __u64 limit)
{
	__u32 zero = 0;

	/* Verifier: the context is read here once, so that nobody adds to its pointer. */
	return (struct fw_packet){
		.ctx = ctx,
		.length = ctx->skb->len + ETH_HLEN,
		.scratch = bpf_map_lookup_elem(&fw_scratch, &zero),
		.limit = limit,
		.family = ctx->state->pf,
	};
}

/* The room for headers; NULL cannot happen. */
static __always_inline __u8 *fw_packet_room(const struct fw_packet *packet)
{
	struct fw_scratch *scratch = packet->scratch;

	if (!scratch)
		return 0;
	/* Verifier: nothing is added to it before it is known to be there. */
	asm volatile("" : "+r"(scratch));
	return scratch->frame;
}

/* What is shown before the packet, with @length bytes of it behind. */
static __always_inline const __u8 *fw_packet_front(const struct fw_packet *packet, __u64 length)
{
	__u16 type = packet->family == NFPROTO_IPV4 ? ETH_P_IP : ETH_P_IPV6;
	__u8 *frame = fw_packet_room(packet);

	if (!frame || (length && fw_fetch(packet->ctx, 0, length)))
		return 0;
	frame[12] = (__u8)(type >> 8);
	frame[13] = (__u8)type;
	return frame;
}

static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	__u8 *frame;

	if (packet->limit != FW_NO_LIMIT && offset + length > packet->limit)
		return 0;
	if (__builtin_constant_p(offset) && !offset)
		return fw_packet_front(packet, length - ETH_HLEN);
	frame = fw_packet_room(packet);
	if (!frame || fw_fetch(packet->ctx, offset - ETH_HLEN, length))
		return 0;
	return frame + ETH_HLEN;
}

static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	return packet->length < packet->limit ? packet->length : packet->limit;
}

/* Of tagged frames netfilter sees what comes out of the VLAN's own interface. */
static __always_inline int fw_packet_tag(const struct fw_packet *packet)
{
	(void)packet;
	return FW_NO_TAG;
}

/* Of <linux/if_arp.h>, which needs a C library. */
#define FW_ARPHRD_ETHER 1
#define FW_ARPHRD_LOOPBACK 772

/* Did the packet come in an Ethernet frame? */
static __always_inline int fw_is_framed(fw_origin ctx)
{
	__u16 type = ctx->state->in->type;

	return type == FW_ARPHRD_ETHER || type == FW_ARPHRD_LOOPBACK;
}

/*
 * fw_frame_ethernet - the Ethernet header that was there; NULL: there was none, or it is
 * not there any more.
 */
static __always_inline const __u8 *fw_frame_ethernet(fw_origin ctx, const struct fw_packet *packet)
{
	const struct sk_buff *skb = ctx->skb;
	__u8 *frame = fw_packet_room(packet);
	__u32 start = skb->mac_header;

	if (!frame || !fw_is_framed(ctx) || start + ETH_HLEN > skb->network_header ||
	    bpf_probe_read_kernel(frame, ETH_HLEN, skb->head + start))
		return 0;
	return frame;
}

/*
 * fw_frame_length - its bytes with Ethernet, without tags. Of what stands for several
 * segments, or was put together of fragments, the headers count once.
 */
static __always_inline __u64 fw_frame_length(fw_origin ctx)
{
	return ctx->skb->len + (fw_is_framed(ctx) ? ETH_HLEN : 0);
}

/* fw_frame_segments - how many segments it stands for: netfilter comes behind GRO. */
static __always_inline __u64 fw_frame_segments(fw_origin ctx)
{
	const struct sk_buff *skb = ctx->skb;
	const struct skb_shared_info *shared =
		bpf_rdonly_cast(skb->head + skb->end,
				bpf_core_type_id_kernel(struct skb_shared_info));
	__u32 segments = shared->gso_segs;

	return segments ? segments : 1;
}

#endif /* FLAGWALL_NETFILTER_PACKET_H */

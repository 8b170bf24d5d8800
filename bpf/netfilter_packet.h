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

/* Room for the longest header: no program is interrupted by one of the same CPU. */
struct fw_scratch {
	__u8 header[40];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fw_scratch);
} fw_scratch SEC(".maps");

struct fw_packet {
	fw_origin ctx;
	struct fw_scratch *scratch;
	__u64 limit;
};

static __always_inline struct fw_packet fw_packet_open(fw_origin ctx, __u64 limit)
{
	__u32 zero = 0;

	return (struct fw_packet){
		.ctx = ctx,
		.scratch = bpf_map_lookup_elem(&fw_scratch, &zero),
		.limit = limit,
	};
}

/* Ethernet headers as they are shown. */
static const __u8 fw_before_ipv4[ETH_HLEN] = { [12] = ETH_P_IP >> 8, [13] = ETH_P_IP & 0xff };
static const __u8 fw_before_ipv6[ETH_HLEN] = { [12] = ETH_P_IPV6 >> 8, [13] = ETH_P_IPV6 & 0xff };

static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	struct bpf_dynptr whole;

	if (packet->limit != FW_NO_LIMIT && offset + length > packet->limit)
		return 0;
	if (__builtin_constant_p(offset) && !offset)
		return packet->ctx->state->pf == NFPROTO_IPV4 ? fw_before_ipv4 : fw_before_ipv6;
	if (!packet->scratch ||
	    bpf_dynptr_from_skb((struct __sk_buff *)packet->ctx->skb, 0, &whole) ||
	    bpf_dynptr_read(packet->scratch->header, (__u32)length, &whole,
			    (__u32)(offset - ETH_HLEN), 0))
		return 0;
	return packet->scratch->header;
}

static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	__u64 length = packet->ctx->skb->len + ETH_HLEN;

	return length < packet->limit ? length : packet->limit;
}

/* Of tagged frames netfilter sees what comes out of the VLAN's own interface. */
static __always_inline int fw_packet_tag(const struct fw_packet *packet)
{
	(void)packet;
	return FW_NO_TAG;
}

static __always_inline int fw_packet_tunnels(const struct fw_packet *packet)
{
	(void)packet;
	return fw_switches.tunnels != 0;
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
	__u32 start = skb->mac_header;

	if (!packet->scratch || !fw_is_framed(ctx) || start + ETH_HLEN > skb->network_header ||
	    bpf_probe_read_kernel(packet->scratch->header, ETH_HLEN, skb->head + start))
		return 0;
	return packet->scratch->header;
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
		bpf_rdonly_cast(skb->head + skb->end, bpf_core_type_id_kernel(struct skb_shared_info));
	__u32 segments = shared->gso_segs;

	return segments ? segments : 1;
}

#endif /* FLAGWALL_NETFILTER_PACKET_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The hooks of tc: every frame that an interface receives, behind XDP and GRO; or
 * every frame that is sent through it. Other programs follow what we let pass.
 */
#include "tc_packet.h"

#include <linux/pkt_cls.h>

#include "event_frame.h"

#include "by_state.h"
#include "event.h"
#include "sample.h"

#include "action.h"

/* What of a frame the parser may look at: no header begins beyond FW_MAX_OFFSET. */
#define FW_MOST_PULLED (FW_MAX_OFFSET + FW_LONGEST_HEADER)
#define FW_LONGEST_HEADER 40 /* IPv6 */

/*
 * fw_parse_whole - parse a frame whose headers reach beyond its linear part, which
 * is made longer for that. Rare, and so a function of its own.
 */
static __attribute__((noinline)) __u32 fw_parse_whole(fw_origin ctx)
{
	if (bpf_skb_pull_data(ctx, ctx->len < FW_MOST_PULLED ? ctx->len : FW_MOST_PULLED))
		return FW_REASON_TRUNCATED;
	return fw_parse(ctx);
}

/*
 * Frames that a guest or a packet socket wants to have segmented say how long a
 * segment is, and not how many there are. Rare, and so a function of its own.
 */
static __attribute__((noinline)) __u64 fw_count_segments(fw_origin ctx)
{
	const struct fw_packet packet = fw_packet_open(ctx, FW_NO_LIMIT);
	struct fw_link link = {};
	struct fw_network net = {};
	__u32 size = ctx->gso_size;
	const __u8 *header;
	__u64 headers;

	if (!size || fw_parse_ethernet(&packet, &link) || fw_parse_link(ctx, FW_NO_LIMIT, &link))
		return 1;
	link.offset = fw_forget(link.offset);
	link.type = (__u16)fw_forget(link.type);
	if (fw_parse_ip(&packet, &link, &net) || fw_parse_extensions(&packet, &net))
		return 1;
	header = fw_packet_slice(&packet, net.offset, FW_TCP_JUDGED);
	if (!header)
		return 1;
	headers = net.offset + (net.protocol == FW_PROTO_TCP ? (header[12] >> 4) * 4 : 8 /* UDP */);
	return ctx->len > headers ? (ctx->len - headers + size - 1) / size : 1;
}

SEC("tc")
int flagwall(struct __sk_buff *ctx)
{
	__u32 outcome = fw_parse(ctx);

	if (outcome == FW_REASON_TRUNCATED && ctx->data_end - ctx->data < ctx->len)
		outcome = fw_parse_whole(ctx);
	return fw_judge(ctx, outcome) == FW_DROP ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "Dual BSD/GPL";

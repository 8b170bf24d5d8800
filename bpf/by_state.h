/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Flags against the state of the connection, asked of the kernel's sockets. Only
 * segments that the first table lets pass come here, and only if the policy has
 * state lines. docs/state.md says what is judged and what is not, and why.
 */
#ifndef FLAGWALL_BY_STATE_H
#define FLAGWALL_BY_STATE_H

#include "event.h"
#include "except.h"
#include "maps.h"
#include "sample.h"
#include "states.h"
#include "switches.h"

#define FW_AF_INET 2
#define FW_AF_INET6 10

/* What the sockets are asked with. */
struct fw_ask {
	struct bpf_sock_tuple tuple; /* as on the wire */
	__u32 length;                /* of the part of the family */
	__u32 pad;
	__u8 ip[40]; /* the header; 20 bytes for IPv4 */
	const __u8 *tcp;
};

/*
 * fw_for_this_interface - does the frame carry IP directly behind Ethernet, to the
 * address of the interface? Anything else may be for somebody behind it: a bridge,
 * another namespace, a virtual machine. Fills @link.
 */
static __always_inline int fw_for_this_interface(const struct fw_packet *packet,
						 struct fw_link *link)
{
	const __u8 *header = fw_packet_slice(packet, 0, ETH_HLEN);
	__u8 other = 0;

	if (!header || fw_packet_bare(packet, header) || fw_packet_tag(packet) != FW_NO_TAG)
		return 0;
	for (int i = 0; i < ETH_ALEN; i++)
		other |= header[i] ^ fw_switches.mac[i];
	link->type = fw_load_be16(header + 12);
	link->offset = ETH_HLEN;
	return !other && fw_is_ip(link->type);
}

/*
 * fw_is_local - may the segment be for this host, by its routes? Where nothing is
 * forwarded the kernel does not look, and what is not for it goes nowhere.
 */
static __always_inline int fw_is_local(fw_origin ctx, const struct fw_ask *ask)
{
	struct bpf_fib_lookup route = { .l4_protocol = 6, .ifindex = ctx->ingress_ifindex };
	int answer;

	if (ask->length == sizeof(ask->tuple.ipv4)) {
		route.family = FW_AF_INET;
		route.ipv4_src = ask->tuple.ipv4.saddr;
		route.ipv4_dst = ask->tuple.ipv4.daddr;
	} else {
		route.family = FW_AF_INET6;
		__builtin_memcpy(route.ipv6_src, ask->tuple.ipv6.saddr, 16);
		__builtin_memcpy(route.ipv6_dst, ask->tuple.ipv6.daddr, 16);
	}
	answer = bpf_fib_lookup(ctx, &route, sizeof(route), 0);
	return answer == BPF_FIB_LKUP_RET_NOT_FWDED || answer == BPF_FIB_LKUP_RET_FWD_DISABLED;
}

/*
 * fw_has_cookie - is it the third step of a handshake of which @listener kept
 * nothing but a SYN cookie?
 */
static __always_inline int fw_has_cookie(struct fw_ask *ask, struct bpf_sock *listener)
{
	return ask->tcp[13] & FW_ACK && !bpf_tcp_check_syncookie(listener, ask->ip, sizeof(ask->ip),
								 (void *)ask->tcp, FW_TCP_MIN);
}

static __always_inline enum fw_state fw_state_of(fw_origin ctx, struct fw_ask *ask)
{
	struct bpf_sock *socket =
		bpf_skc_lookup_tcp(ctx, &ask->tuple, ask->length, BPF_F_CURRENT_NETNS, 0);
	enum fw_state state = FW_STATE_OTHER;

	if (!socket)
		return fw_is_local(ctx, ask) ? FW_STATE_NONE : FW_STATE_UNJUDGED;
	switch (socket->state) {
	case BPF_TCP_SYN_SENT:
		state = FW_STATE_SYN_SENT;
		break;
	case BPF_TCP_TIME_WAIT:
		state = FW_STATE_TIME_WAIT;
		break;
	case BPF_TCP_LISTEN:
		if (!fw_has_cookie(ask, socket))
			state = FW_STATE_LISTEN;
		break;
	}
	bpf_sk_release(socket);
	/* A listener may listen on all addresses: those of others as well. */
	if (state == FW_STATE_LISTEN && !fw_is_local(ctx, ask))
		return FW_STATE_UNJUDGED;
	return state;
}

/*
 * fw_ask_state - the state of the connection that the segment @ctx is of.
 *
 * The packet is parsed again, so that whoever has no state lines carries nothing
 * for this. Verifier: a function of its own.
 */
static __attribute__((noinline)) __u32 fw_ask_state(fw_origin ctx)
{
	const struct fw_packet packet = fw_packet_open(ctx, FW_NO_LIMIT);
	struct fw_network net = {};
	struct fw_link link = {};
	struct fw_ask ask = {};
	const __u8 *ip;

	if (!fw_for_this_interface(&packet, &link) || fw_parse_ip(&packet, &link, &net) ||
	    fw_parse_extensions(&packet, &net) || net.fragment)
		return FW_STATE_UNJUDGED;
	net.offset = fw_forget(net.offset);
	ask.tcp = fw_packet_slice(&packet, net.offset, FW_TCP_MIN);
	if (!ask.tcp)
		return FW_STATE_UNJUDGED;
	if (link.type == fw_be16(ETH_P_IP)) {
		ip = fw_packet_slice(&packet, ETH_HLEN, 20);
		if (!ip)
			return FW_STATE_UNJUDGED;
		__builtin_memcpy(ask.ip, ip, 20);
		__builtin_memcpy(&ask.tuple.ipv4, ip + 12, 8);
		__builtin_memcpy(&ask.tuple.ipv4.sport, ask.tcp, 4);
		ask.length = sizeof(ask.tuple.ipv4);
	} else {
		ip = fw_packet_slice(&packet, ETH_HLEN, 40);
		if (!ip)
			return FW_STATE_UNJUDGED;
		__builtin_memcpy(ask.ip, ip, 40);
		__builtin_memcpy(&ask.tuple.ipv6, ip + 8, 32);
		__builtin_memcpy(&ask.tuple.ipv6.sport, ask.tcp, 4);
		ask.length = sizeof(ask.tuple.ipv6);
	}
	return fw_state_of(ctx, &ask);
}

/*
 * fw_judge_state - count the segment @ctx of @outcome, which the first table lets
 * pass, by its connection's state, and do what the second table says. What is dropped
 * or excepted is so in the outcome's @count too: each table tells what became of its
 * packets.
 *
 * Returns what is to be done: FW_DROP, or not.
 */
static __attribute__((noinline)) __u32 fw_judge_state(fw_origin ctx, __u32 outcome,
						      struct fw_count *count)
{
	__u32 key = FW_STATE_SLOT((__u32)fw_forget(fw_ask_state(ctx)), outcome);
	const __u64 segments = fw_forget(fw_frame_segments(ctx));
	struct fw_count *by_state;
	__u64 slot = key;
	__u8 action;

	by_state = bpf_map_lookup_elem(&fw_states, &key);
	if (!by_state || !count)
		return FW_PASS;
	by_state->packets += segments;
	by_state->bytes += fw_frame_length(ctx);
	/* Verifier: the bound on the index, as in fw_packet_slice(). */
	asm volatile("%0 &= %1" : "+r"(slot) : "i"(FW_STATE_SLOTS - 1));
	action = fw_config.state[slot];
	if (action == FW_PASS)
		return FW_PASS;
	if (fw_switches.exceptions && fw_excepted(ctx, FW_CLASS_STATE)) {
		count->excepted += segments;
		by_state->excepted += segments;
		return FW_PASS;
	}
	fw_sample_flagged(ctx, outcome);
	fw_event_flagged(ctx, outcome, action);
	if (action != FW_DROP)
		return FW_COUNT;
	count->dropped += segments;
	by_state->dropped += segments;
	return FW_DROP;
}

#endif /* FLAGWALL_BY_STATE_H */

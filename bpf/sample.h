/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The first and the last flagged packet of each outcome, so that somebody can
 * ask at 3 in the morning where a flood came from, with nothing listening.
 */
#ifndef FLAGWALL_SAMPLE_H
#define FLAGWALL_SAMPLE_H

#include "flagwall/parse.h"
#include "maps.h"

/* First and last flagged packet by outcome. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FW_OUTCOMES);
	__type(key, __u32);
	__type(value, struct fw_samples);
} fw_samples SEC(".maps");

/*
 * Jiffies before which nobody writes the samples of an outcome again. Beside them, where a
 * flood reaches it without a look-up.
 */
__u64 fw_sample_after[FW_ACTION_SLOTS] SEC(".data.next") = {};

/* How many samples this CPU may still refresh, and until when that holds. */
struct fw_sample_budget {
	__u64 until; /* jiffies */
	__u64 left;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fw_sample_budget);
} fw_budget SEC(".maps");

/* fw_sample_link - the frame's length, its MAC addresses and its outermost tag. */
static __always_inline void fw_sample_link(fw_origin ctx, struct fw_sample *sample,
					   const struct fw_packet *packet,
					   const struct fw_link *link)
{
	const __u8 *header = fw_frame_ethernet(ctx, packet);

	sample->length = (__u32)fw_frame_length(ctx);
	sample->vlan = link->vlan;
	sample->vlan_tags = link->vlan_tags;
	if (header && !fw_packet_bare(packet, header)) {
		__builtin_memcpy(sample->destination_mac, header, 6);
		__builtin_memcpy(sample->source_mac, header + 6, 6);
	}
}

/* fw_sample_ip - addresses and TTL of the IP header that @link leads to. */
static __always_inline void fw_sample_ip(struct fw_sample *sample, const struct fw_packet *packet,
					 const struct fw_link *link)
{
	const __u8 *header;

	if (link->type == fw_be16(ETH_P_IP)) {
		header = fw_packet_slice(packet, link->offset, 20);
		if (!header)
			return;
		sample->family = 4;
		sample->ttl = header[8];
		__builtin_memcpy(sample->source, header + 12, 4);
		__builtin_memcpy(sample->destination, header + 16, 4);
	} else if (link->type == fw_be16(ETH_P_IPV6)) {
		header = fw_packet_slice(packet, link->offset, 40);
		if (!header)
			return;
		sample->family = 6;
		sample->ttl = header[7];
		__builtin_memcpy(sample->source, header + 8, 16);
		__builtin_memcpy(sample->destination, header + 24, 16);
	}
}

/*
 * fw_sample_ports - the ports of the TCP header behind the IP header of EtherType
 * @type (network byte order) at @offset: source << 16 | destination; 0: there is none.
 *
 * Verifier: a function of its own, or its ways would multiply with the sampler's.
 */
static __attribute__((noinline)) __u32 fw_sample_ports(fw_origin ctx, __u64 offset, __u64 type)
{
	const struct fw_packet packet = fw_packet_open(ctx, FW_NO_LIMIT);
	const struct fw_link link = { .offset = offset, .type = (__u16)type };
	struct fw_network net = {};
	const __u8 *header;

	if (fw_parse_ip(&packet, &link, &net) || fw_parse_extensions(&packet, &net))
		return 0;
	if (net.offset + 4 > net.end)
		return 0;
	header = fw_packet_slice(&packet, net.offset, 4);
	if (!header)
		return 0;
	return (__u32)fw_load16(header) << 16 | fw_load16(header + 2);
}

/*
 * fw_sample_due - has this CPU something left of its share of samples at @now?
 *
 * The first of an outcome is always kept: that happens 2,112 times at most. For
 * the later ones there is a budget, so that a flood that changes its flags all
 * the time costs no more than one that does not.
 */
static __always_inline int fw_sample_due(const struct fw_samples *samples, __u64 now)
{
	struct fw_sample_budget *budget;
	__u32 zero = 0;

	if (!samples->first.time)
		return 1;
	budget = bpf_map_lookup_elem(&fw_budget, &zero);
	if (!budget)
		return 0;
	if (now >= budget->until) {
		budget->until = now + FW_SAMPLE_JIFFIES;
		budget->left = FW_SAMPLE_BUDGET;
	}
	if (!budget->left)
		return 0;
	budget->left--;
	return 1;
}

static __always_inline __u64 *fw_sample_next(__u64 outcome)
{
	/* Verifier: the bound on the index, as in fw_packet_slice(). */
	asm volatile("%0 &= %1" : "+r"(outcome) : "i"(FW_ACTION_SLOTS - 1));
	return &fw_sample_after[outcome];
}

/*
 * fw_sample_take - keep @ctx as a sample of @outcome.
 *
 * The packet is parsed a second time for its addresses: it happens a few times
 * a second, and the packet path carries no offsets for it. Jiffies are the
 * clock, because the kernel inlines them; reading nanoseconds would cost a
 * flood more than judging it.
 */
static __attribute__((noinline)) int fw_sample_take(fw_origin ctx, __u32 outcome, __u64 now)
{
	const struct fw_packet packet = fw_packet_open(ctx, FW_NO_LIMIT);
	struct fw_samples *samples = bpf_map_lookup_elem(&fw_samples, &outcome);
	struct fw_sample sample = {};
	struct fw_link link = {};
	__u32 ports;
	__u64 *next;

	if (!samples || !fw_sample_due(samples, now))
		return 0;
	if (!fw_parse_ethernet(&packet, &link) && !fw_parse_link(ctx, FW_NO_LIMIT, &link)) {
		link.offset = fw_forget(link.offset);
		link.type = (__u16)fw_forget(link.type);
		ports = (__u32)fw_forget(fw_sample_ports(ctx, link.offset, link.type));
		sample.source_port = (__u16)(ports >> 16);
		sample.destination_port = (__u16)ports;
		fw_sample_ip(&sample, &packet, &link);
	}
	fw_sample_link(ctx, &sample, &packet, &link);
	sample.time = bpf_ktime_get_boot_ns();

	next = fw_sample_next(outcome);
	bpf_spin_lock(&samples->lock);
	if (now >= *next) { /* another CPU may have been faster */
		*next = now + FW_SAMPLE_JIFFIES;
		if (!samples->first.time)
			samples->first = sample;
		samples->last = sample;
	}
	bpf_spin_unlock(&samples->lock);
	return 0;
}

/* fw_sample_flagged - keep the flagged packet @ctx of @outcome, unless one was kept just now. */
static __always_inline void fw_sample_flagged(fw_origin ctx, __u32 outcome)
{
	const __u64 now = bpf_jiffies64();

	if (now >= *fw_sample_next(outcome))
		fw_sample_take(ctx, (__u32)fw_forget(outcome), now);
}

#endif /* FLAGWALL_SAMPLE_H */

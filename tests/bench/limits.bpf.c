// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the filter is measured beside: programs that do nothing, or next to nothing,
 * and a small parser as one would write it for the purpose. It reads two VLAN tags,
 * IPv4 and IPv6, two extension headers and the flags, and knows nothing of fragments,
 * lengths that lie, samples or policies. None of this is part of the filter.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_TAG bpf_htons(ETH_P_8021Q)
#define ETH_P_SERVICE_TAG bpf_htons(ETH_P_8021AD)

/* By the six control bits: 1 drops. SYN with FIN or RST, FIN without ACK, and none. */
__u8 illegal[64] = { [0x00] = 1, [0x01] = 1, [0x03] = 1, [0x06] = 1, [0x07] = 1, [0x09] = 1,
		     [0x0b] = 1, [0x13] = 1, [0x16] = 1, [0x17] = 1, [0x29] = 1, [0x3f] = 1 };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}

static __attribute__((always_inline)) void count(__u32 which)
{
	__u64 *value = bpf_map_lookup_elem(&counts, &which);

	if (value)
		++*value;
}

SEC("xdp")
int drop_count(struct xdp_md *ctx)
{
	(void)ctx;
	count(0);
	return XDP_DROP;
}

/* The header of TCP, or NULL. */
static __attribute__((always_inline)) const __u8 *find(const __u8 *at, const __u8 *end)
{
	__u8 protocol;
	__u16 type;

	if (at + ETH_HLEN > end)
		return NULL;
	type = *(const __u16 *)(at + 12);
	at += ETH_HLEN;
#pragma GCC unroll 2
	for (int i = 0; i < 2; i++) {
		if (type != ETH_P_TAG && type != ETH_P_SERVICE_TAG)
			break;
		if (at + 4 > end)
			return NULL;
		type = *(const __u16 *)(at + 2);
		at += 4;
	}
	if (type == bpf_htons(ETH_P_IP)) {
		if (at + 20 > end)
			return NULL;
		protocol = at[9];
		at += (at[0] & 0x0f) * 4;
	} else if (type == bpf_htons(ETH_P_IPV6)) {
		if (at + 40 > end)
			return NULL;
		protocol = at[6];
		at += 40;
#pragma GCC unroll 2
		for (int i = 0; i < 2; i++) {
			if (protocol != IPPROTO_HOPOPTS && protocol != IPPROTO_ROUTING &&
			    protocol != IPPROTO_DSTOPTS)
				break;
			if (at + 8 > end)
				return NULL;
			protocol = at[0];
			at += (at[1] + 1) * 8;
		}
	} else {
		return NULL;
	}
	return protocol == IPPROTO_TCP && at + 20 <= end ? at : NULL;
}

SEC("xdp")
int reference(struct xdp_md *ctx)
{
	const __u8 *tcp = find((const __u8 *)(long)ctx->data, (const __u8 *)(long)ctx->data_end);
	__u32 flags;

	if (!tcp)
		return XDP_PASS;
	flags = tcp[13] & 0x3f;
	count(flags);
	return illegal[flags] ? XDP_DROP : XDP_PASS;
}

/* The same at tc, for whoever has it there: what the hook alone costs. */
SEC("tc")
int reference_tc(struct __sk_buff *ctx)
{
	const __u8 *tcp = find((const __u8 *)(long)ctx->data, (const __u8 *)(long)ctx->data_end);
	__u32 flags;

	if (!tcp)
		return 0;
	flags = tcp[13] & 0x3f;
	count(flags);
	return illegal[flags] ? 2 /* TC_ACT_SHOT */ : 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";

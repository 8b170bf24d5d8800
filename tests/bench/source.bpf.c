// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Where a flood comes from: run by BPF_PROG_TEST_RUN with live frames, it sends each
 * of them out of one interface. flood.c says what to change in them.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "source.h"

struct source source = {};

/* Another sender: address and port, with a header checksum that is right again. */
static __attribute__((always_inline)) void spoof(__u8 *frame)
{
	__u32 random = bpf_get_prandom_u32(), sum = 0;
	__u16 *ip = (__u16 *)(frame + 14);

	ip[6] = (__u16)random;
	ip[7] = (__u16)(random >> 16);
	ip[10] = (__u16)(random * 2654435761U >> 16);
	ip[5] = 0;
#pragma GCC unroll 10
	for (int i = 0; i < 10; i++)
		sum += ip[i];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	ip[5] = (__u16)~sum;
}

SEC("xdp")
int send(struct xdp_md *ctx)
{
	__u8 *frame = (__u8 *)(long)ctx->data;

	if (frame + 54 > (__u8 *)(long)ctx->data_end)
		return XDP_DROP;
	if (source.spoof)
		spoof(frame);
	if (source.mix)
		frame[47] = bpf_get_prandom_u32() % 100 < source.illegal ? 0x03 : 0x10;
	return (int)bpf_redirect(source.interface, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the links at netfilter hold. A hook there belongs to a network namespace, and
 * a filter to one interface of it; and the kernel does not exchange the program of
 * such a link. So this one stays, knows its interface, and calls what judges by a
 * table: one write exchanges that, for IPv4 and IPv6 at once.
 */
#include "netfilter_kernel.h"

#include "entry.h"
#include "flagwall/layout.h"

const volatile struct fw_entry fw_entry = {};

/* That it goes on behind the call cannot happen while it is attached. */
SEC("netfilter")
int flagwall_entry(struct bpf_nf_ctx *ctx)
{
	if ((__u32)ctx->state->in->ifindex == fw_entry.ifindex)
		bpf_tail_call(ctx, &fw_program, 0);
	return NF_ACCEPT;
}

char _license[] SEC("license") = "Dual BSD/GPL";

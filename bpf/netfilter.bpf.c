// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Netfilter, where packets of an interface come in (PRE_ROUTING): what the kernel
 * took for IP, behind GRO, and where the hook asks for that, put together of its
 * fragments. It is called by netfilter_entry.bpf.c. Linux 6.4 and newer.
 */
#include "netfilter_packet.h"

#include "netfilter_event.h"

#include "event.h"
#include "sample.h"
#include "states.h"

#include "action.h"

SEC("netfilter")
int flagwall(struct bpf_nf_ctx *ctx)
{
	return fw_judge(ctx, fw_parse(ctx)) == FW_DROP ? NF_DROP : NF_ACCEPT;
}

char _license[] SEC("license") = "Dual BSD/GPL";

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The trial of a policy that waits for confirmation. The deadline lives here,
 * not in a process: whoever tried the policy may be cut off by it. Each of the
 * two programs is whole, with its own table and exceptions, and this one is
 * exchanged for one of them as soon as that is known to be the right one.
 */
#include <linux/bpf.h>
#include <linux/netfilter.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

#include "flagwall/bytes.h"
#include "flagwall/layout.h"

const volatile struct fw_trial fw_trial = {};

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, FW_TRIAL_SLOTS);
	__type(key, __u32);
	__type(value, __u32);
} fw_programs SEC(".maps");

static __always_inline __u32 fw_trial_slot(void)
{
	return bpf_ktime_get_boot_ns() < fw_trial.deadline ? FW_TRIAL_TRIED : FW_TRIAL_FALLBACK;
}

/* That it goes on behind the call cannot happen: both are there before this one is attached. */
SEC("xdp")
int flagwall_trial(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &fw_programs, fw_trial_slot());
	return XDP_PASS;
}

SEC("tc")
int flagwall_trial_tc(struct __sk_buff *ctx)
{
	bpf_tail_call(ctx, &fw_programs, fw_trial_slot());
	return TC_ACT_UNSPEC;
}

SEC("netfilter")
int flagwall_trial_nf(void *ctx)
{
	bpf_tail_call(ctx, &fw_programs, fw_trial_slot());
	return NF_ACCEPT;
}

char _license[] SEC("license") = "Dual BSD/GPL";

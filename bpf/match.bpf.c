// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a rule of iptables asks (xt_bpf, -m bpf --object-pinned): is this packet one
 * that the table says to drop? What becomes of it then, the rule says.
 */
#include "match_packet.h"

/* The kernel allows no lock to a socket filter, and samples are written under one. */
static __always_inline void fw_sample_flagged(fw_origin matched, __u32 outcome)
{
	(void)matched;
	(void)outcome;
}

/* A rule tells nobody: there is no program to exchange for one that does. */
static __always_inline void fw_event_flagged(fw_origin matched, __u32 outcome, __u8 action)
{
	(void)matched;
	(void)outcome;
	(void)action;
}

#include "action.h"

SEC("socket")
int flagwall(struct __sk_buff *skb)
{
	struct fw_matched matched = { .skb = skb };

	return fw_judge(&matched, fw_parse(&matched)) == FW_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";

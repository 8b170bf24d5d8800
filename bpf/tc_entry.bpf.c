// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a filter of tc's clsact holds, on kernels without links at tc (before 6.6). It
 * calls what judges by a table: one write exchanges that.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

#include "entry.h"

/* That it goes on behind the call cannot happen while it is attached. */
SEC("tc")
int flagwall_entry(struct __sk_buff *ctx)
{
	bpf_tail_call(ctx, &fw_program, 0);
	return TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "Dual BSD/GPL";

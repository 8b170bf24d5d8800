// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The window of a policy that waits for confirmation. The deadline lives here,
 * not in a process: whoever tried the policy may be cut off by it. Each of the
 * two programs is whole, with its own table and exceptions, and this one is
 * exchanged for one of them as soon as that is known to be the right one.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "flagwall/layout.h"

const volatile struct fw_window fw_window = {};

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, FW_WINDOW_SLOTS);
	__type(key, __u32);
	__type(value, __u32);
} fw_programs SEC(".maps");

SEC("xdp")
int flagwall_window(struct xdp_md *ctx)
{
	if (bpf_ktime_get_boot_ns() < fw_window.deadline)
		bpf_tail_call(ctx, &fw_programs, FW_WINDOW_TRIED);
	else
		bpf_tail_call(ctx, &fw_programs, FW_WINDOW_FALLBACK);
	return XDP_PASS; /* cannot happen: both are there before this one is attached */
}

char _license[] SEC("license") = "Dual BSD/GPL";

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The XDP hook: every frame of one interface, before the kernel sees it. */
#include "xdp_packet.h"

#include "except.h"
#include "frame_length.h"
#include "maps.h"
#include "run_config.h"
#include "sample.h"
#include "switches.h"

SEC("xdp")
int flagwall(struct xdp_md *ctx)
{
	struct fw_samples *samples;
	struct fw_count *count;
	__u32 outcome;
	__u64 slot, now;
	__u8 action;

	outcome = fw_parse(ctx);
	count = bpf_map_lookup_elem(&fw_counters, &outcome);
	if (!count) /* cannot happen: outcomes are below FW_OUTCOMES */
		return XDP_PASS;
	count->packets++;
	count->bytes += fw_frame_length(ctx);

	/* Verifier: the bound on the index, as in fw_packet_slice(). */
	slot = outcome;
	asm volatile("%0 &= %1" : "+r"(slot) : "i"(FW_ACTION_SLOTS - 1));
	action = fw_config.action[slot];
	if (__builtin_expect(action == FW_PASS, 1))
		return XDP_PASS;

	if (fw_switches.exceptions && fw_excepted(ctx, fw_config.class[slot])) {
		count->excepted++;
		return XDP_PASS;
	}
	samples = bpf_map_lookup_elem(&fw_samples, &outcome);
	if (samples) {
		now = bpf_jiffies64();
		if (now >= samples->next)
			fw_sample_take(ctx, samples, now);
	}
	if (action != FW_DROP)
		return XDP_PASS;
	count->dropped++;
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From an outcome to an action, the same at every hook: count it, look into the
 * table, and only for what is flagged ask exceptions, keep samples and tell a
 * listener. Include it behind the hook's reader, which defines, beside what
 * flagwall/packet.h asks for, fw_frame_length(), fw_frame_segments(), fw_frame_tag()
 * and fw_frame_ethernet(); behind sample.h and event.h, or a fw_sample_flagged() and a
 * fw_event_flagged() of its own; and behind by_state.h, if states of connections can
 * be asked for there.
 */
#ifndef FLAGWALL_ACTION_H
#define FLAGWALL_ACTION_H

#include "except.h"
#include "maps.h"
#include "switches.h"

/* fw_class - what exceptions know @outcome by. */
static __always_inline __u8 fw_class(__u64 outcome)
{
	/* Verifier: the bound on the index, as in fw_packet_slice(). */
	asm volatile("%0 &= %1" : "+r"(outcome) : "i"(FW_ACTION_SLOTS - 1));
	return fw_config.class[outcome];
}

/* fw_judge - count the frame @ctx of outcome @outcome. Returns what is to be done: FW_DROP, or not. */
static __always_inline enum fw_action fw_judge(fw_origin ctx, __u32 outcome)
{
	struct fw_count *count;
	__u64 slot;
	__u8 action;

	count = bpf_map_lookup_elem(&fw_counters, &outcome);
	if (!count) /* cannot happen: outcomes are below FW_OUTCOMES */
		return FW_PASS;
	count->packets += fw_frame_segments(ctx);
	count->bytes += fw_frame_length(ctx);

	/* Verifier: the bound on the index, as in fw_packet_slice(). */
	slot = outcome;
	asm volatile("%0 &= %1" : "+r"(slot) : "i"(FW_ACTION_SLOTS - 1));
	action = fw_config.action[slot];
	if (__builtin_expect(action == FW_PASS, 1)) {
#ifdef FLAGWALL_BY_STATE_H
		if (fw_switches.states && outcome < FW_SIGNATURES)
			return fw_judge_state(ctx, (__u32)fw_forget(outcome), count);
#endif
		return FW_PASS;
	}
	if (fw_switches.exceptions) {
		/* Verifier: whatever was known of it, the rest is walked once. */
		outcome = (__u32)fw_forget(outcome);
		if (fw_excepted(ctx, fw_class(outcome))) {
			count->excepted += fw_frame_segments(ctx);
			return FW_PASS;
		}
	}
	fw_sample_flagged(ctx, outcome);
	fw_event_flagged(ctx, outcome, action);
	if (action != FW_DROP)
		return FW_COUNT;
	count->dropped += fw_frame_segments(ctx);
	return FW_DROP;
}

#endif /* FLAGWALL_ACTION_H */

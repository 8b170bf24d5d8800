/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Flagged packets, one by one, for somebody who listens. Only a program that was
 * loaded for a listener has any of this. One whose listener is gone falls silent
 * by itself: the rate is granted anew by every beat of the listener. Include it behind
 * event_frame.h or netfilter_event.h, which say how a frame gets into an event.
 */
#ifndef FLAGWALL_EVENT_H
#define FLAGWALL_EVENT_H

#include "maps.h"
#include "switches.h"

/* The loader makes these two for a listener only, and the ring as large as its rate asks. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536); /* a page, wherever */
} fw_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fw_event_count);
} fw_event_counts SEC(".maps");

/* What the listener asks for: a map of its own, without the price of looking it up. */
struct fw_listen fw_listen SEC(".data.listen") = {};

/* fw_event_random - the next random number: xorshift, without a call. */
static __always_inline __u32 fw_event_random(struct fw_event_count *count)
{
	__u32 random = count->random;

	random ^= random << 13;
	random ^= random >> 17;
	random ^= random << 5;
	count->random = random;
	return random;
}

/*
 * fw_event_next - draw the one to be told of out of the next block of packets, which has
 * as many as the sample says and begins with number @first. Each of them is as likely, so
 * that nobody can send beside it; and a block may end early, when another sample begins.
 */
static __always_inline void fw_event_next(struct fw_event_count *count, __u64 first)
{
	/* Without a division; and 0 of a sample of one. */
	const __u64 place = (__u64)fw_event_random(count) * count->sample >> 32;

	count->next = first + place;
	count->rest = count->sample - 1 - (__u32)place;
}

/* The listener was here. */
static __always_inline void fw_event_beat(struct fw_event_count *count)
{
	count->beat = fw_listen.beat;
	count->left = fw_listen.rate;
	/* By the kernel's own, so that nobody can know it; never 0, or it would stay so. */
	count->random = bpf_get_prandom_u32() | 1;
	if (count->quiet) {
		count->suppressed += count->seen - count->quiet;
		count->next = count->seen;
		count->quiet = 0;
	}
	if (count->sample == fw_listen.sample)
		return;
	count->sample = fw_listen.sample;
	fw_event_next(count, count->seen);
}

/* fw_event_beyond - one was drawn, and is not told of: there is nothing left of the rate. */
static __always_inline void fw_event_beyond(struct fw_event_count *count)
{
	if (count->sample == 1) {
		/* Nor any other in this beat: they need not be looked at, one by one. */
		count->quiet = count->seen;
		count->next = ~0ULL;
		return;
	}
	count->suppressed++;
	fw_event_next(count, count->seen + 1 + count->rest);
}

/*
 * fw_event_take - is the packet that was seen last one to tell of? Returns how many it
 * stands for; 0: nobody is told of it.
 */
static __always_inline __u32 fw_event_take(struct fw_event_count *count)
{
	__u32 sample;

	if (count->beat != fw_listen.beat)
		fw_event_beat(count);
	if (count->seen < count->next)
		return 0;
	sample = count->sample;
	if (count->left) {
		count->left--;
	} else if (fw_listen.thin && sample < FW_SAMPLE_MOST) {
		count->left = fw_listen.rate;
		count->sample = 2 * sample;
	} else {
		fw_event_beyond(count);
		return 0;
	}
	count->told++;
	fw_event_next(count, count->seen + 1 + count->rest);
	return sample < 0xffff ? sample : 0xffff;
}

/*
 * fw_event_tell - put @ctx, of which @outcome and @action are known, into the ring, if it is its
 * turn.
 */
static __attribute__((noinline)) int fw_event_tell(fw_origin ctx, __u64 outcome, __u64 action)
{
	struct fw_event_count *count;
	struct fw_event *event;
	__u32 zero = 0, stands_for;

	count = bpf_map_lookup_elem(&fw_event_counts, &zero);
	if (!count)
		return 0;
	stands_for = fw_event_take(count);
	if (!stands_for)
		return 0;
	event = bpf_ringbuf_reserve(&fw_events, sizeof(*event), 0);
	if (!event) {
		count->told--;
		count->lost++;
		return 0;
	}
	event->time = fw_listen.untimed ? 0 : bpf_ktime_get_boot_ns();
	event->policy = fw_config.policy_since;
	event->outcome = (__u16)outcome;
	event->action = (__u8)action;
	event->stands_for = (__u16)stands_for;
	fw_event_frame(ctx, event);
	/* The listener looks by itself, at each of its beats: nobody is woken from here. */
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return 0;
}

/*
 * fw_event_due - may a packet of outcome @outcome be one to tell of? All that a flood
 * beyond the rate pays: what it is not told of is counted by one number. The listener's
 * beat is the clock: nobody reads one here.
 */
static __always_inline int fw_event_due(__u64 outcome)
{
	struct fw_event_count *count;
	__u32 zero = 0;

	/* Verifier: the bound, just before the addition. */
	asm volatile("%0 &= %1" : "+r"(outcome) : "i"(FW_ACTION_SLOTS - 1));
	if (!fw_listen.wanted[outcome])
		return 0;
	count = bpf_map_lookup_elem(&fw_event_counts, &zero);
	if (!count)
		return 0;
	return ++count->seen >= count->next || count->beat != fw_listen.beat;
}

/* fw_event_flagged - @ctx of outcome @outcome was flagged, and @action is to be done. */
static __always_inline void fw_event_flagged(fw_origin ctx, __u32 outcome, __u8 action)
{
	/* Verifier: whatever was known of it, the rest is walked once. */
	if (fw_switches.events && fw_event_due(fw_forget(outcome)))
		fw_event_tell(ctx, outcome, action);
}

#endif /* FLAGWALL_EVENT_H */

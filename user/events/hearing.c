// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "hearing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "policy_store.h"
#include "reason.h"
#include "report.h"

#define ADDRESSES 12 /* bytes of a frame before its EtherType or tags */
#define TAG 4

/* The pattern or reason of @outcome; NULL for numbers that no reason has yet. */
static const char *name_of(const struct policy *policy, unsigned int outcome)
{
	if (outcome < FW_SIGNATURES)
		return policy_pattern(policy, outcome)->name;
	return outcome - FW_REASON_BASE < FW_REASON_COUNT ?
		       reason_texts[outcome - FW_REASON_BASE].name :
		       NULL;
}

/* Does the policy in force have what is asked for? Asks the kernel for it, if there is a ring. */
static bool want(struct hearing *hearing)
{
	__u8 wanted[FW_ACTION_SLOTS] = {};
	bool found = !hearing->pattern;

	for (unsigned int outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		const char *name = name_of(&hearing->policy, outcome);

		if (!name || (hearing->pattern && strcmp(name, hearing->pattern) != 0))
			continue;
		found = true;
		wanted[outcome] = 1;
	}
	if (hearing->listener.ring)
		filter_listen_want(&hearing->listener, wanted);
	return found;
}

/* What was in force is kept beside what is now. */
static int take_policy(struct hearing *hearing)
{
	const struct fw_config *state = &hearing->listener.state;
	struct policy now = {};
	int err;

	if (hearing->policy.patterns && hearing->since == state->policy_since)
		return 0;
	err = policy_in_force(state, &now);
	if (err)
		return err;
	policy_release(&hearing->before);
	hearing->before = hearing->policy;
	hearing->since_before = hearing->since;
	hearing->policy = now;
	hearing->since = state->policy_since;
	if (!want(hearing) && hearing->before.patterns)
		note("%s: policy %s has no pattern or reason '%s': nothing is shown until one has",
		     hearing->device.label, hearing->policy.name, hearing->pattern);
	return 0;
}

int hearing_claim(struct hearing *hearing, const struct device *device, __u32 sample, __u32 rate)
{
	int err;

	hearing->device = *device;
	hearing->listener = (struct listener)LISTENER_NONE;
	hearing->listener.device = &hearing->device;
	err = filter_listen_claim(&hearing->listener);
	if (err || (err = take_policy(hearing)))
		return err;
	hearing->listener.request.sample = sample;
	hearing->listener.request.rate = rate;
	if (!want(hearing))
		return fail(FW_EUSAGE, "--pattern: policy %s on %s has no pattern or reason '%s'",
			    hearing->policy.name, device->label, hearing->pattern);
	return 0;
}

static __u64 clock_difference(void)
{
	struct timespec boot;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	return time_now() - ((__u64)boot.tv_sec * 1000000000 + (__u64)boot.tv_nsec);
}

int hearing_look(struct hearing *hearing)
{
	int err = filter_listen_look(&hearing->listener);

	hearing->clock = clock_difference();
	return err ? err : take_policy(hearing);
}

/* The policy that flagged @event. A change may be so new that we have not seen it. */
static const struct policy *policy_of(struct hearing *hearing, const struct fw_event *event)
{
	if (event->policy == hearing->since_before && hearing->before.patterns)
		return &hearing->before;
	if (event->policy != hearing->since && event->policy != hearing->unknown) {
		hearing->unknown = event->policy;
		hearing->err = hearing_look(hearing);
	}
	return &hearing->policy;
}

/* What has no Ethernet header is shown with one that has only its EtherType. */
static __u32 frame(const struct fw_event *event, __u32 captured, __u8 *bytes)
{
	const __u16 type = htons(captured && event->bytes[0] >> 4 == 4 ? ETH_P_IP : ETH_P_IPV6);

	memset(bytes, 0, ADDRESSES);
	memcpy(bytes + ADDRESSES, &type, sizeof(type));
	memcpy(bytes + ETH_HLEN, event->bytes, captured);
	return captured + ETH_HLEN;
}

/* A tag that stood beside the frame goes back to where it was on the wire. */
static __u32 restore(const struct fw_event *event, __u8 bytes[FW_EVENT_BYTES + ETH_HLEN])
{
	const __u8 tag[TAG] = { (__u8)(event->tag >> 24), (__u8)(event->tag >> 16),
				(__u8)(event->tag >> 8), (__u8)event->tag };
	__u32 captured = event->captured > FW_EVENT_BYTES ? FW_EVENT_BYTES : event->captured;

	if (event->bare)
		return frame(event, captured, bytes);
	if (!event->tag || captured < ADDRESSES) {
		memcpy(bytes, event->bytes, captured);
		return captured;
	}
	memcpy(bytes, event->bytes, ADDRESSES);
	memcpy(bytes + ADDRESSES, tag, TAG);
	memcpy(bytes + ADDRESSES + TAG, event->bytes + ADDRESSES, captured - ADDRESSES);
	return captured + TAG;
}

static int hear(void *context, const struct fw_event *heard)
{
	struct hearing *hearing = context;
	const struct policy *policy = policy_of(hearing, heard);
	__u8 bytes[FW_EVENT_BYTES + ETH_HLEN];
	const __u32 captured = restore(heard, bytes);
	const __u32 length = heard->length + (heard->bare ? ETH_HLEN : 0);
	const struct event event = {
		.device = &hearing->device,
		.packet = { .data = bytes,
			    .captured = captured,
			    .length = length < captured ? captured : length,
			    .stamp = heard->time + hearing->clock,
			    .stamped = true },
		.verdict = { .outcome = heard->outcome, .action = (enum fw_action)heard->action },
		.name = name_of(policy, heard->outcome),
		.stands_for = heard->stands_for,
		.bare = heard->bare,
		.number = hearing->number,
	};

	int err;

	if (hearing->err)
		return hearing->err;
	if (!event.name)
		return 0;
	/* The kernel may have had another policy when it was asked. */
	if (hearing->pattern && strcmp(event.name, hearing->pattern) != 0)
		return 0;
	err = hearing->take(hearing->context, &event);
	hearing->told += !err;
	if (err != -ECANCELED)
		hearing->err = err;
	return err;
}

int hearing_begin(struct hearing *hearing)
{
	int err;

	hearing->listener.request.hear = hear;
	hearing->listener.request.context = hearing;
	err = filter_listen_begin(&hearing->listener);
	if (err || (err = hearing_look(hearing)))
		return err;
	want(hearing);
	return 0;
}

int hearing_read(struct hearing *hearing)
{
	filter_listen_read(&hearing->listener);
	return hearing->err;
}

int hearing_totals(const struct hearing *hearing, struct listen_totals *totals)
{
	int err = filter_listen_totals(&hearing->listener, totals);

	/* The kernel does not know how far we read, nor what was not asked for. */
	totals->told = hearing->told;
	return err;
}

void hearing_release(struct hearing *hearing)
{
	filter_listen_release(&hearing->listener);
	policy_release(&hearing->policy);
	policy_release(&hearing->before);
}

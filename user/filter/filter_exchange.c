// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "filter_exchange.h"

#include <errno.h>
#include <string.h>

#include "change.h"
#include "cleanup.h"
#include "driver.h"
#include "filter_listen.h"
#include "generation.h"
#include "kernel.h"
#include "link.h"
#include "probe.h"
#include "report.h"
#include "trace.h"

/* What a change without confirmation goes back to: never to one that waits itself. */
static __u32 fallback_of(const struct filter *filter)
{
	return filter->waiting ? filter->trial.generation[FW_TRIAL_FALLBACK] : filter->generation;
}

bool filter_takes_frags(const struct device *device, enum attach_mode mode)
{
	struct nic nic;

	return mode != ATTACH_GENERIC && device->hook == HOOK_XDP && !nic_read(device, &nic) &&
	       driver_frags(&nic) && probe_frags();
}

enum fw_bare filter_bare(const struct device *device)
{
	if (device->hook != HOOK_XDP && device_framing(device) == FRAMING_NONE)
		return FW_BARE_ALL;
	return device->hook == HOOK_TC_INGRESS ? FW_BARE_SOME : FW_BARE_NEVER;
}

struct program_maps filter_maps(const struct device *device, const struct filter *filter)
{
	struct program_maps maps = { .samples = filter->samples,
				     .counters = filter->counters,
				     .states = filter->states,
				     .exceptions = filter->exceptions,
				     .frags = generation_has_frags(&filter->key, filter->generation),
				     .bare = filter_bare(device),
				     .hook = device->hook };

	if (device_mac(device, maps.mac))
		memcpy(maps.mac, filter->state.mac, sizeof(maps.mac));
	return maps;
}

/* On trial it shares the interface with the fallback, which must agree. */
static bool frags_for(const struct device *device, const struct filter *filter,
		      const struct attach_request *request)
{
	struct xdp_state there = {};

	if (request->confirm)
		return generation_has_frags(&filter->key, fallback_of(filter));
	/* For a listener nothing else is to change. */
	if (request->listener != LISTENER_KEEP)
		return generation_has_frags(&filter->key, filter->generation);
	device_xdp(device->ifindex, &there);
	return filter_takes_frags(device,
				  there.mode == XDP_MODE_GENERIC ? ATTACH_GENERIC : ATTACH_NATIVE);
}

/*
 * Whoever listens goes on hearing from the new program, by the same ring. No change waits
 * for one that cannot be told: it sees so, and ends.
 */
static void prepare_listener(const struct filter *filter, const struct attach_request *request,
			     struct event_maps *told, struct program_maps *maps)
{
	if (request->listener == LISTENER_BEGIN)
		maps->ring = request->ring;
	if (request->listener != LISTENER_KEEP || !filter_listened(filter) ||
	    event_maps_open(&filter->key, filter->generation, told))
		return;
	maps->events = told;
	maps->ring = 1; /* it has its size */
}

bool filter_differs(const struct filter *filter, const struct attach_request *request,
		    const struct fw_config *state)
{
	const struct fw_config *now = &filter->state;

	return filter->waiting || request->confirm || now->observe != state->observe ||
	       now->unchosen != state->unchosen ||
	       memcmp(now->policy_sha256, state->policy_sha256, sizeof(now->policy_sha256)) != 0 ||
	       strncmp(now->policy, state->policy, sizeof(now->policy)) != 0 ||
	       strncmp(now->version, state->version, sizeof(now->version)) != 0;
}

int filter_exchange(const struct device *device, const struct filter *filter,
		    const struct attach_request *request, const struct fw_config *state)
{
	_cleanup_(event_maps_close) struct event_maps told = EVENT_MAPS_NONE;
	struct program_maps maps = filter_maps(device, filter);
	_cleanup_(change_close) struct change change = {};
	struct fw_config known = *state;
	bool differs;
	int err;

	maps.frags = frags_for(device, filter, request);
	prepare_listener(filter, request, &told, &maps);
	differs = filter_differs(filter, request, state) ||
		  maps.frags != generation_has_frags(&filter->key, filter->generation);
	memcpy(known.mac, maps.mac, sizeof(known.mac));
	if ((err = change_load(&maps, &known, request->policy, &change)) ||
	    (err = change_pin(&filter->key, &change)) ||
	    (request->confirm && (err = change_hold(&change, fallback_of(filter),
						    change_deadline(request->confirm))))) {
		change_undo(&change);
		return err;
	}
	err = link_exchange(filter, change.fd);
	if (err) {
		err = kernel_refused(-err, "cannot replace the program on %s", device->label);
		change_undo(&change);
		return err;
	}
	if (filter->waiting)
		trial_quiesce();
	/* What stays behind harms nobody, and goes with the next change. */
	change_keep(&change);
	return differs ? FILTER_CHANGED : FILTER_SAME;
}

void filter_trace_expiry(const struct device *device, const struct filter *filter)
{
	struct fw_config tried;

	if (filter->waiting && filter->expired && !filter_held(filter, FW_TRIAL_TRIED, &tried))
		trace(device, "not confirmed, went back", &tried, &filter->state);
}

int filter_check_verdict(const struct device *device, const struct filter *filter,
			 const struct attach_request *request)
{
	struct fw_config fallback = {};
	char words[DEVICE_WORDS];

	if (!filter->waiting || filter->expired || request->verdict != ATTACH_KEEP ||
	    filter_held(filter, FW_TRIAL_FALLBACK, &fallback) || fallback.unchosen ||
	    fallback.observe == filter->state.observe)
		return 0;
	return fail(
		EBUSY,
		"%s: whether it observes waits for 'flagwall policy confirm %s' as well; until then "
		"say --observe or --enforce",
		device->label, device_words(device, words));
}

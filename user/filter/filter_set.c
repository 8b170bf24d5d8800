// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Another policy or verdict on an interface that is filtered. */
#include <errno.h>

#include "change.h"
#include "cleanup.h"
#include "filter_exchange.h"
#include "filter_listen.h"
#include "generation.h"
#include "kernel.h"
#include "link.h"
#include "report.h"
#include "trace.h"

/* Was the program loaded for a listener who was killed? */
static bool tells_nobody(const struct filter *filter)
{
	return generation_has(&filter->key, filter->generation, "events") &&
	       !filter_listened(filter);
}

/*
 * Does the running program do for @state? Then its table is exchanged. One that asks for
 * states knows the address of the interface, which may be another by now.
 */
static bool fits(const struct filter *filter, const struct attach_request *request,
		 const struct fw_config *state)
{
	return !filter->waiting && !request->confirm && filter->exceptions < 0 &&
	       !(request->policy && request->policy->exception_count) &&
	       filter->state.tunnels == state->tunnels && !filter->state.states && !state->states &&
	       !tells_nobody(filter);
}

/* What a change that was killed left behind goes as well. */
static int configure(const struct filter *filter, const struct attach_request *request,
		     const struct fw_config *state)
{
	int err = program_configure(filter->config, state);

	if (err)
		return err;
	generation_keep(&filter->key, &filter->generation, 1);
	return filter_differs(filter, request, state) ? FILTER_CHANGED : FILTER_SAME;
}

int filter_set(const struct device *device, const struct attach_request *request)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	struct fw_config state;
	int err, done;

	if (lock < 0)
		return lock;
	err = filter_need(device, &filter);
	if (err)
		return err;
	state = filter.state;
	filter_trace_expiry(device, &filter);
	if ((err = filter_check_verdict(device, &filter, request)) ||
	    (err = change_state(request, &state)) ||
	    (err = filter_check_states(device, request, &state)))
		return err;
	done = fits(&filter, request, &state) ? configure(&filter, request, &state) :
						filter_exchange(device, &filter, request, &state);
	if (done < 0)
		return done;
	trace(device, request->confirm ? "policy to be confirmed" : "policy", &filter.state, &state);
	return done;
}

/* Let the link hold the plain program of what is in force. */
static int settle(const struct device *device, const struct filter *filter)
{
	static const struct attach_request plain = { .listener = LISTENER_END };
	_cleanup_close_ int program = generation_open(&filter->key, filter->generation, "program");
	int err;

	err = program < 0 ? program : link_exchange(filter, program);
	if (err)
		return kernel_refused(-err, "cannot replace the program on %s", device->label);
	trial_quiesce();
	generation_keep(&filter->key, &filter->generation, 1);
	if (tells_nobody(filter)) {
		err = filter_exchange(device, filter, &plain, &filter->state);

		return err < 0 ? err : 0;
	}
	return 0;
}

int filter_confirm(const struct device *device)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	struct fw_config before = {};
	int err;

	if (lock < 0)
		return lock;
	err = filter_need(device, &filter);
	if (err)
		return err;
	if (!filter.waiting)
		return fail(EALREADY, "%s: nothing waits for confirmation, policy %.64s stays",
			    device->label, filter.state.policy);
	filter_held(&filter, FW_TRIAL_FALLBACK, &before);
	filter_trace_expiry(device, &filter);
	err = settle(device, &filter);
	if (err)
		return err;
	if (filter.expired)
		return fail(ETIME, "%s: that was too late: policy %.64s is in force again and stays",
			    device->label, filter.state.policy);
	trace(device, "confirm", &before, &filter.state);
	return 0;
}

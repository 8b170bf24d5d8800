// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "trial_listen.h"

#include <errno.h>

#include "change.h"
#include "cleanup.h"
#include "filter_exchange.h"
#include "generation.h"
#include "kernel.h"
#include "link.h"
#include "text.h"
#include "version.h"

/* What the generation in @slot enforces, loaded onto @maps once more, and pinned beside it. */
static int again(const struct filter *filter, enum fw_trial_slot slot, struct program_maps maps,
		 struct change *change)
{
	_cleanup_close_ int exceptions =
		generation_open(&filter->key, filter->trial.generation[slot], "exceptions");
	struct fw_config state;
	int err = filter_held(filter, slot, &state);

	if (err)
		return kernel_refused(-err, "cannot read a policy on trial");
	if (exceptions < 0 && exceptions != -ENOENT)
		return kernel_refused(-exceptions, "cannot open the pinned exceptions");
	maps.exceptions = exceptions;
	text_set(state.version, sizeof(state.version), flagwall_version);
	err = change_load(&maps, &state, NULL, change);
	return err ? err : change_pin(&filter->key, change);
}

/* Both, and what holds them. */
static int build(const struct device *device, const struct filter *filter,
		 const struct attach_request *request, struct change *fallback, struct change *tried)
{
	struct program_maps maps = filter_maps(device, filter);
	int err;

	if (request->listener == LISTENER_BEGIN)
		maps.ring = request->ring;
	err = again(filter, FW_TRIAL_FALLBACK, maps, fallback);
	if (err)
		return err;
	if (maps.ring)
		maps.events = &fallback->program.events;
	err = again(filter, FW_TRIAL_TRIED, maps, tried);
	return err ? err : change_hold(tried, fallback->made[0], filter->trial.deadline);
}

int trial_listen_exchange(const struct device *device, const struct filter *filter,
			  const struct attach_request *request)
{
	_cleanup_(change_close) struct change fallback = {}, tried = {};
	int err = build(device, filter, request, &fallback, &tried);

	if (!err) {
		err = link_exchange(filter, tried.fd);
		if (err)
			kernel_refused(-err, "cannot replace the program on %s", device->label);
	}
	if (err) {
		change_undo(&tried);
		change_undo(&fallback);
		return err;
	}
	trial_quiesce();
	/* What stays behind harms nobody, and goes with the next change. */
	change_keep(&tried);
	return 0;
}

bool trial_listen_tells(const struct filter *filter)
{
	for (unsigned int slot = 0; slot < FW_TRIAL_SLOTS; slot++)
		if (generation_has(&filter->key, filter->trial.generation[slot], "events"))
			return true;
	return false;
}

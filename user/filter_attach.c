// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Putting a filter on an interface, and taking it off. */
#include <bpf/bpf.h>
#include <errno.h>

#include "change.h"
#include "cleanup.h"
#include "driver.h"
#include "generation.h"
#include "json.h"
#include "kernel.h"
#include "link.h"
#include "occupant.h"
#include "policy_store.h"
#include "probe.h"
#include "report.h"
#include "text.h"
#include "trace.h"
#include "version.h"

static int pin(int fd, const struct pins_key *key, const char *name)
{
	char path[PINS_PATH];

	return bpf_obj_pin(fd, pins_path(key, name, path)) ? -errno : 0;
}

/* What all generations share. */
static int pin_maps(const struct program *program, struct pins_key *key)
{
	int err;

	if ((err = pins_make(key)) || (err = pin(program->counters, key, "counters")) ||
	    (err = pin(program->samples, key, "samples")))
		return kernel_refused(-err, "cannot pin the maps under " PINS_ROOT);
	return 0;
}

/* Who attached, and what comes in force. */
static int describe(const struct device *device, const struct attach_request *request,
		    struct fw_config *state)
{
	state->layout = FW_LAYOUT;
	text_set(state->interface, sizeof(state->interface), device->name);
	text_set(state->version, sizeof(state->version), flagwall_version);
	return change_state(request, state);
}

/* Until somebody confirms the first policy, the fallback is to let everything pass. */
static int hold_first(const struct attach_request *request, const struct fw_config *state,
		      struct change *change)
{
	static const char everything[] = "pattern everything any pass\n";
	const struct program_maps maps = { .samples = change->program.samples,
					   .counters = change->program.counters,
					   .exceptions = -1,
					   .frags = change->program.frags };
	_cleanup_(change_close) struct change off = {};
	_cleanup_(policy_release) struct policy policy = {};
	struct attach_request pass = { .policy = &policy, .verdict = ATTACH_ENFORCE };
	struct fw_config fallback = *state;
	struct policy_error error;
	int err;

	if (!request->confirm)
		return 0;
	err = policy_parse("none", everything, sizeof(everything) - 1, &policy, &error);
	if (err)
		return fail(-err, "no memory for the policy to fall back to");
	if ((err = change_state(&pass, &fallback)) ||
	    (err = change_load(&maps, &fallback, &policy, &off)) ||
	    (err = change_pin(&change->key, &off)))
		return err;
	return change_hold(change, off.made[0], request->confirm);
}

/* The maps first, the link last: only the link makes it a filter. */
static int pin_and_link(const struct device *device, const struct attach_request *request,
			struct pins_key *key, struct fw_config *state, struct change *change)
{
	_cleanup_close_ int link = -1;
	int err;

	if ((err = pin_maps(&change->program, key)) || (err = change_pin(key, change)) ||
	    (err = hold_first(request, state, change)))
		return err;
	link = link_attach(device, change->fd, change->program.frags, request->mode,
			   state->fallback, sizeof(state->fallback));
	if (link < 0)
		return link;
	if (state->fallback[0])
		program_configure(change->program.config, state);
	err = pin(link, key, "link");
	return err ? kernel_refused(-err, "cannot pin the link under " PINS_ROOT) : 0;
}

/* Said before the NIC is touched, not after. */
static void warn_of_touch(const struct device *device, enum attach_mode mode)
{
	const struct driver *driver;
	struct nic nic;

	if (mode == ATTACH_GENERIC || nic_read(device, &nic))
		return;
	driver = driver_find(nic.driver);
	if (driver && driver->touch && driver_native(&nic, kernel_number()) == NATIVE_YES)
		note("%s: its driver %s now %s (so does detach; replacing does not)", device->label,
		     driver->name, driver->touch);
}

/* A large MTU takes a program for frames in several buffers. */
static bool takes_frags(const struct device *device)
{
	struct nic nic;

	return !nic_read(device, &nic) && driver_frags(&nic) && probe_frags();
}

static int attach_first(const struct device *device, const struct attach_request *request)
{
	struct program_maps maps = PROGRAM_MAPS_NEW;
	struct pins_key key = { .netns = device->netns, .ifindex = device->ifindex };
	_cleanup_(policy_release) struct policy policy = {};
	_cleanup_(change_close) struct change change = {};
	struct attach_request first = *request;
	struct fw_config state = {};
	struct xdp_state there;
	int err;

	err = device_xdp(device->ifindex, &there);
	if (!err && there.program)
		return occupant_refuse(device, &there);
	if (!first.policy) {
		err = policy_embedded(POLICY_DEFAULT, &policy);
		if (err)
			return err;
		first.policy = &policy;
	}
	state.attached_since = time_now();
	maps.frags = takes_frags(device);
	if ((err = describe(device, &first, &state)) ||
	    (err = change_load(&maps, &state, first.policy, &change)))
		return err;
	warn_of_touch(device, request->mode);
	err = pin_and_link(device, &first, &key, &state, &change);
	if (err) {
		pins_remove(&key);
		return err;
	}
	trace(device, "attach", NULL, &state);
	return 0;
}

static int check_mode(const struct device *device, enum attach_mode wanted)
{
	struct xdp_state state;

	if (wanted == ATTACH_AUTO || device_xdp(device->ifindex, &state))
		return 0;
	if ((wanted == ATTACH_NATIVE) == (state.mode == XDP_MODE_NATIVE))
		return 0;
	return fail(EBUSY,
		    "%s is filtered in %s mode already, and the kernel cannot change that in place: "
		    "detach it first",
		    device->label, xdp_mode_name(state.mode));
}

/* What a change without confirmation goes back to: never to one that waits itself. */
static __u32 fallback_of(const struct filter *filter)
{
	return filter->waiting ? filter->window.generation[FW_WINDOW_FALLBACK] : filter->generation;
}

/* On trial it shares the interface with the fallback, which must agree. */
static bool frags_for(const struct device *device, const struct filter *filter,
		      const struct attach_request *request)
{
	if (request->confirm)
		return generation_has_frags(&filter->key, fallback_of(filter));
	return takes_frags(device);
}

/* Build @state beside what is there, and let the link take it up. */
static int exchange(const struct device *device, struct filter *filter,
		    const struct attach_request *request, const struct fw_config *state)
{
	const struct program_maps maps = { .samples = filter->samples,
					   .counters = filter->counters,
					   .exceptions = filter->exceptions,
					   .frags = frags_for(device, filter, request) };
	_cleanup_(change_close) struct change change = {};
	int err;

	if ((err = change_load(&maps, state, request->policy, &change)) ||
	    (err = change_pin(&filter->key, &change)) ||
	    (request->confirm &&
	     (err = change_hold(&change, fallback_of(filter), request->confirm)))) {
		change_undo(&change);
		return err;
	}
	if (bpf_link_update(filter->link, change.fd, NULL)) {
		err = kernel_refused(errno, "cannot replace the program on %s", device->label);
		change_undo(&change);
		return err;
	}
	/* What stays behind harms nobody, and goes with the next change. */
	change_keep(&change);
	return 0;
}

static int attach_again(const struct device *device, struct filter *filter,
			const struct attach_request *request)
{
	struct fw_config state = filter->state;
	int err;

	if (filter->waiting && !filter->expired && !request->policy)
		return fail(EBUSY,
			    "%s: policy %.64s waits for 'flagwall policy confirm %s'; until then say "
			    "by --policy what is to be in force",
			    device->label, state.policy, device->label);
	if ((err = check_mode(device, request->mode)) || (err = describe(device, request, &state)) ||
	    (err = exchange(device, filter, request, &state)))
		return err;
	trace(device, "replace", &filter->state, &state);
	return 0;
}

static void reap(void)
{
	_cleanup_free_ struct pins_key *keys = NULL;
	int count = pins_list(&keys);

	for (int i = 0; i < count; i++) {
		struct bpf_link_info info = {};
		__u32 size = sizeof(info);
		char path[PINS_PATH];
		_cleanup_close_ int link = bpf_obj_get(pins_path(&keys[i], "link", path));

		if ((link < 0 && errno == ENOENT) ||
		    (link >= 0 && !bpf_obj_get_info_by_fd(link, &info, &size) && !info.xdp.ifindex))
			pins_remove(&keys[i]);
	}
}

void filter_sweep(void)
{
	_cleanup_free_ struct pins_key *keys = NULL;
	_cleanup_(pins_unlock) int lock = -1;

	if (pins_list(&keys) <= 0)
		return;
	lock = pins_lock();
	if (lock >= 0)
		reap();
}

int filter_attach(const struct device *device, const struct attach_request *request)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	int err;

	if (lock < 0)
		return lock;
	reap();
	err = filter_find(device, &filter);
	if (!err)
		return attach_again(device, &filter, request);
	return err == -ENOENT ? attach_first(device, request) : err;
}

/* Does the running program do for what is to be in force? Then its table is exchanged. */
static bool fits(const struct filter *filter, const struct attach_request *request)
{
	return !filter->waiting && !request->confirm && filter->exceptions < 0 &&
	       !(request->policy && request->policy->exception_count);
}

int filter_set(const struct device *device, const struct attach_request *request)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	struct fw_config state;
	int err;

	if (lock < 0)
		return lock;
	err = filter_find(device, &filter);
	if (err)
		return err;
	state = filter.state;
	err = change_state(request, &state);
	if (err)
		return err;
	err = fits(&filter, request) ? program_configure(filter.config, &state) :
				       exchange(device, &filter, request, &state);
	if (err)
		return err;
	trace(device, request->confirm ? "policy to be confirmed" : "policy", &filter.state, &state);
	return 0;
}

/* Let the link hold the plain program of what is in force. */
static int settle(const struct device *device, const struct filter *filter)
{
	_cleanup_close_ int program = generation_open(&filter->key, filter->generation, "program");

	if (program < 0 || bpf_link_update(filter->link, program, NULL))
		return kernel_refused(program < 0 ? -program : errno,
				      "cannot replace the program on %s", device->label);
	generation_keep(&filter->key, &filter->generation, 1);
	return 0;
}

int filter_confirm(const struct device *device)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	int err;

	if (lock < 0)
		return lock;
	err = filter_find(device, &filter);
	if (err)
		return err;
	if (!filter.waiting)
		return fail(EALREADY, "%s: nothing waits for confirmation, policy %.64s stays",
			    device->label, filter.state.policy);
	err = settle(device, &filter);
	if (err)
		return err;
	if (filter.expired)
		return fail(ETIME, "%s: that was too late: policy %.64s is in force again and stays",
			    device->label, filter.state.policy);
	trace(device, "confirm", NULL, &filter.state);
	return 0;
}

int filter_detach(const struct device *device)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = -1;
	_cleanup_free_ struct pins_key *keys = NULL;
	int readable = 0, count, err;

	/* Look before locking: that makes a directory, and there may be none. */
	count = pins_list(&keys);
	if (count < 0)
		return count;
	lock = pins_lock();
	if (lock < 0)
		return lock;
	reap();
	err = filter_locate(device, &filter, &readable);
	if (err)
		return err;
	/* Explicitly: somebody else may hold the link open as well. */
	if (bpf_link_detach(filter.link))
		return kernel_refused(errno, "cannot detach from %s", device->label);
	err = pins_remove(&filter.key);
	if (err)
		return kernel_refused(-err, "detached from %s, but cannot remove its pins",
				      device->label);
	trace(device, "detach", NULL, &filter.state);
	return 0;
}

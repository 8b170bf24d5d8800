// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Putting a filter on an interface, and taking it off. */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "change.h"
#include "cleanup.h"
#include "driver.h"
#include "filter_exchange.h"
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
	    (err = pin(program->samples, key, "samples")) ||
	    (err = pin(program->states, key, "states")))
		return kernel_refused(-err, "cannot pin the maps under " PINS_ROOT);
	return 0;
}

/* Who attached, and what comes in force. */
static int describe(const struct device *device, const struct attach_request *request,
		    struct fw_config *state)
{
	int err;

	state->layout = FW_LAYOUT;
	text_set(state->interface, sizeof(state->interface), device->name);
	text_set(state->version, sizeof(state->version), flagwall_version);
	err = device_mac(device, state->mac);
	if (err)
		return kernel_refused(-err, "cannot ask for the MAC address of %s", device->label);
	return change_state(request, state);
}

/* Until somebody confirms the first policy, the fallback is to let everything pass. */
static int hold_first(const struct attach_request *request, const struct fw_config *state,
		      struct change *change)
{
	static const char everything[] = "pattern everything any pass\n";
	const struct program_maps maps = { .samples = change->program.samples,
					   .counters = change->program.counters,
					   .states = change->program.states,
					   .exceptions = -1,
					   .frags = change->program.frags,
					   .bare = change->program.bare,
					   .hook = change->key.hook };
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
	err = change_state(&pass, &fallback);
	fallback.unchosen = 1;
	if (err || (err = change_load(&maps, &fallback, &policy, &off)) ||
	    (err = change_pin(&change->key, &off)))
		return err;
	return change_hold(change, off.made[0], change_deadline(request->confirm));
}

/* Only the link knows what became of it: add that to what is described already. */
static void tell_mode(const struct change *change, const struct fw_config *state)
{
	_cleanup_close_ int fallback = -1;
	struct fw_config other;
	__u32 zero = 0;

	program_configure(change->program.config, state);
	if (change->count < 2) /* no trial */
		return;
	fallback = generation_open(&change->key, change->fallback, "config");
	if (fallback < 0 || bpf_map_lookup_elem(fallback, &zero, &other))
		return;
	memcpy(other.fallback, state->fallback, sizeof(other.fallback));
	program_configure(fallback, &other);
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
	link = link_attach(device, key, change->fd, change->program.frags, request->mode,
			   state->fallback, sizeof(state->fallback));
	if (link < 0)
		return link;
	if (state->fallback[0])
		tell_mode(change, state);
	/* At clsact it is pinned already. */
	err = pin(link, key, "link");
	return err && err != -EEXIST ?
		       kernel_refused(-err, "cannot pin the link under " PINS_ROOT) :
		       0;
}

/* Said before the NIC is touched, not after. */
static void warn_of_touch(const struct device *device, enum attach_mode mode)
{
	char touch[DRIVER_TEXT];
	bool generic;
	struct nic nic;

	if (nic_read(device, &nic))
		return;
	/* Where the driver has no native mode, auto will be generic. */
	generic = mode == ATTACH_GENERIC ||
		  (mode == ATTACH_AUTO && driver_native(&nic, kernel_number()) == NATIVE_NO);
	if (!*driver_touch(&nic, !generic, kernel_number(), touch))
		return;
	if (generic)
		note("%s: generic mode now %s", device->label, touch);
	else
		note("%s: its driver %s now %s (so does detach; replacing does not)", device->label,
		     nic.driver, touch);
}

/*
 * The kernel shows packets as the interface has them. XDP's program pays nothing for
 * those without Ethernet: it comes no earlier there than tc's.
 */
static int refuse_framing(const struct device *device)
{
	enum framing framing = device_framing(device);

	if (framing == FRAMING_ETHERNET || device->hook == HOOK_NETFILTER ||
	    (framing == FRAMING_NONE && device->hook != HOOK_XDP))
		return 0;
	return fail(
		EOPNOTSUPP,
		"%s: its packets do not begin with Ethernet, and the hook %s shows them so: %s'flagwall rule "
		"nft' makes rules that can judge them",
		device->label, hook_names[device->hook],
		framing == FRAMING_NONE ? "--hook tc-ingress judges them, and " : "");
}

/* A filter with maps of its own, as @request says; @state is what comes in force. */
static int make_filter(const struct device *device, const struct attach_request *request,
		       struct fw_config *state)
{
	struct program_maps maps = PROGRAM_MAPS_NEW;
	struct pins_key key = { .netns = device->netns,
				.ifindex = device->ifindex,
				.hook = device->hook };
	_cleanup_(change_close) struct change change = {};
	int err;

	maps.hook = device->hook;
	maps.frags = filter_takes_frags(device, request->mode);
	maps.bare = filter_bare(device);
	memcpy(maps.mac, state->mac, sizeof(maps.mac));
	err = change_load(&maps, state, request->policy, &change);
	if (err)
		return err;
	if (device->hook == HOOK_XDP && !state->fallback[0])
		warn_of_touch(device, request->mode);
	err = pin_and_link(device, request, &key, state, &change);
	if (err)
		pins_remove(&key);
	return err;
}

static int attach_first(const struct device *device, const struct attach_request *request)
{
	struct attach_request first = *request;
	struct fw_config state = {};
	struct xdp_state there;
	int err;

	if (device->hook == HOOK_XDP && !device_xdp(device->ifindex, &there) && there.program)
		return occupant_refuse(device, &there);
	err = refuse_framing(device);
	if (err)
		return err;
	if (!first.policy)
		first.policy = first.first;
	state.attached_since = time_now();
	if ((err = describe(device, &first, &state)) ||
	    (err = filter_check_states(device, &first, &state)))
		return err;
	err = make_filter(device, &first, &state);
	if (err == -EAGAIN) { /* generic mode takes another program */
		first.mode = ATTACH_GENERIC;
		err = make_filter(device, &first, &state);
	}
	if (err)
		return err;
	trace(device, request->confirm ? "attach to be confirmed" : "attach", NULL, &state);
	return FILTER_CHANGED;
}

static int check_mode(const struct device *device, enum attach_mode wanted)
{
	struct xdp_state state;

	if (device->hook != HOOK_XDP || wanted == ATTACH_AUTO || device_xdp(device->ifindex, &state))
		return 0;
	if ((wanted == ATTACH_NATIVE) == (state.mode == XDP_MODE_NATIVE))
		return 0;
	return fail(EBUSY,
		    "%s is filtered in %s mode already, and the kernel cannot change that in place: "
		    "detach it first",
		    device->label, xdp_mode_name(state.mode));
}

static int attach_again(const struct device *device, struct filter *filter,
			const struct attach_request *request)
{
	struct attach_request again = *request;
	struct fw_config state = filter->state;
	char words[DEVICE_WORDS];
	int err, done;

	if (!again.policy && state.unchosen)
		again.policy = again.first;

	if (filter->waiting && !filter->expired && !request->policy)
		return fail(EBUSY,
			    "%s: policy %.64s waits for 'flagwall policy confirm %s'; until then say "
			    "by --policy what is to be in force",
			    device->label, state.policy, device_words(device, words));
	filter_trace_expiry(device, filter);
	if ((err = check_mode(device, request->mode)) ||
	    (err = filter_check_verdict(device, filter, request)) ||
	    (err = describe(device, &again, &state)) ||
	    (err = filter_check_states(device, &again, &state)))
		return err;
	done = filter_exchange(device, filter, &again, &state);
	if (done < 0)
		return done;
	trace(device, request->confirm ? "replace to be confirmed" : "replace", &filter->state,
	      &state);
	return done;
}

static void reap(void)
{
	_cleanup_free_ struct pins_key *keys = NULL;
	int count = pins_list(&keys);

	for (int i = 0; i < count; i++) {
		char path[PINS_PATH];
		_cleanup_close_ int link = bpf_obj_get(pins_path(&keys[i], "link", path));

		if ((link < 0 && errno == ENOENT) || (link >= 0 && link_severed(&keys[i], link)))
			pins_remove(&keys[i]);
	}
}

void filter_sweep(void)
{
	_cleanup_free_ struct pins_key *keys = NULL;
	_cleanup_(pins_unlock) int lock = -1;
	char message[REPORT_TEXT], *before = report_keep(message);

	if (pins_list(&keys) > 0)
		lock = pins_lock();
	if (lock >= 0)
		reap();
	report_keep(before);
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
	if (!err && !(err = filter_refuse_guess(device, &filter)))
		return attach_again(device, &filter, request);
	return err == -ENOENT ? attach_first(device, request) : err;
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
	if (err || (err = filter_refuse_guess(device, &filter)))
		return err;
	filter_trace_expiry(device, &filter);
	/* Explicitly: somebody else may hold the link open as well. */
	err = link_detach(&filter);
	if (err)
		return kernel_refused(-err, "cannot detach from %s", device->label);
	err = pins_remove(&filter.key);
	if (err)
		return kernel_refused(-err, "detached from %s, but cannot remove its pins",
				      device->label);
	trace(device, "detach", NULL, &filter.state);
	return 0;
}

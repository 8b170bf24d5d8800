// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "elsewhere.h"
#include "json.h"
#include "report.h"
#include "severed.h"
#include "version.h"

/* The fields of a config are as long as they are, with or without NUL. */
static json_t *field(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	return length ? json_stringn(text, length) : json_null();
}

static enum xdp_mode mode_of(const struct device *device)
{
	struct xdp_state state;

	return device_xdp(device->ifindex, &state) ? XDP_MODE_NONE : state.mode;
}

static struct timespec boottime(void)
{
	struct timespec now = {};

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now;
}

/* Nanoseconds until the deadline; negative behind it. */
static long long time_left(const struct filter *filter)
{
	struct timespec now = boottime();

	return (long long)filter->trial.deadline -
	       ((long long)now.tv_sec * 1000000000 + now.tv_nsec);
}

/* What waits for confirmation, or waited in vain. */
static json_t *unconfirmed(const struct filter *filter)
{
	struct fw_config fallback = {};

	if (!filter->waiting)
		return json_null();
	filter_held(filter, FW_TRIAL_FALLBACK, &fallback);
	const struct json_member members[] = {
		{ "deadline", json_time(time_now() + (__u64)time_left(filter)) },
		{ "expired", json_boolean(filter->expired) },
		{ "fallback", field(fallback.policy, sizeof(fallback.policy)) },
		{ "fallback_sha256", json_hash(fallback.policy_sha256) },
		{ "fallback_observe", json_boolean(fallback.observe) },
		{},
	};

	return json_members(json_object(), members);
}

/* What stands against state lines in force, or an empty text. */
static const char *unsound(const struct device *device, const struct filter *filter,
			   char why[ELSEWHERE_TEXT])
{
	__u8 mac[6];

	why[0] = '\0';
	if (!filter->state.states || !hook_asks_states(device->hook) || elsewhere_find(device, why))
		return why;
	if (!device_mac(device, mac) && memcmp(mac, filter->state.mac, sizeof(mac)) != 0)
		snprintf(why, ELSEWHERE_TEXT,
			 "its MAC address is another one since: 'flagwall attach' takes it over");
	return why;
}

json_t *status_object(const struct device *device, const struct filter *filter)
{
	const struct fw_config *state = &filter->state;
	json_t *inspect = json_array();
	char why[ELSEWHERE_TEXT];
	const struct json_member members[] = {
		{ "interface", json_text(device->label) },
		{ "ifindex", json_integer(device->ifindex) },
		{ "netns", json_text(device->where) },
		{ "hook", json_string(hook_names[device->hook]) },
		{ "mode", device->hook == HOOK_XDP ? json_string(xdp_mode_name(mode_of(device))) :
						     json_null() },
		{ "defragmented", device->hook == HOOK_NETFILTER ?
					  json_boolean(filter->defragmented) :
					  json_null() },
		{ "fallback", field(state->fallback, sizeof(state->fallback)) },
		{ "policy", field(state->policy, sizeof(state->policy)) },
		{ "policy_sha256", json_hash(state->policy_sha256) },
		{ "observe", json_boolean(state->observe) },
		{ "inspect", inspect },
		{ "exceptions", json_integer(state->exceptions) },
		{ "state_lines", json_integer(state->states) },
		{ "state_doubt", *unsound(device, filter, why) ? json_text(why) : json_null() },
		{ "unconfirmed", unconfirmed(filter) },
		{ "attached_since", json_time(state->attached_since) },
		{ "policy_since", json_time(state->policy_since) },
		{},
	};

	if (state->tunnels)
		json_array_append_new(inspect, json_string("tunnels"));
	return json_members(json_object(), members);
}

static json_t *attached_json(const struct device *device, const struct filter *filter)
{
	const struct fw_config *state = &filter->state;
	const struct json_member members[] = {
		{ "attached", json_true() },
		{ "program_id", json_integer(filter->program) },
		{ "version", field(state->version, sizeof(state->version)) },
		{},
	};

	return json_members(status_object(device, filter), members);
}

/* What is there in the place of ours, as far as the kernel has room for one program only. */
static struct xdp_state other_program(const struct device *device)
{
	struct xdp_state state = {};

	if (device->hook == HOOK_XDP)
		device_xdp(device->ifindex, &state);
	return state;
}

static json_t *detached_json(const struct device *device)
{
	struct xdp_state state = other_program(device);

	const struct json_member members[] = {
		{ "interface", json_text(device->label) },
		{ "ifindex", json_integer(device->ifindex) },
		{ "netns", json_text(device->where) },
		{ "hook", json_string(hook_names[device->hook]) },
		{ "attached", json_false() },
		{ "other_program_id", state.program ? json_integer(state.program) : json_null() },
		{},
	};
	return json_members(json_object(), members);
}

static void waiting_text(const struct device *device, const struct filter *filter)
{
	struct fw_config fallback = {};
	char words[DEVICE_WORDS];

	if (filter->expired) {
		printf("  what was tried was not confirmed in time: %s\n",
		       filter->state.unchosen ? "everything passes, until it is attached again" :
						"this policy is in force again");
		return;
	}
	filter_held(filter, FW_TRIAL_FALLBACK, &fallback);
	if (fallback.unchosen)
		printf("  lets everything pass");
	else
		printf("  goes back to policy %.64s, %s,", fallback.policy,
		       fallback.observe ? "observing" : "enforcing");
	printf(" in %lld s, unless confirmed: flagwall policy confirm %s\n",
	       time_left(filter) / 1000000000 + 1, device_words(device, words));
}

static void attached_text(const struct device *device, const struct filter *filter)
{
	const struct fw_config *state = &filter->state;
	char since[JSON_TIME], words[DEVICE_WORDS], why[ELSEWHERE_TEXT];

	printf("%s: attached", device->label);
	if (device->hook == HOOK_XDP)
		printf(", %s mode", xdp_mode_name(mode_of(device)));
	else
		printf(" at %s", hook_names[device->hook]);
	printf(", policy %.64s, %s%s, since %s\n", state->policy,
	       state->observe ? "observing (nothing is dropped)" : "enforcing",
	       state->tunnels ? ", looking into tunnels" : "",
	       time_print(state->attached_since, since));
	if (strncmp(state->version, flagwall_version, sizeof(state->version)) != 0)
		printf("  running %.32s, installed %s: run 'flagwall attach %s'\n",
		       *state->version ? state->version : "an older one", flagwall_version,
		       device_words(device, words));
	if (state->unchosen && !filter->waiting)
		printf("  everything passes, until it is attached again: 'flagwall attach %s'\n",
		       device_words(device, words));
	if (state->exceptions)
		printf("  %u exception%s\n", state->exceptions, state->exceptions == 1 ? "" : "s");
	if (state->states)
		printf("  %u state line%s%s\n", state->states, state->states == 1 ? "" : "s",
		       hook_asks_states(device->hook) ? "" : ": they do nothing here");
	if (*unsound(device, filter, why))
		printf("  they cannot be trusted here, as %s\n", why);
	if (state->fallback[0])
		printf("  generic mode, because the driver said: %.128s\n", state->fallback);
	if (device->hook == HOOK_NETFILTER && !filter->defragmented)
		printf("  this kernel shows it fragments one by one\n");
	if (filter->waiting)
		waiting_text(device, filter);
}

static void detached_text(const struct device *device)
{
	_cleanup_free_ struct severed *severed = NULL;
	struct xdp_state state = other_program(device);
	const struct severed *gone = NULL;
	char words[DEVICE_WORDS];
	int count;

	printf("%s: not attached%s", device->label, hook_at(device->hook));
	if (state.program)
		printf("; an XDP program that is not ours is (id %u, %s)", state.program,
		       xdp_mode_name(state.mode));
	printf("\n");
	count = severed_list(&severed);
	if (count > 0)
		gone = severed_of(severed, count, device->label, device->hook);
	if (gone)
		printf("  %s: 'flagwall attach %s' filters it\n",
		       gone->there ? "somebody else detached the filter" :
				     "an interface of that name was filtered and then deleted",
		       device_words(device, words));
}

/* Print or append one device. */
static int print_one(const struct device *device, const bool *changed, json_t *array)
{
	json_t *object;
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	int err = filter_find(device, &filter);

	if (err && err != -ENOENT)
		return err;
	if (array) {
		object = err ? detached_json(device) : attached_json(device, &filter);
		if ((changed && json_object_set_new(object, "changed", json_boolean(*changed))) ||
		    json_array_append_new(array, object))
			return fail(ENOMEM, "no memory for the JSON document");
		return 0;
	}
	if (err)
		detached_text(device);
	else
		attached_text(device, &filter);
	return 0;
}

static int add_severed(json_t *root)
{
	_cleanup_free_ struct severed *severed = NULL;
	int count = severed_list(&severed);

	if (count < 0)
		return count;
	return json_object_set_new(root, "severed", severed_json(severed, count)) ?
		       fail(ENOMEM, "no memory for the JSON document") :
		       0;
}

/* The whole document: has any of them changed? */
static json_t *any(const bool *changed, int count)
{
	bool all = false;

	for (int i = 0; i < count; i++)
		all = all || changed[i];
	return json_boolean(all);
}

int status_print(const struct device *devices, int count, const bool *changed, bool json)
{
	json_t *root = json ? json_document() : NULL;
	json_t *array = json ? json_array() : NULL;
	int err = 0;

	if (json && ((changed && json_object_set_new(root, "changed", any(changed, count))) ||
		     json_object_set_new(root, "interfaces", array)))
		err = fail(ENOMEM, "no memory for the JSON document");
	for (int i = 0; i < count && !err; i++)
		err = print_one(&devices[i], changed ? &changed[i] : NULL, array);
	if (json && !err)
		err = add_severed(root);
	if (json && !err)
		return json_emit(root);
	json_decref(root);
	return err;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "watched.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "json.h"
#include "pins.h"
#include "target.h"

#define AGAIN_MOST 9 /* looks in a row that take it that interfaces are where they were */
#define REMEMBERED (60 * 1000000000ULL) /* how long what happened is shown */

static __u64 steady_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)now.tv_sec * 1000000000 + (__u64)now.tv_nsec;
}

static void reading_free(struct reading **reading)
{
	if (*reading)
		reading_release(*reading);
	free(*reading);
	*reading = NULL;
}

static void watched_free(struct watched *watched)
{
	reading_free(&watched->reading);
	rates_reset(&watched->rates);
	free(watched);
}

void watch_close(struct watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		watched_free(watch->list[i]);
	free(watch->list);
	free(watch->names);
	free(watch->pins);
	*watch = (struct watch){};
}

static void note_event(struct watched *watched, enum watched_event event, const struct watch *watch)
{
	watched->event = event;
	watched->there = event < WATCHED_GONE;
	if (event == WATCHED_SAME || (event == watched->noted && !watched->there))
		return;
	watched->noted = event;
	watched->noted_at = watch->looking ? watch->time : 0;
}

static struct watched_state state_of(const struct reading *reading)
{
	const struct fw_config *config = &reading->filter.state;
	struct watched_state state = { .attached_since = config->attached_since,
				       .program = reading->filter.program,
				       .observe = config->observe };

	memcpy(state.policy_sha256, config->policy_sha256, sizeof(state.policy_sha256));
	return state;
}

static enum watched_event compare(const struct watched *watched, const struct watched_state *now)
{
	const struct watched_state *last = &watched->last;

	if (!watched->there || last->attached_since != now->attached_since)
		return WATCHED_ATTACHED;
	if (last->observe != now->observe ||
	    memcmp(last->policy_sha256, now->policy_sha256, sizeof(now->policy_sha256)) != 0)
		return WATCHED_POLICY;
	return last->program == now->program ? WATCHED_SAME : WATCHED_REPLACED;
}

/* @watched->reading is new. */
static int take_in(const struct watch *watch, struct watched *watched)
{
	const struct watched_state now = state_of(watched->reading);
	enum watched_event event = compare(watched, &now);
	struct xdp_state xdp;

	if (event != WATCHED_SAME)
		watched->mode = device_xdp(watched->device.ifindex, &xdp) ? XDP_MODE_NONE :
									    xdp.mode;
	if (event == WATCHED_ATTACHED)
		rates_reset(&watched->rates);
	if (rates_add(&watched->rates, steady_now(), watched->reading->counts,
		      watched->reading->states))
		return fail(ENOMEM, "no memory for the rates of %s", watched->device.label);
	watched->last = now;
	note_event(watched, event, watch);
	return 0;
}

/* It is not there to be read: whoever removed its pins meant that it ends. */
static void let_go(const struct watch *watch, struct watched *watched, enum watched_event event)
{
	if (watched->reading)
		filter_let_go(&watched->reading->filter);
	note_event(watched, event, watch);
}

static int take(const struct watch *watch, struct watched *watched)
{
	_cleanup_(reading_free) struct reading *reading = calloc(1, sizeof(*reading));
	char *before;
	int err;

	if (!reading)
		return fail(ENOMEM, "no memory for the counters of %s", watched->device.label);
	before = report_keep(watched->message);
	err = reading_take(&watched->device, false, reading);
	report_keep(before);
	if (err) {
		let_go(watch, watched, err == -ENOENT ? WATCHED_GONE : WATCHED_UNREADABLE);
		return 0;
	}
	reading_free(&watched->reading);
	watched->reading = take_ptr(reading);
	return take_in(watch, watched);
}

/* The entry of @device: that of its number and hook; a new one if there is none. */
static struct watched *entry(struct watch *watch, const struct device *device)
{
	struct watched **list, *watched;

	for (size_t i = 0; i < watch->count; i++)
		if (watch->list[i]->device.ifindex == device->ifindex &&
		    watch->list[i]->device.hook == device->hook) {
			watch->list[i]->device = *device; /* it may have another name */
			return watch->list[i];
		}
	list = reallocarray(watch->list, watch->count + 1, sizeof(struct watched *));
	if (!list)
		return NULL;
	watch->list = list;
	watched = calloc(1, sizeof(*watched));
	if (!watched)
		return NULL;
	watched->device = *device;
	return list[watch->count++] = watched;
}

static bool is_named(const struct watch *watch, unsigned int ifindex)
{
	for (int i = 0; i < watch->name_count; i++)
		if (watch->names[i].ifindex == ifindex)
			return true;
	return false;
}

static bool is_wanted(const struct watch *watch, const struct device *device)
{
	return (watch->hook < 0 || device->hook == (enum hook)watch->hook) &&
	       (!watch->name_count || is_named(watch, device->ifindex));
}

static void say_gone(const struct watch *watch, struct watched *watched)
{
	struct device now;

	if (device_by_index(watched->device.ifindex, watch->where, &now))
		snprintf(watched->message, sizeof(watched->message), "the interface %s is gone",
			 watched->device.label);
	else
		snprintf(watched->message, sizeof(watched->message),
			 "nothing is attached to %s%s: 'flagwall attach %s%s' does that", now.label,
			 hook_at(watched->device.hook), now.label,
			 hook_option(watched->device.hook));
	let_go(watch, watched, WATCHED_GONE);
}

/* Interfaces that were asked for: where they are now, and a place for those without a filter. */
static int look_for_names(struct watch *watch)
{
	for (int i = 0; i < watch->name_count; i++) {
		struct watched_name *name = &watch->names[i];
		struct device device;
		bool listed = false;

		if (device_by_index(name->ifindex, watch->where, &device) &&
		    device_find(name->name, watch->where, &device))
			continue;
		name->ifindex = device.ifindex;
		device.hook = watch->hook < 0 ? HOOK_XDP : (enum hook)watch->hook;
		for (size_t k = 0; k < watch->count; k++)
			listed |= watch->list[k]->device.ifindex == name->ifindex;
		if (!listed && !entry(watch, &device))
			return fail(ENOMEM, "no memory for %s", device.label);
	}
	return 0;
}

/* May a filter that is not there be forgotten? */
static bool is_past(const struct watch *watch, const struct watched *watched)
{
	bool other = false;

	if (watched->there || watched->event == WATCHED_UNREADABLE)
		return false;
	if (watched->reading && watch->time - watched->noted_at <= REMEMBERED)
		return false;
	for (size_t i = 0; i < watch->count; i++)
		other |= watch->list[i] != watched &&
			 watch->list[i]->device.ifindex == watched->device.ifindex;
	return other || !is_named(watch, watched->device.ifindex);
}

static void forget_past(struct watch *watch)
{
	for (size_t i = 0; i < watch->count;) {
		if (!is_past(watch, watch->list[i])) {
			i++;
			continue;
		}
		watched_free(watch->list[i]);
		watch->count--;
		memmove(&watch->list[i], &watch->list[i + 1],
			(watch->count - i) * sizeof(struct watched *));
	}
}

/* By interface and hook, whichever came first. */
static int by_device(const void *a, const void *b)
{
	const struct device *x = &(*(struct watched *const *)a)->device;
	const struct device *y = &(*(struct watched *const *)b)->device;

	return x->ifindex != y->ifindex ? (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex) :
					  (int)x->hook - (int)y->hook;
}

static bool is_among(const struct watched *watched, const struct device *devices, int count)
{
	for (int i = 0; i < count; i++)
		if (devices[i].ifindex == watched->device.ifindex &&
		    devices[i].hook == watched->device.hook)
			return true;
	return false;
}

static bool is_same_pin(const struct pins_key *a, const struct pins_key *b)
{
	return a->netns == b->netns && a->ifindex == b->ifindex && a->place == b->place &&
	       a->hook == b->hook;
}

/* Is what is pinned what was pinned at the last look? It is noted, if not. */
static bool same_pins(struct watch *watch)
{
	_cleanup_free_ struct pins_key *keys = NULL;
	char message[REPORT_TEXT], *before = report_keep(message); /* the next look says it */
	int count = pins_list(&keys);
	bool same = count > 0 && count == watch->pin_count;

	report_keep(before);
	for (int i = 0; same && i < count; i++)
		same = is_same_pin(&keys[i], &watch->pins[i]);
	if (!same) {
		free(watch->pins);
		watch->pins = take_ptr(keys);
		watch->pin_count = count > 0 ? count : 0;
	}
	return same;
}

/* Is it where it was, and with the same program? It may have another name or policy. */
static bool is_there(const struct watch *watch, struct watched *watched)
{
	const enum hook hook = watched->device.hook;
	char message[REPORT_TEXT], *before;
	bool same;

	if (!watched->there ||
	    device_by_index(watched->device.ifindex, watch->where, &watched->device))
		return false;
	watched->device.hook = hook;
	watched->reading->device = watched->device;
	before = report_keep(message);
	same = !reading_is_there(watched->reading);
	report_keep(before);
	return same;
}

/*
 * What is watched is nearly always what was there a second ago: then only its counters are
 * read. Returns 1; 0 if something is another, and all is to be looked for; or -errno after
 * fail().
 */
static int look_again(struct watch *watch)
{
	int err = 0;

	if (!same_pins(watch) || !watch->looking || watch->again == AGAIN_MOST)
		return 0;
	for (size_t i = 0; i < watch->count; i++)
		if (!is_there(watch, watch->list[i]))
			return 0;
	for (size_t i = 0; i < watch->count && !err; i++)
		err = reading_again(watch->list[i]->reading) ?: take_in(watch, watch->list[i]);
	watch->again++;
	return err ? err : 1;
}

int watch_look(struct watch *watch)
{
	_cleanup_free_ struct device *devices = NULL;
	int count, err;

	watch->time = time_now();
	err = look_again(watch);
	if (err)
		return err < 0 ? err : 0;
	watch->again = 0;
	err = look_for_names(watch);
	if (err)
		return err;
	count = target_all(watch->where, &devices);
	if (count < 0)
		return count;
	for (int i = 0; i < count; i++)
		if (is_wanted(watch, &devices[i]) && !entry(watch, &devices[i]))
			return fail(ENOMEM, "no memory for %s", devices[i].label);
	for (size_t i = 0; i < watch->count; i++) {
		struct watched *watched = watch->list[i];

		if (!is_among(watched, devices, count))
			say_gone(watch, watched);
		else if ((err = take(watch, watched)))
			return err;
	}
	forget_past(watch);
	if (watch->count)
		qsort(watch->list, watch->count, sizeof(struct watched *), by_device);
	watch->looking = true;
	return 0;
}

int watch_open(const struct invocation *invocation, struct watch *watch)
{
	_cleanup_free_ struct device *named = NULL;
	int hook = target_hook(invocation), count, err;

	*watch = (struct watch){ .where = invocation->value[OPTION_NETNS] };
	if (hook < 0)
		return hook;
	watch->hook = invocation->given[OPTION_HOOK] ? hook : -1;
	count = target_named(invocation, &named);
	if (count < 0)
		return count;
	watch->names = calloc((size_t)count + 1, sizeof(*watch->names));
	if (!watch->names)
		return fail(ENOMEM, "no memory for %d interfaces", count);
	watch->name_count = count;
	for (int i = 0; i < count; i++)
		watch->names[i] = (struct watched_name){ .name = invocation->argv[i],
							 .ifindex = named[i].ifindex };
	if ((err = watch_look(watch)))
		return err;
	for (size_t i = 0; i < watch->count; i++)
		if (watch->list[i]->there)
			return 0;
	if (!watch->count)
		return target_none();
	return fail(ENOENT, "%s", watch->list[0]->message);
}

const char *watched_text(const struct watched *watched, __u64 now, char text[WATCHED_TEXT])
{
	static const char *const words[] = {
		[WATCHED_SAME] = "",
		[WATCHED_ATTACHED] = "attached",
		[WATCHED_REPLACED] = "program replaced",
		[WATCHED_POLICY] = "policy changed",
		[WATCHED_GONE] = "gone since",
		[WATCHED_UNREADABLE] = "not readable since",
	};
	char time[JSON_TIME];
	bool recent = watched->noted_at && now - watched->noted_at <= REMEMBERED;

	*text = '\0';
	if (watched->noted != WATCHED_SAME && watched->noted_at && (recent || !watched->there))
		snprintf(text, WATCHED_TEXT, "%s%s %s", words[watched->noted],
			 watched->there ? " at" : "", time_print(watched->noted_at, time) + 11);
	return text;
}

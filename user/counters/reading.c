// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "reading.h"

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "policy_store.h"
#include "samples.h"
#include "status.h"
#include "target.h"
#include "view_print.h"

static void read_boot_id(char id[BOOT_ID])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || fscanf(file, "%63s", id) != 1)
		id[0] = '\0';
	if (file)
		fclose(file);
}

int reading_again(struct reading *reading)
{
	int err;

	reading->time = time_now();
	err = filter_counts(&reading->filter, reading->counts);
	/* A program that asks for none counts none: they stand still. */
	return err || !reading->filter.state.states ?
		       err :
		       filter_states(&reading->filter, reading->states);
}

int reading_take(const struct device *device, bool samples, struct reading *reading)
{
	int err;

	*reading = (struct reading){ .device = *device, .filter = FILTER_NONE };
	err = target_filter(device, &reading->filter);
	if (err)
		return err;
	err = policy_in_force(&reading->filter.state, &reading->policy);
	if (err)
		return err;
	read_boot_id(reading->boot_id);
	err = reading_again(reading);
	if (err || (err = filter_states(&reading->filter, reading->states)))
		return err;
	return samples ? filter_samples(&reading->filter, &reading->samples) : 0;
}

int reading_is_there(struct reading *reading)
{
	__u8 sha256[sizeof(reading->filter.state.policy_sha256)];
	char name[sizeof(reading->filter.state.policy)];
	struct policy policy = {};
	int err;

	memcpy(sha256, reading->filter.state.policy_sha256, sizeof(sha256));
	memcpy(name, reading->filter.state.policy, sizeof(name));
	err = filter_again(&reading->filter);
	if (err)
		return err;
	if (memcmp(sha256, reading->filter.state.policy_sha256, sizeof(sha256)) != 0 ||
	    memcmp(name, reading->filter.state.policy, sizeof(name)) != 0) {
		err = policy_in_force(&reading->filter.state, &policy);
		if (err)
			return err;
		policy_release(&reading->policy);
		reading->policy = policy;
	}
	return 0;
}

void reading_release(struct reading *reading)
{
	filter_close(&reading->filter);
	policy_release(&reading->policy);
	free(reading->samples);
	reading->samples = NULL;
}

/* What the counters are of. */
static double seconds_of(const struct reading *reading)
{
	__u64 since = reading->since ? reading->since : reading->filter.state.attached_since;

	return since && reading->time > since ? (double)(reading->time - since) / 1e9 : 0;
}

static struct view view_of(const struct reading *reading)
{
	return (struct view){ .policy = &reading->policy,
			      .observe = reading->filter.state.observe,
			      .counts = reading->counts,
			      .states = reading->states,
			      .seconds = seconds_of(reading) };
}

void reading_text(const struct reading *reading, const struct query *query)
{
	const struct filter *filter = &reading->filter;
	const struct view view = view_of(reading);
	char since[JSON_TIME], words[DEVICE_WORDS];

	printf("%s%s%s: policy %.64s%s, since %s%s\n", reading->device.label,
	       reading->device.hook == HOOK_XDP ? "" : " ",
	       reading->device.hook == HOOK_XDP ? "" : hook_names[reading->device.hook],
	       filter->state.policy,
	       view.observe ? " (observing: what is in brackets is only counted)" : "",
	       reading->since ? "the snapshot of " : "",
	       time_print(reading->since ? reading->since : filter->state.attached_since, since));
	if (filter->waiting)
		printf("  %s: see 'flagwall status %s'\n",
		       filter->expired ? "not confirmed in time, so that the former policy holds" :
					 "this policy waits for confirmation",
		       device_words(&reading->device, words));
	if (query->by == BY_STATE &&
	    !(reading->policy.state_count && hook_asks_states(reading->device.hook)))
		printf("  nothing is looked up by its state now: %s\n",
		       reading->policy.state_count ? "at this hook that is not done" :
						     "the policy has no lines about states");
	view_text(&view, query);
	if (query->samples)
		samples_text(reading);
}

json_t *reading_json(const struct reading *reading, const struct query *query)
{
	const struct view view = view_of(reading);
	const struct json_member times[] = {
		{ "time", json_time(reading->time) },
		{ "since", json_time(reading->since) },
		{ "boot_id", *reading->boot_id ? json_string(reading->boot_id) : json_null() },
		{},
	};
	const struct json_member samples[] = {
		{ query->samples ? "samples" : NULL, query->samples ? samples_json(reading) : NULL },
		{},
	};
	json_t *object = view_json(status_object(&reading->device, &reading->filter), &view);

	object = view_json_rows(json_members(object, times), &view, query);
	return json_members(object, samples);
}

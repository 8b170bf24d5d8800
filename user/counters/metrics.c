// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "metrics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "count.h"
#include "json.h"
#include "policy_store.h"
#include "report.h"
#include "severed.h"
#include "text.h"
#include "view.h"

/* The one that the tool was built with: no file of the site may change what series are called. */
static int read_bins(struct policy *policy)
{
	int err = 0;

	for (size_t i = 0; !err; i++) {
		struct policy candidate = {};

		err = policy_built_in(i, &candidate);
		if (!err && !strcmp(candidate.name, POLICY_DEFAULT)) {
			*policy = candidate;
			return 0;
		}
		policy_release(&candidate);
	}
	return err == -ENOENT ? fail(ENOENT, "there is no built-in policy '" POLICY_DEFAULT "'") :
				err;
}

static bool is_taken(const struct metrics *metrics, const char *interface, enum hook hook)
{
	for (int i = 0; i < metrics->count; i++)
		if (metrics->sources[i].hook == hook &&
		    !strcmp(metrics->sources[i].interface, interface))
			return true;
	return false;
}

static bool is_there(const struct metrics *metrics, unsigned int ifindex, enum hook hook)
{
	for (int i = 0; i < metrics->count; i++)
		if (metrics->sources[i].hook == hook && metrics->sources[i].ifindex == ifindex)
			return true;
	return false;
}

static void field(char *text, size_t size, const char *from, size_t length)
{
	snprintf(text, size, "%.*s", (int)length, from);
	text_printable(text);
}

/* Where the policy has lines about them. Patterns of the built-in policy go by control bits. */
static int read_states(const struct filter *filter, const struct policy *bins,
		       struct metrics_source *source)
{
	struct fw_count counts[FW_STATE_SLOTS];
	int err;

	source->asks_states = filter->state.states && hook_asks_states(source->hook);
	if (!source->asks_states)
		return 0;
	err = filter_states(filter, counts);
	for (unsigned int slot = 0; slot < FW_STATE_USED && !err; slot++) {
		const struct pattern *pattern = policy_pattern(bins, slot % FW_STATE_FLAGS);

		count_add(&source->states[slot / FW_STATE_FLAGS][pattern - bins->patterns],
			  &counts[slot]);
	}
	return err;
}

static int read_counts(const struct filter *filter, const struct policy *bins,
		       struct metrics_source *source)
{
	_cleanup_free_ struct fw_count *counts = calloc(FW_OUTCOMES, sizeof(*counts));
	static struct view_row rows[PATTERNS_MOST + FW_REASON_COUNT];
	size_t used;
	int err;

	if (!counts)
		return fail(ENOMEM, "no memory for the counters");
	err = filter_counts(filter, counts);
	if (err)
		return err;
	used = view_patterns(bins, false, counts, rows);
	used += view_reasons(bins, false, counts, rows + used);
	for (size_t i = 0; i < used; i++)
		source->bins[i] = rows[i].count;
	return read_states(filter, bins, source);
}

static int read_source(const struct device *device, const struct policy *bins,
		       struct metrics_source *source)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	const struct fw_config *state = &filter.state;
	struct xdp_state xdp = {};
	int readable = 0, err = filter_locate(device, &filter, &readable);

	/* It may have gone since it was listed. */
	if (err == -ENOENT)
		return 0;
	if (err)
		return err;
	source->attached = true;
	/* One filter that another version attached does not hide all the others. */
	if (readable)
		return 0;
	err = read_counts(&filter, bins, source);
	if (err)
		return err;
	source->readable = true;
	if (device->hook == HOOK_XDP && !device_xdp(device->ifindex, &xdp))
		source->mode = xdp.mode;
	source->witness_known = !device_packets(device, &source->witness);
	source->fallback = state->fallback[0];
	source->observe = state->observe;
	source->unconfirmed = filter.waiting && !filter.expired;
	source->attached_since = state->attached_since;
	source->policy_since = state->policy_since;
	source->exceptions = state->exceptions;
	field(source->policy, sizeof(source->policy), state->policy, sizeof(state->policy));
	field(source->version, sizeof(source->version), state->version, sizeof(state->version));
	memcpy(source->sha256, state->policy_sha256, sizeof(source->sha256));
	return 0;
}

/* What cannot be printed became '?': two names may look alike, two series must not. */
static void name_source(const struct metrics *metrics, const char *label, unsigned int ifindex,
			struct metrics_source *source)
{
	snprintf(source->interface, sizeof(source->interface), "%s", label);
	if (is_taken(metrics, source->interface, source->hook))
		snprintf(source->interface, sizeof(source->interface), "%.*s#%u", IF_NAMESIZE,
			 label, ifindex);
}

static int add_devices(const struct device *devices, int count, struct metrics *metrics)
{
	for (int i = 0; i < count; i++) {
		struct metrics_source *source = &metrics->sources[metrics->count];
		int err;

		if (is_there(metrics, devices[i].ifindex, devices[i].hook))
			continue;
		source->hook = devices[i].hook;
		source->ifindex = devices[i].ifindex;
		name_source(metrics, devices[i].label, devices[i].ifindex, source);
		err = read_source(&devices[i], &metrics->bins, source);
		if (err)
			return err;
		metrics->count++;
	}
	return 0;
}

/* Unless another interface has its name, and a filter, by now. */
static void add_severed(const struct severed *severed, int count, struct metrics *metrics)
{
	for (int i = 0; i < count; i++) {
		struct metrics_source *source = &metrics->sources[metrics->count];

		if (!severed[i].interface[0] ||
		    is_taken(metrics, severed[i].interface, severed[i].hook))
			continue;
		source->hook = severed[i].hook;
		name_source(metrics, severed[i].interface, severed[i].ifindex, source);
		metrics->count++;
	}
}

int metrics_read(const struct device *devices, int count, const char *where, bool severed,
		 struct metrics *metrics)
{
	_cleanup_free_ struct severed *gone = NULL;
	int gone_count = 0, err;

	*metrics = (struct metrics){ .where = where, .time = time_now() };
	err = read_bins(&metrics->bins);
	if (err)
		return err;
	if (severed && (gone_count = severed_list(&gone)) < 0)
		return gone_count;
	metrics->sources = calloc((size_t)(count + gone_count) + 1, sizeof(*metrics->sources));
	if (!metrics->sources)
		return fail(ENOMEM, "no memory for %d filters", count + gone_count);
	err = add_devices(devices, count, metrics);
	if (!err)
		add_severed(gone, gone_count, metrics);
	return err;
}

void metrics_release(struct metrics *metrics)
{
	policy_release(&metrics->bins);
	free(take_ptr(metrics->sources));
	metrics->count = 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>

#include "cleanup.h"
#include "count.h"
#include "flags.h"
#include "json.h"
#include "kernel.h"
#include "netns.h"
#include "policy_store.h"
#include "reading.h"
#include "snapshot.h"
#include "target.h"
#include "verbs.h"
#include "view.h"

static bool would_drop(const struct view_row *row)
{
	return row->action == policy_action_name(FW_DROP) && row->count.packets;
}

/* What a policy would have dropped of what was counted. */
struct preview {
	struct policy policy;   /* owned */
	struct reading reading; /* owned */
	struct view_row rows[PATTERNS_MOST + FW_REASON_COUNT];
	size_t row_count; /* patterns, then reasons */
	struct view_row flags[FW_SIGNATURES];
	size_t flags_count;
	struct fw_count total;
	struct fw_count segments;              /* all but what carries no TCP that could be read */
	struct fw_count drops;                 /* its dropped: what was dropped of that already */
	struct view_row states[FW_STATE_USED]; /* what its state lines would drop */
	size_t states_count;
	struct fw_count state_drops;
	bool looked_up; /* anything, by its state */
};

static void release(struct preview *preview)
{
	policy_release(&preview->policy);
	reading_release(&preview->reading);
}

/* Does what was counted under this outcome carry TCP, or part of it? */
static bool is_segment(unsigned int outcome)
{
	return outcome != FW_REASON_NOT_IP && outcome != FW_REASON_NOT_TCP &&
	       outcome != FW_REASON_ENCAPSULATION && outcome != FW_REASON_ENCRYPTED;
}

/* Of what was looked up. What the patterns flag is not; here they go by control bits. */
static void compute_states(struct preview *preview)
{
	const struct fw_count *counts = preview->reading.states;
	size_t count = view_states(&preview->policy, false, counts, preview->states);

	preview->looked_up = view_states_total(counts).packets;
	for (size_t i = 0; i < count; i++) {
		const struct view_row *row = &preview->states[i];

		if (!would_drop(row) ||
		    policy_pattern(&preview->policy, row->signature)->action != FW_PASS)
			continue;
		count_add(&preview->state_drops, &row->count);
		preview->states[preview->states_count++] = *row;
	}
}

static void compute(struct preview *preview)
{
	const struct fw_count *counts = preview->reading.counts;
	static const struct match any;

	preview->total = view_total(counts);
	for (unsigned int outcome = 0; outcome < FW_OUTCOMES; outcome++)
		if (is_segment(outcome))
			count_add(&preview->segments, &counts[outcome]);
	preview->row_count = view_patterns(&preview->policy, false, counts, preview->rows);
	preview->row_count +=
		view_reasons(&preview->policy, false, counts, preview->rows + preview->row_count);
	preview->flags_count = view_flags(&preview->policy, false, &any, counts, preview->flags);
	for (size_t i = 0; i < preview->row_count; i++) {
		if (!would_drop(&preview->rows[i]))
			continue;
		preview->drops.packets += preview->rows[i].count.packets;
		preview->drops.bytes += preview->rows[i].count.bytes;
		preview->drops.dropped += preview->rows[i].count.dropped;
	}
	compute_states(preview);
}

static double share(const struct preview *preview, __u64 packets)
{
	__u64 segments = preview->segments.packets;

	return segments ? 100.0 * (double)packets / (double)segments : 0;
}

static void print_row(const struct preview *preview, const char *name, const struct fw_count *count)
{
	printf("%-24s  %13llu  %16llu  %8.4f%%\n", name, (unsigned long long)count->packets,
	       (unsigned long long)count->bytes, share(preview, count->packets));
}

/* What is in tunnels was counted as the policy in force had it, and cannot be told apart. */
static bool otherwise_inspected(const struct preview *preview)
{
	return preview->policy.tunnels != (preview->reading.filter.state.tunnels != 0);
}

static void print_states(const struct preview *preview)
{
	if (!preview->looked_up) {
		puts("What its state lines would drop is not known: nothing was looked up by its state.");
		return;
	}
	printf("%-24s  %13s  %16s  %9s\n", "STATE      FLAGS", "PACKETS", "BYTES", "SEGMENTS");
	for (size_t i = 0; i < preview->states_count; i++) {
		char flags[FLAGS_TEXT], name[FLAGS_TEXT + 16];

		snprintf(name, sizeof(name), "%-9s  %s", preview->states[i].name,
			 flags_print(preview->states[i].signature, flags));
		print_row(preview, name, &preview->states[i].count);
	}
	print_row(preview, "all that these would drop", &preview->state_drops);
}

static void print_text(const struct preview *preview)
{
	char since[JSON_TIME];

	printf("%s%s%s: what policy %s would have dropped since %s; nothing is changed\n",
	       preview->reading.device.label, preview->reading.device.hook == HOOK_XDP ? "" : " ",
	       preview->reading.device.hook == HOOK_XDP ? "" :
							  hook_names[preview->reading.device.hook],
	       preview->policy.name,
	       time_print(preview->reading.since ? preview->reading.since :
						   preview->reading.filter.state.attached_since,
			  since));
	printf("%-24s  %13s  %16s  %9s\n", "PATTERN", "PACKETS", "BYTES", "SEGMENTS");
	for (size_t i = 0; i < preview->row_count; i++)
		if (would_drop(&preview->rows[i]))
			print_row(preview, preview->rows[i].name, &preview->rows[i].count);
	printf("%-24s  %13s  %16s  %9s\n", "FLAGS", "PACKETS", "BYTES", "SEGMENTS");
	for (size_t i = 0; i < preview->flags_count; i++) {
		char text[SIGNATURE_TEXT];

		if (would_drop(&preview->flags[i]))
			print_row(preview, signature_print(preview->flags[i].signature, text),
				  &preview->flags[i].count);
	}
	print_row(preview, "all that would drop", &preview->drops);
	print_row(preview, "all segments", &preview->segments);
	printf("%-24s  %13llu  %16llu\n", "all packets", (unsigned long long)preview->total.packets,
	       (unsigned long long)preview->total.bytes);
	if (otherwise_inspected(preview))
		puts(preview->policy.tunnels ?
			     "What is in tunnels is missing: the policy in force does not look there." :
			     "What is in tunnels is among it: the policy in force looks there, this one would not.");
	if (preview->policy.state_count)
		print_states(preview);
	if (preview->policy.exception_count)
		printf("An upper bound: counters hold no addresses, and %zu exceptions let some of it pass.\n",
		       preview->policy.exception_count);
}

static json_t *row_json(const struct preview *preview, json_t *object, const struct fw_count *count)
{
	const struct json_member members[] = {
		{ "packets", json_integer((json_int_t)count->packets) },
		{ "bytes", json_integer((json_int_t)count->bytes) },
		{ "percent", json_real(share(preview, count->packets)) },
		{},
	};

	return json_members(object, members);
}

static json_t *rows_json(const struct preview *preview)
{
	json_t *array = json_array();

	for (size_t i = 0; i < preview->row_count; i++) {
		const struct json_member members[] = {
			{ "name", json_string(preview->rows[i].name) },
			{},
		};
		json_t *object = json_members(json_object(), members);

		object = row_json(preview, object, &preview->rows[i].count);
		if (would_drop(&preview->rows[i]))
			json_array_append_new(array, object);
		else
			json_decref(object);
	}
	return array;
}

static json_t *flags_json(const struct preview *preview)
{
	json_t *array = json_array();

	for (size_t i = 0; i < preview->flags_count; i++) {
		unsigned int signature = preview->flags[i].signature;
		char text[FLAGS_TEXT];
		const struct json_member members[] = {
			{ "flags", json_string(flags_print(signature, text)) },
			{ "value", json_integer(signature & FW_FLAGS) },
			{ "data", json_boolean(signature & FW_DATA) },
			{ "reserved", json_boolean(signature & FW_RSV) },
			{ "pattern", json_string(preview->flags[i].name) },
			{},
		};
		json_t *object = json_members(json_object(), members);

		object = row_json(preview, object, &preview->flags[i].count);
		if (would_drop(&preview->flags[i]))
			json_array_append_new(array, object);
		else
			json_decref(object);
	}
	return array;
}

/* Null, if nothing is known. */
static json_t *states_json(const struct preview *preview)
{
	json_t *array = preview->looked_up ? json_array() : json_null();

	for (size_t i = 0; i < preview->states_count; i++) {
		const struct view_row *row = &preview->states[i];
		char text[FLAGS_TEXT];
		const struct json_member members[] = {
			{ "state", json_string(row->name) },
			{ "flags", json_string(flags_print(row->signature, text)) },
			{ "value", json_integer(row->signature) },
			{},
		};

		json_array_append_new(array, row_json(preview, json_members(json_object(), members),
						      &row->count));
	}
	return array;
}

static int print_json(const struct preview *preview)
{
	const struct reading *reading = &preview->reading;
	const struct json_member members[] = {
		{ "interface", json_text(reading->device.label) },
		{ "hook", json_string(hook_names[reading->device.hook]) },
		{ "ifindex", json_integer(reading->device.ifindex) },
		{ "netns", json_text(reading->device.where) },
		{ "policy", json_text(preview->policy.name) },
		{ "policy_sha256", json_hash(preview->policy.sha256) },
		{ "attached_since", json_time(reading->filter.state.attached_since) },
		{ "since", json_time(reading->since) },
		{ "time", json_time(reading->time) },
		{ "packets", json_integer((json_int_t)preview->total.packets) },
		{ "segments", json_integer((json_int_t)preview->segments.packets) },
		{ "inspect_differs", json_boolean(otherwise_inspected(preview)) },
		{ "state_lines", json_integer((json_int_t)preview->policy.state_count) },
		{ "upper_bound", json_boolean(preview->policy.exception_count) },
		{ "would_drop", json_integer((json_int_t)preview->drops.packets) },
		{ "would_drop_bytes", json_integer((json_int_t)preview->drops.bytes) },
		{ "already_dropped", json_integer((json_int_t)preview->drops.dropped) },
		{ "patterns", rows_json(preview) },
		{ "flags", flags_json(preview) },
		{ "states", states_json(preview) },
		{ "state_would_drop",
		  preview->looked_up ? json_integer((json_int_t)preview->state_drops.packets) :
				       json_null() },
		{},
	};

	return json_emit(json_members(json_document(), members));
}

static int run(const struct invocation *invocation)
{
	_cleanup_(release) struct preview preview = { .reading.filter = FILTER_NONE };
	const char *where = invocation->value[OPTION_NETNS];
	const char *since = invocation->value[OPTION_SINCE];
	struct device device;
	int err;

	err = policy_load(invocation->argv[1], &preview.policy);
	if (err)
		return err;
	kernel_listen();
	if ((err = netns_enter(where)) ||
	    (err = target_device(invocation->argv[0], where, &device)) ||
	    (err = target_choose(invocation, &device)) ||
	    (err = reading_take(&device, false, &preview.reading)) ||
	    (since && (err = snapshot_since(since, &preview.reading))))
		return err;
	compute(&preview);
	if (invocation->given[OPTION_JSON])
		return print_json(&preview);
	print_text(&preview);
	return 0;
}

const struct verb verb_policy_preview = {
	.name = "policy preview",
	.arguments = "IFACE NAME|FILE",
	.summary = "What a policy would have dropped of what arrived; nothing is changed",
	.details =
		"From the live counters, which do not depend on the policy in force: since the filter\n"
		"was attached, or since a snapshot ('flagwall counters IFACE --save FILE').\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_SINCE) | OPTION_SET(OPTION_NETNS) |
		   OPTION_SET(OPTION_JSON),
	.least = 2,
	.most = 2,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "watch_lines.h"

#include <errno.h>
#include <stdio.h>

#include "cleanup.h"
#include "json.h"
#include "ranking_print.h"

void watch_heading(enum query_by by)
{
	printf("%-20s  %-15s  %-10s  %-24s  %-6s  %12s  %13s  %13s\n", "TIME", "INTERFACE", "HOOK",
	       table_headings[by], "ACTION", "PER SECOND", "TOTAL", "DROPPED");
}

static void line(const char *time, const struct device *device, const struct table_row *row)
{
	char rate[32] = "-";

	if (row->rate >= 0)
		snprintf(rate, sizeof(rate), "%.1f", row->rate);
	printf("%-20s  %-15s  %-10s  %-24s  %-6s  %12s  %13llu  %13llu\n", time, device->label,
	       hook_names[device->hook], row->name, row->view.action ? view_action(&row->view) : "",
	       rate, (unsigned long long)row->view.count.packets,
	       (unsigned long long)row->view.count.dropped);
}

static int lines_of(const char *time, const struct watched *watched, enum query_by by)
{
	const struct table_choice choice = { .by = by, .sort = SORT_RATE };
	_cleanup_(table_release) struct table table = {};

	if (table_build(watched, &choice, &table))
		return fail(ENOMEM, "no memory for the table");
	for (size_t i = 0; i < table.count && table.rows[i].rate > 0; i++)
		line(time, &watched->device, &table.rows[i]);
	if (table.rest.rate > 0)
		line(time, &watched->device, &table.rest);
	line(time, &watched->device, &table.sum);
	return 0;
}

/* As far as these columns are of origins too. */
static int lines_of_origins(const char *time, const struct watched *watched,
			    const struct watch_top *top)
{
	const struct tally *tally = watch_top_of(top, watched);
	_cleanup_(ranking_release) struct ranking ranking = {};
	char origin[ORIGIN_TEXT], from[ORIGIN_TEXT + 8];

	if (!tally)
		return 0;
	if (!tally->listening) {
		printf("%-20s  %-15s  %-10s  %s\n", time, watched->device.label,
		       hook_names[watched->device.hook], tally->message);
		return 0;
	}
	if (ranking_build(tally, &top->choice, &ranking))
		return fail(ENOMEM, "no memory for the rows of %s", watched->device.label);
	for (size_t i = 0; i < ranking.count; i++) {
		struct ranking_cells cells;

		ranking_cells(&ranking, &ranking.rows[i], &cells);
		snprintf(from, sizeof(from), "from %s",
			 origin_print(top->choice.kind, &ranking.rows[i].key, origin));
		printf("%-20s  %-15s  %-10s  %-24s  %-6s  %12s  %13s  %13s\n", time,
		       watched->device.label, hook_names[watched->device.hook], from, "",
		       cells.rate, cells.packets, cells.error);
	}
	return 0;
}

int watch_lines(const struct watch *watch, const struct watch_top *top, enum query_by by)
{
	char time[JSON_TIME], lately[WATCHED_TEXT];

	time_print(watch->time, time);
	for (size_t i = 0; i < watch->count; i++) {
		const struct watched *watched = watch->list[i];

		watched_text(watched, watch->time, lately);
		if (watched->event != WATCHED_SAME && watched->noted_at == watch->time)
			printf("%-20s  %-15s  %-10s  %s%s%s\n", time, watched->device.label,
			       hook_names[watched->device.hook], lately, watched->there ? "" : ": ",
			       watched->there ? "" : watched->message);
		if (watched->there) {
			int err = lines_of(time, watched, by);

			if (!err)
				err = lines_of_origins(time, watched, top);
			if (err)
				return err;
		}
	}
	return 0;
}

/* Add what came per second to @object; nothing is known of a single reading. */
static int add_rates(json_t *object, const struct fw_count *recent, double seconds)
{
	const struct {
		const char *key;
		__u64 count;
	} rates[] = {
		{ "packets_per_second", recent->packets },
		{ "bytes_per_second", recent->bytes },
		{ "dropped_per_second", recent->dropped },
	};
	int bad = 0;

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		bad |= json_object_set_new(object, rates[i].key,
					   seconds > 0 ?
						   json_real((double)rates[i].count / seconds) :
						   json_null());
	return bad;
}

/* The rows of a view of the reading, which are in @array in this order. */
static int add_row_rates(json_t *array, const struct view_row *recent, size_t count, double seconds)
{
	int bad = json_array_size(array) != count;

	for (size_t i = 0; i < count; i++)
		bad |= add_rates(json_array_get(array, i), &recent[i].count, seconds);
	return bad;
}

static int add_all_rates(json_t *object, const struct watched *watched)
{
	static const struct match any;
	static struct view_row rows[FW_SIGNATURES];
	const struct policy *policy = &watched->reading->policy;
	const struct fw_count *recent = watched->rates.recent;
	struct fw_count total = view_total(recent);
	double seconds = watched->rates.seconds;
	size_t count;
	int bad;

	bad = add_rates(object, &total, seconds);
	count = view_patterns(policy, false, recent, rows);
	bad |= add_row_rates(json_object_get(object, "patterns"), rows, count, seconds);
	count = view_reasons(policy, false, recent, rows);
	bad |= add_row_rates(json_object_get(object, "reasons"), rows, count, seconds);
	/* Of flags and states there are rows of what ever occurred. */
	count = view_flags(policy, false, &any, watched->reading->counts, rows);
	for (size_t i = 0; i < count; i++)
		rows[i].count = recent[rows[i].signature];
	bad |= add_row_rates(json_object_get(object, "flags"), rows, count, seconds);
	count = view_states(policy, false, watched->reading->states, rows);
	for (size_t i = 0; i < count; i++)
		rows[i].count =
			recent[RATES_STATES + FW_STATE_SLOT(rows[i].state, rows[i].signature)];
	bad |= add_row_rates(json_object_get(object, "states"), rows, count, seconds);
	return bad;
}

static json_t *watched_json(const struct watched *watched, const struct watch_top *top)
{
	static const char *const events[] = {
		[WATCHED_ATTACHED] = "attached",
		[WATCHED_REPLACED] = "replaced",
		[WATCHED_POLICY] = "policy",
	};
	static const struct query query;
	const struct tally *tally = watch_top_of(top, watched);
	double seconds = watched->rates.seconds;
	bool new = watched->event != WATCHED_SAME && watched->noted_at;
	const struct json_member members[] = {
		{ "event", new ? json_string(events[watched->event]) : json_null() },
		{ "program_id", json_integer(watched->reading->filter.program) },
		{ "seconds", seconds > 0 ? json_real(seconds) : json_null() },
		{},
	};
	json_t *object = json_members(reading_json(watched->reading, &query), members);

	if (object &&
	    (add_all_rates(object, watched) ||
	     (tally && json_object_set_new(object, "top", ranking_json(tally, &top->choice))))) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *missing_json(const struct watched *watched)
{
	const struct device *device = &watched->device;

	return json_members(json_object(), (const struct json_member[]){
						   { "interface", json_text(device->label) },
						   { "ifindex", json_integer(device->ifindex) },
						   { "hook", json_string(hook_names[device->hook]) },
						   { "message", json_text(watched->message) },
						   {},
					   });
}

int watch_json(const struct watch *watch, const struct watch_top *top)
{
	json_t *there = json_array(), *missing = json_array();
	const struct json_member members[] = {
		{ "time", json_time(watch->time) },
		{ "interfaces", there },
		{ "missing", missing },
		{},
	};
	json_t *root = json_members(json_document(), members);
	int bad = !root;

	for (size_t i = 0; root && i < watch->count; i++) {
		const struct watched *watched = watch->list[i];

		bad |= watched->there ? json_array_append_new(there, watched_json(watched, top)) :
					json_array_append_new(missing, missing_json(watched));
	}
	if (!bad)
		return json_line(root);
	json_decref(root);
	return fail(ENOMEM, "no memory for the JSON document");
}

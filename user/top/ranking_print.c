// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "ranking_print.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "cleanup.h"
#include "json.h"

#define COLUMNS "%-20s  %-15s  %-10s  %-24s  %13s  %8s  %6s  %9s"

const char *const ranking_titles[ORIGIN_KINDS] = {
	[ORIGIN_SOURCE] = "SOURCE",
	[ORIGIN_MAC] = "MAC",
	[ORIGIN_VLAN] = "VLAN",
};

const struct ranking_cells ranking_cell_titles = { "PACKETS", "ERROR", "SHARE", "NOW /s",
						   "PATTERNS" };

static void print_count(double packets, char text[24])
{
	snprintf(text, 24, "%.0f", packets);
}

static void print_rate(double rate, char text[16])
{
	if (rate < 0)
		snprintf(text, 16, "-");
	else
		snprintf(text, 16, rate > 0 && rate < 10 ? "%.1f" : "%.0f", rate);
}

/* In per cent of the row; a row of a few samples may be anything. */
static void print_error(const struct ranking_row *row, char text[16])
{
	const double percent = row->packets > 0 ? 100 * row->error / row->packets : 100;

	if (row->exact)
		snprintf(text, 16, "exact");
	else
		snprintf(text, 16, percent < 100 ? "%.1f%%" : "%.0f%%", percent);
}

static void print_patterns(const struct ranking_row *row, char text[256])
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < row->part_count && used < 256; i++) {
		const struct ranking_part *part = &row->parts[i];
		const double share = row->packets > 0 ? 100 * part->packets / row->packets : 0;

		used += (size_t)snprintf(text + used, 256 - used, "%s%s", i ? ", " : "", part->name);
		if (row->part_count > 1 && used < 256)
			used += (size_t)snprintf(text + used, 256 - used, " %.0f%%", share);
	}
}

void ranking_cells(const struct ranking *ranking, const struct ranking_row *row,
		   struct ranking_cells *cells)
{
	print_count(row->packets, cells->packets);
	print_error(row, cells->error);
	snprintf(cells->share, sizeof(cells->share), "%.1f%%",
		 ranking_percent(ranking, row->packets));
	print_rate(row->per_second, cells->rate);
	print_patterns(row, cells->patterns);
}

void ranking_rest(const struct ranking *ranking, struct ranking_cells *others,
		  struct ranking_cells *all)
{
	*others = *all = (struct ranking_cells){};
	print_count(ranking->others, others->packets);
	snprintf(others->share, sizeof(others->share), "%.1f%%",
		 ranking_percent(ranking, ranking->others));
	print_rate(ranking->others_per_second, others->rate);
	print_count(ranking->flagged, all->packets);
	print_rate(ranking->per_second, all->rate);
}

void ranking_heading(enum origin_kind kind)
{
	const struct ranking_cells *titles = &ranking_cell_titles;

	printf(COLUMNS "  %s\n", "TIME", "INTERFACE", "HOOK", ranking_titles[kind], titles->packets,
	       titles->error, titles->share, titles->rate, titles->patterns);
}

static void line(const char *time, const struct device *device, const char *origin,
		 const struct ranking_cells *cells)
{
	printf(*cells->patterns ? COLUMNS "  %s\n" : COLUMNS "%s\n", time, device->label,
	       hook_names[device->hook], origin, cells->packets, cells->error, cells->share,
	       cells->rate, cells->patterns);
}

int ranking_lines(__u64 time, const struct tally *tally, const struct ranking_choice *choice)
{
	const struct device *device = &tally->hearing.device;
	_cleanup_(ranking_release) struct ranking ranking = {};
	struct ranking_cells cells, others, all;
	char origin[ORIGIN_TEXT], now[JSON_TIME];

	if (ranking_build(tally, choice, &ranking))
		return fail(ENOMEM, "no memory for the rows of %s", device->label);
	time_print(time, now);
	for (size_t i = 0; i < ranking.count; i++) {
		ranking_cells(&ranking, &ranking.rows[i], &cells);
		line(now, device, origin_print(choice->kind, &ranking.rows[i].key, origin), &cells);
	}
	ranking_rest(&ranking, &others, &all);
	if (ranking.others > 0)
		line(now, device, "(others)", &others);
	line(now, device, "all flagged", &all);
	return 0;
}

static json_t *rate_json(double rate)
{
	return rate < 0 ? json_null() : json_real(rate);
}

static json_t *parts_json(const struct ranking_row *row)
{
	json_t *array = json_array();
	int bad = !array;

	for (size_t i = 0; array && i < row->part_count; i++) {
		const struct json_member members[] = {
			{ "name", json_text(row->parts[i].name) },
			{ "packets", json_integer(llround(row->parts[i].packets)) },
			{},
		};

		bad |= json_array_append_new(array, json_members(json_object(), members));
	}
	if (!bad)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *row_json(const struct ranking *ranking, const struct ranking_row *row,
			enum origin_kind kind)
{
	const struct json_member members[] = {
		{ origin_names[kind], origin_json(kind, &row->key) },
		{ "packets", json_integer(llround(row->packets)) },
		{ "error", json_integer(llround(ceil(row->error))) },
		{ "exact", json_boolean(row->exact) },
		{ "percent", json_real(ranking_percent(ranking, row->packets)) },
		{ "packets_per_second", rate_json(row->per_second) },
		{ "patterns", parts_json(row) },
		{},
	};

	return json_members(json_object(), members);
}

json_t *ranking_json(const struct tally *tally, const struct ranking_choice *choice)
{
	_cleanup_(ranking_release) struct ranking ranking = {};
	json_t *rows = json_array();
	int bad = !rows || ranking_build(tally, choice, &ranking);
	const struct json_member members[] = {
		{ "interface", json_string(tally->hearing.device.label) },
		{ "hook", json_string(hook_names[tally->hearing.device.hook]) },
		{ "listening", json_boolean(tally->listening) },
		{ "message", json_text(*tally->message ? tally->message : NULL) },
		{ "flagged", json_integer(llround(ranking.flagged)) },
		{ "flagged_per_second", rate_json(ranking.per_second) },
		{ "sample", json_integer(tally->hearing.listener.request.sample) },
		{ "lost", json_integer((json_int_t)tally_lost(tally)) },
		{ "seconds", tally->seconds > 0 ? json_real(tally->seconds) : json_null() },
		{ "others", json_integer(llround(ranking.others)) },
		{ "rows", rows },
		{},
	};
	json_t *object = json_members(json_object(), members);

	for (size_t i = 0; object && !bad && i < ranking.count; i++)
		bad |= json_array_append_new(rows,
					     row_json(&ranking, &ranking.rows[i], choice->kind));
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

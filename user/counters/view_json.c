// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counters as JSON. */
#include "view_print.h"

#include "flags.h"
#include "json.h"
#include "life.h"

/* Add packets, bytes, dropped and excepted to @object, which is handed on. */
static json_t *with_count(json_t *object, const struct fw_count *count)
{
	const struct json_member members[] = {
		{ "packets", json_integer((json_int_t)count->packets) },
		{ "bytes", json_integer((json_int_t)count->bytes) },
		{ "dropped", json_integer((json_int_t)count->dropped) },
		{ "excepted", json_integer((json_int_t)count->excepted) },
		{},
	};

	return json_members(object, members);
}

static json_t *named_row(const struct view_row *row)
{
	const struct json_member members[] = {
		{ "name", json_string(row->name) },
		{ "action", json_string(row->action) },
		{ "policy_action", json_string(row->by_policy) },
		{},
	};

	return with_count(json_members(json_object(), members), &row->count);
}

static json_t *flags_row(const struct view_row *row)
{
	char text[FLAGS_TEXT];
	const struct json_member members[] = {
		{ "flags", json_string(flags_print(row->signature, text)) },
		{ "value", json_integer(row->signature & FW_FLAGS) },
		{ "data", json_boolean(row->signature & FW_DATA) },
		{ "reserved", json_boolean(row->signature & FW_RSV) },
		{ "pattern", json_string(row->name) },
		{ "action", json_string(row->action) },
		{ "policy_action", json_string(row->by_policy) },
		{},
	};

	return with_count(json_members(json_object(), members), &row->count);
}

static json_t *state_row(const struct view_row *row)
{
	char text[FLAGS_TEXT];
	const struct json_member members[] = {
		{ "state", json_string(row->name) },
		{ "flags", json_string(flags_print(row->signature, text)) },
		{ "value", json_integer(row->signature) },
		{ "action", json_string(row->action) },
		{ "policy_action", json_string(row->by_policy) },
		{},
	};

	return with_count(json_members(json_object(), members), &row->count);
}

static json_t *array_of(const struct view_row *rows, size_t count,
			json_t *(*object)(const struct view_row *row))
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		if (json_array_append_new(array, object(&rows[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *patterns(const struct view *view)
{
	static struct view_row rows[PATTERNS_MOST];

	return array_of(rows, view_patterns(view->policy, view->observe, view->counts, rows),
			named_row);
}

static json_t *reasons(const struct view *view)
{
	struct view_row rows[FW_REASON_COUNT];

	return array_of(rows, view_reasons(view->policy, view->observe, view->counts, rows),
			named_row);
}

static json_t *flags(const struct view *view, const struct match *match)
{
	static struct view_row rows[FW_SIGNATURES];

	return array_of(rows, view_flags(view->policy, view->observe, match, view->counts, rows),
			flags_row);
}

static json_t *states(const struct view *view)
{
	static struct view_row rows[FW_STATE_USED];

	return array_of(rows, view_states(view->policy, view->observe, view->states, rows),
			state_row);
}

/* Everything under "match": the sum, and the combinations in it. */
static json_t *match_object(const struct view *view, const struct query *query)
{
	struct fw_count count = view_match(&query->match, view->counts);
	const struct json_member members[] = {
		{ "match", json_text(query->match_text) },
		{ "flags", flags(view, &query->match) },
		{},
	};

	return with_count(json_members(json_object(), members), &count);
}

/* A count for each thing, null where it is not known. */
static json_t *life_object(const struct view *view)
{
	json_t *object = json_object();
	struct life life;

	life_read(view->counts, view->policy->state_count ? view->states : NULL, &life);
	for (size_t i = 0; i < LIFE_ROWS; i++)
		json_object_set_new(object, life.rows[i].name,
				    life.rows[i].by_state && !view->policy->state_count ?
					    json_null() :
					    json_integer((json_int_t)life.rows[i].packets));
	json_object_set_new(object, "seconds", json_real(view->seconds));
	json_object_set_new(object, "ended_percent",
			    life.begun ? json_real(100.0 * (double)life.ended / (double)life.begun) :
					 json_null());
	return object;
}

json_t *view_json(json_t *object, const struct view *view)
{
	struct fw_count total = view_total(view->counts);

	return with_count(object, &total);
}

json_t *view_json_rows(json_t *object, const struct view *view, const struct query *query)
{
	static const struct match any;
	const struct json_member members[] = {
		{ "patterns", patterns(view) },
		{ "reasons", reasons(view) },
		{ "flags", flags(view, &any) },
		{},
	};
	const struct json_member counted[] = {
		/* Not in captures: a key of NULL ends the list. */
		{ view->states ? "states" : NULL, view->states ? states(view) : NULL },
		{ view->states ? "life" : NULL, view->states ? life_object(view) : NULL },
		{},
	};
	const struct json_member asked[] = {
		{ query->match_given ? "match" : NULL,
		  query->match_given ? match_object(view, query) : NULL },
		{},
	};

	return json_members(json_members(json_members(object, members), counted), asked);
}

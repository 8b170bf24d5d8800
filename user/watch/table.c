// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "count.h"
#include "life.h"

const char *const table_sort_names[SORT_COUNT] = {
	[SORT_RATE] = "rate",
	[SORT_TOTAL] = "total",
	[SORT_DROPPED] = "dropped",
	[SORT_ORDER] = "policy",
};

const char *const table_headings[] = {
	[BY_PATTERN] = "PATTERN",       [BY_FLAGS] = "FLAGS",      [BY_REASON] = "REASON",
	[BY_STATE] = "STATE     FLAGS", [BY_LIFE] = "CONNECTIONS",
};

/* What view has no rows for. */
static const char *const rests[] = {
	[BY_PATTERN] = "no signature", [BY_FLAGS] = "no signature", [BY_REASON] = "with flags",
	[BY_STATE] = "not looked up",  [BY_LIFE] = "others",
};

/* The rows of a view, and which slots belong to which of them. */
struct members {
	struct table_row *rows;
	size_t count;
	__u16 row_of[RATES_SLOTS]; /* @count: the rest; above: not shown */
};

#define NOT_SHOWN ((__u16)-1)

static void name_row(struct table_row *row, enum query_by by)
{
	char flags[FLAGS_TEXT];

	if (by == BY_FLAGS)
		signature_print(row->view.signature, row->name);
	else if (by == BY_STATE)
		snprintf(row->name, sizeof(row->name), "%-9s %s", row->view.name,
			 flags_print(row->view.signature, flags));
	else if (by != BY_LIFE)
		snprintf(row->name, sizeof(row->name), "%s", row->view.name);
}

/* What nobody judges by its state has no action. */
static void take_states(const struct view_row *rows, struct members *members)
{
	for (unsigned int i = 0; i < members->count; i++) {
		unsigned int slot = FW_STATE_SLOT(rows[i].state, rows[i].signature);

		members->row_of[RATES_STATES + slot] = (__u16)i;
		if (rows[i].state == FW_STATE_UNJUDGED)
			members->rows[i].view.action = NULL;
	}
}

/* Rows that only states tell are left out where none are asked for. */
static void take_life(const struct reading *reading, struct members *members)
{
	__u8 of[RATES_STATES + FW_STATE_SLOTS];
	__u16 row_of_kind[LIFE_ROWS + 1];
	unsigned int count = 0;

	for (unsigned int kind = 0; kind < LIFE_ROWS; kind++) {
		struct life_row life = life_row_of((enum life_kind)kind);

		row_of_kind[kind] = NOT_SHOWN;
		if (life.by_state && !reading->policy.state_count)
			continue;
		members->rows[count].part = life.by_state;
		snprintf(members->rows[count].name, SIGNATURE_TEXT, "%s%s",
			 life.meaning[0] == ' ' ? "  " : "", life.name);
		row_of_kind[kind] = (__u16)count++;
	}
	members->count = count;
	life_rows(of, of + RATES_STATES);
	row_of_kind[LIFE_ROWS] = (__u16)count;
	for (unsigned int slot = 0; slot < RATES_STATES; slot++)
		members->row_of[slot] = row_of_kind[of[slot]];
	row_of_kind[LIFE_ROWS] = NOT_SHOWN;
	for (unsigned int slot = RATES_STATES; slot < RATES_SLOTS; slot++)
		members->row_of[slot] = row_of_kind[of[slot]];
}

static void members_of(const struct reading *reading, enum query_by by, struct members *members)
{
	static struct view_row rows[FW_SIGNATURES];
	static const struct match any;
	const struct policy *policy = &reading->policy;
	bool observe = reading->filter.state.observe;
	unsigned int i;

	if (by == BY_PATTERN)
		members->count = view_patterns(policy, observe, reading->counts, rows);
	else if (by == BY_FLAGS)
		members->count = view_flags(policy, observe, &any, reading->counts, rows);
	else if (by == BY_STATE)
		members->count = view_states(policy, observe, reading->states, rows);
	else if (by == BY_REASON)
		members->count = view_reasons(policy, observe, reading->counts, rows);
	for (i = 0; i < RATES_SLOTS; i++)
		members->row_of[i] = i < RATES_STATES ? (__u16)members->count : NOT_SHOWN;
	for (i = 0; i < members->count; i++)
		members->rows[i].view = rows[i];
	for (i = 0; by == BY_FLAGS && i < members->count; i++)
		members->row_of[rows[i].signature] = (__u16)i;
	for (i = 0; by == BY_REASON && i < members->count; i++)
		members->row_of[FW_REASON_BASE + i] = (__u16)i;
	for (i = 0; by == BY_PATTERN && i < FW_SIGNATURES; i++)
		members->row_of[i] = (__u16)(policy_pattern(policy, i) - policy->patterns);
	if (by == BY_STATE)
		take_states(rows, members);
	else if (by == BY_LIFE)
		take_life(reading, members);
}

/* What was looked up is among all packets: take it from the rest. */
static void take_out(struct table_row *rest, const struct table_row *row)
{
	struct fw_count *left = &rest->view.count;
	const struct fw_count *count = &row->view.count;

	left->packets -= count->packets < left->packets ? count->packets : left->packets;
	left->bytes -= count->bytes < left->bytes ? count->bytes : left->bytes;
	left->dropped -= count->dropped < left->dropped ? count->dropped : left->dropped;
	if (rest->rate > 0)
		rest->rate -= row->rate < rest->rate ? row->rate : rest->rate;
	for (unsigned int i = 0; i < RATES_SECONDS; i++)
		if (rest->minute[i] > 0)
			rest->minute[i] -= row->minute[i] < rest->minute[i] ? row->minute[i] :
									      rest->minute[i];
}

/* Rows in the view's order; behind them the rest. */
static int fill(const struct watched *watched, enum query_by by, const struct members *members)
{
	const struct rates *rates = &watched->rates;
	bool known = watched->there && rates->seconds > 0;
	size_t count = members->count + 1;
	struct table_row *rows = members->rows, *rest = &rows[members->count];
	_cleanup_free_ float(*minute)[RATES_SECONDS] = calloc(count, sizeof(*minute));

	if (!minute || rates_minute(rates, members->row_of, count, minute))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		rows[i].order = (unsigned int)i;
		rows[i].rate = known ? 0 : -1;
		memcpy(rows[i].minute, minute[i], sizeof(rows[i].minute));
		if (&rows[i] != rest)
			name_row(&rows[i], by);
	}
	for (unsigned int slot = 0; slot < RATES_SLOTS; slot++) {
		struct table_row *row = &rows[members->row_of[slot]];

		if (members->row_of[slot] > members->count)
			continue;
		if (known)
			row->rate += (double)rates->recent[slot].packets / rates->seconds;
		if (row == rest || by == BY_LIFE)
			count_add(&row->view.count, &rates->counts[slot]);
	}
	for (size_t i = 0; by == BY_STATE && i < members->count; i++)
		take_out(rest, &rows[i]);
	return 0;
}

static void add_row(struct table_row *sum, const struct table_row *row)
{
	if (row->part)
		return;
	count_add(&sum->view.count, &row->view.count);
	sum->rate = row->rate < 0 ? -1 : sum->rate + row->rate;
	for (unsigned int i = 0; i < RATES_SECONDS; i++)
		sum->minute[i] = row->minute[i] < 0 ? -1 : sum->minute[i] + row->minute[i];
}

static int compare_u64(__u64 a, __u64 b)
{
	return (a < b) - (a > b);
}

/* What sorts equal stays in the view's order. */
static int by_order(const void *a, const void *b)
{
	const struct table_row *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static int by_dropped(const void *a, const void *b)
{
	const struct table_row *x = a, *y = b;
	int order = compare_u64(x->view.count.dropped, y->view.count.dropped);

	return order ? order : by_order(a, b);
}

static int by_total(const void *a, const void *b)
{
	const struct table_row *x = a, *y = b;
	int order = compare_u64(x->view.count.packets, y->view.count.packets);

	return order ? order : by_order(a, b);
}

static int by_rate(const void *a, const void *b)
{
	const struct table_row *x = a, *y = b;

	return x->rate != y->rate ? (x->rate < y->rate) - (x->rate > y->rate) : by_total(a, b);
}

static int (*const compare[SORT_COUNT])(const void *, const void *) = {
	[SORT_RATE] = by_rate,
	[SORT_TOTAL] = by_total,
	[SORT_DROPPED] = by_dropped,
	[SORT_ORDER] = by_order,
};

static void drop_idle(struct table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].view.count.packets)
			table->rows[kept++] = table->rows[i];
	table->count = kept;
}

int table_build(const struct watched *watched, const struct table_choice *choice,
		struct table *table)
{
	_cleanup_free_ struct members *members = calloc(1, sizeof(*members));
	int err;

	*table = (struct table){};
	if (!members)
		return -ENOMEM;
	members->rows = table->rows = calloc(FW_SIGNATURES + 1, sizeof(*table->rows));
	if (!table->rows)
		return -ENOMEM;
	members_of(watched->reading, choice->by, members);
	table->count = members->count;
	err = fill(watched, choice->by, members);
	if (err)
		return err;
	table->rest = table->rows[table->count];
	for (size_t i = 0; i <= table->count; i++)
		add_row(&table->sum, &table->rows[i]);
	snprintf(table->rest.name, sizeof(table->rest.name), "%s", rests[choice->by]);
	snprintf(table->sum.name, sizeof(table->sum.name), "all packets");
	if (!choice->all)
		drop_idle(table);
	/* Parts stay below what they are parts of. */
	qsort(table->rows, table->count, sizeof(*table->rows),
	      compare[choice->by == BY_LIFE ? SORT_ORDER : choice->sort]);
	return 0;
}

void table_release(struct table *table)
{
	free(table->rows);
	*table = (struct table){};
}

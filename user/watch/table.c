// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "count.h"

const char *const table_sort_names[SORT_COUNT] = {
	[SORT_RATE] = "rate",
	[SORT_TOTAL] = "total",
	[SORT_DROPPED] = "dropped",
	[SORT_ORDER] = "policy",
};

/* The rows of a view, and which outcomes belong to which of them. */
struct members {
	struct view_row rows[FW_SIGNATURES];
	size_t count;
	__u16 row_of[FW_OUTCOMES]; /* @count: none */
};

static void members_of(const struct reading *reading, enum query_by by, struct members *members)
{
	static const struct match any;
	const struct policy *policy = &reading->policy;
	bool observe = reading->filter.state.observe;
	struct view_row *rows = members->rows;

	if (by == BY_PATTERN)
		members->count = view_patterns(policy, observe, reading->counts, rows);
	else if (by == BY_FLAGS)
		members->count = view_flags(policy, observe, &any, reading->counts, rows);
	else
		members->count = view_reasons(policy, observe, reading->counts, rows);
	for (unsigned int outcome = 0; outcome < FW_OUTCOMES; outcome++)
		members->row_of[outcome] = (__u16)members->count;
	for (unsigned int i = 0; by == BY_FLAGS && i < members->count; i++)
		members->row_of[rows[i].signature] = (__u16)i;
	for (unsigned int i = 0; by == BY_REASON && i < members->count; i++)
		members->row_of[FW_REASON_BASE + i] = (__u16)i;
	for (unsigned int i = 0; by == BY_PATTERN && i < FW_SIGNATURES; i++)
		members->row_of[i] = (__u16)(policy_pattern(policy, i) - policy->patterns);
}

/* Rows in the view's order; behind them the rest. */
static int fill(const struct watched *watched, enum query_by by, const struct members *members,
		struct table_row *rows)
{
	const struct rates *rates = &watched->rates;
	bool known = watched->there && rates->seconds > 0;
	size_t count = members->count + 1;
	_cleanup_free_ float(*minute)[RATES_SECONDS] = calloc(count, sizeof(*minute));

	if (!minute || rates_minute(rates, members->row_of, count, minute))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		rows[i].order = (unsigned int)i;
		rows[i].rate = known ? 0 : -1;
		memcpy(rows[i].minute, minute[i], sizeof(rows[i].minute));
		if (i == members->count)
			continue;
		rows[i].view = members->rows[i];
		if (by == BY_FLAGS)
			signature_print(rows[i].view.signature, rows[i].name);
		else
			snprintf(rows[i].name, sizeof(rows[i].name), "%s", rows[i].view.name);
	}
	for (unsigned int outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		struct table_row *row = &rows[members->row_of[outcome]];

		if (known)
			row->rate += (double)rates->recent[outcome].packets / rates->seconds;
		if (members->row_of[outcome] == members->count)
			count_add(&row->view.count, &watched->reading->counts[outcome]);
	}
	return 0;
}

static void add_row(struct table_row *sum, const struct table_row *row)
{
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
	members_of(watched->reading, choice->by, members);
	table->rows = calloc(members->count + 1, sizeof(*table->rows));
	if (!table->rows)
		return -ENOMEM;
	table->count = members->count;
	err = fill(watched, choice->by, members, table->rows);
	if (err)
		return err;
	table->rest = table->rows[table->count];
	for (size_t i = 0; i <= table->count; i++)
		add_row(&table->sum, &table->rows[i]);
	snprintf(table->rest.name, sizeof(table->rest.name), "%s",
		 choice->by == BY_REASON ? "with flags" : "no signature");
	snprintf(table->sum.name, sizeof(table->sum.name), "all packets");
	if (!choice->all)
		drop_idle(table);
	qsort(table->rows, table->count, sizeof(*table->rows), compare[choice->sort]);
	return 0;
}

void table_release(struct table *table)
{
	free(table->rows);
	*table = (struct table){};
}

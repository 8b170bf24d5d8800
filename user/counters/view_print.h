/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counters as tables for people, and as JSON: the same rows, whatever they were
 * counted on.
 */
#ifndef FLAGWALL_VIEW_PRINT_H
#define FLAGWALL_VIEW_PRINT_H

#include <jansson.h>

#include "query.h"
#include "view.h"

/* Counters, and what makes rows of them. Nothing is owned. */
struct view {
	const struct policy *policy;
	bool observe;
	const struct fw_count *counts; /* FW_OUTCOMES of them */
	const struct fw_count *states; /* FW_STATE_SLOTS of them; NULL: none were asked for */
	double seconds;                /* in which all that was counted; 0: not known */
};

/* view_text - print the tables that @query asks for, and the sum of all packets. */
void view_text(const struct view *view, const struct query *query);

/*
 * view_json - add the sums to @object, which is handed on: packets, bytes, dropped,
 * excepted. NULL without memory.
 * view_json_rows - the same for the arrays patterns, reasons and flags, for states
 * where they are counted, and match if @query asks for it.
 */
json_t *view_json(json_t *object, const struct view *view);
json_t *view_json_rows(json_t *object, const struct view *view, const struct query *query);

#endif /* FLAGWALL_VIEW_PRINT_H */

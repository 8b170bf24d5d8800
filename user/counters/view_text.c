// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counters as tables for people. */
#include "view_print.h"

#include <stdio.h>

#include "flags.h"
#include "life.h"
#include "state_name.h"

static void heading(const char *first)
{
	printf("%-24s  %-6s  %13s  %16s  %13s\n", first, "ACTION", "PACKETS", "BYTES", "DROPPED");
}

static void line(const char *name, const char *action, const struct fw_count *count)
{
	printf("%-24s  %-6s  %13llu  %16llu  %13llu\n", name, action,
	       (unsigned long long)count->packets, (unsigned long long)count->bytes,
	       (unsigned long long)count->dropped);
}

static void patterns(const struct view *view)
{
	static struct view_row rows[PATTERNS_MOST];
	size_t count = view_patterns(view->policy, view->observe, view->counts, rows);

	heading("PATTERN");
	for (size_t i = 0; i < count; i++)
		line(rows[i].name, view_action(&rows[i]), &rows[i].count);
}

static void reasons(const struct view *view)
{
	struct view_row rows[FW_REASON_COUNT];
	size_t count = view_reasons(view->policy, view->observe, view->counts, rows);

	heading("NO SIGNATURE, BECAUSE");
	for (size_t i = 0; i < count; i++)
		line(rows[i].name, view_action(&rows[i]), &rows[i].count);
}

static void flags(const struct view *view, const struct match *match)
{
	static struct view_row rows[FW_SIGNATURES];
	size_t count = view_flags(view->policy, view->observe, match, view->counts, rows);

	heading("FLAGS");
	for (size_t i = 0; i < count; i++) {
		char name[SIGNATURE_TEXT];

		signature_print(rows[i].signature, name);
		line(name, view_action(&rows[i]), &rows[i].count);
	}
}

/* By state, each with its sum; then all that was asked for. */
static void states(const struct view *view)
{
	static struct view_row rows[FW_STATE_USED];
	size_t count = view_states(view->policy, view->observe, view->states, rows);
	struct fw_count total = view_states_total(view->states);

	heading("STATE      FLAGS");
	for (size_t i = 0; i < count; i++) {
		char flags[FLAGS_TEXT], name[FLAGS_TEXT + 16];

		snprintf(name, sizeof(name), "%-9s  %s", rows[i].name,
			 flags_print(rows[i].signature, flags));
		line(name, rows[i].state == FW_STATE_UNJUDGED ? "" : view_action(&rows[i]),
		     &rows[i].count);
	}
	line("all that were looked up", "", &total);
}

static void life(const struct view *view)
{
	struct life life;

	life_read(view->counts, view->policy->state_count ? view->states : NULL, &life);
	printf("%-32s  %13s  %14s\n", "CONNECTIONS", "PACKETS", "A SECOND");
	for (size_t i = 0; i < LIFE_ROWS; i++) {
		if (life.rows[i].by_state && !view->policy->state_count)
			continue;
		printf("%-32s  %13llu  %14.2f\n", life.rows[i].meaning,
		       (unsigned long long)life.rows[i].packets,
		       view->seconds > 0 ? (double)life.rows[i].packets / view->seconds : 0);
	}
	if (life.begun)
		printf("%.1f %% of what was begun (SYN, SYN/ACK) was ended (FIN/ACK, RST)\n",
		       100.0 * (double)life.ended / (double)life.begun);
}

void view_text(const struct view *view, const struct query *query)
{
	static const struct match any;
	struct fw_count total = view_total(view->counts);
	struct fw_count matched;

	if (query->match_given) {
		flags(view, &query->match);
		matched = view_match(&query->match, view->counts);
		line(query->match_text, "", &matched);
	} else if (query->by == BY_FLAGS) {
		flags(view, &any);
		reasons(view);
	} else if (query->by == BY_STATE && view->states) {
		states(view);
	} else if (query->by == BY_LIFE) {
		life(view);
		return;
	} else if (query->by == BY_REASON) {
		reasons(view);
	} else {
		patterns(view);
		reasons(view);
	}
	line("all packets", "", &total);
	if (total.excepted)
		printf("of these, flagged and let pass by an exception: %llu\n",
		       (unsigned long long)total.excepted);
	if (view->states && view_states_total(view->states).dropped)
		printf("of these, dropped for the state of their connection (--by state): %llu\n",
		       (unsigned long long)view_states_total(view->states).dropped);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A reading as tables for people. */
#include <stdio.h>

#include "flags.h"
#include "json.h"
#include "reading.h"
#include "samples.h"
#include "view.h"

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

/* What would drop, were it not for --observe, stands in brackets. */
static const char *action(const struct view_row *row)
{
	const char *drop = policy_action_name(FW_DROP);

	return row->by_policy == drop && row->action != drop ? "(drop)" : row->action;
}

static void patterns(const struct reading *reading)
{
	static struct view_row rows[PATTERNS_MOST];
	size_t count = view_patterns(&reading->policy, reading->filter.state.observe,
				     reading->counts, rows);

	heading("PATTERN");
	for (size_t i = 0; i < count; i++)
		line(rows[i].name, action(&rows[i]), &rows[i].count);
}

static void reasons(const struct reading *reading)
{
	struct view_row rows[FW_REASON_COUNT];
	size_t count = view_reasons(&reading->policy, reading->filter.state.observe,
				    reading->counts, rows);

	heading("NO SIGNATURE, BECAUSE");
	for (size_t i = 0; i < count; i++)
		line(rows[i].name, action(&rows[i]), &rows[i].count);
}

static void flags(const struct reading *reading, const struct match *match)
{
	static struct view_row rows[FW_SIGNATURES];
	size_t count = view_flags(&reading->policy, reading->filter.state.observe, match,
				  reading->counts, rows);

	heading("FLAGS");
	for (size_t i = 0; i < count; i++) {
		char name[SIGNATURE_TEXT];

		signature_print(rows[i].signature, name);
		line(name, action(&rows[i]), &rows[i].count);
	}
}

void reading_text(const struct reading *reading, const struct reading_query *query)
{
	static const struct match any;
	struct fw_count total = view_total(reading->counts);
	struct fw_count matched;
	__u64 start = reading->since ? reading->since : reading->filter.state.attached_since;
	char since[JSON_TIME];

	printf("%s: policy %.64s%s, since %s%s\n", reading->device.label,
	       reading->filter.state.policy,
	       reading->filter.state.observe ? " (observing: what is in brackets is only counted)" :
					       "",
	       reading->since ? "the snapshot of " : "", time_print(start, since));
	if (reading->filter.waiting)
		printf("  %s: see 'flagwall status %s'\n",
		       reading->filter.expired ?
			       "not confirmed in time, so that the former policy holds" :
			       "this policy waits for confirmation",
		       reading->device.label);
	if (query->match_given) {
		flags(reading, &query->match);
		matched = view_match(&query->match, reading->counts);
		line(query->match_text, "", &matched);
	} else if (query->by == BY_FLAGS) {
		flags(reading, &any);
		reasons(reading);
	} else if (query->by == BY_REASON) {
		reasons(reading);
	} else {
		patterns(reading);
		reasons(reading);
	}
	line("all packets", "", &total);
	if (total.excepted)
		printf("of these, flagged and let pass by an exception: %llu\n",
		       (unsigned long long)total.excepted);
	if (query->samples)
		samples_text(reading);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Views of the counters: the same slots summed by pattern, by reason, by exact
 * flags or by any match. Pure; every face of the tool prints from here.
 */
#ifndef FLAGWALL_VIEW_H
#define FLAGWALL_VIEW_H

#include "policy.h"

/* One line of a view. */
struct view_row {
	const char *name;       /* of the pattern or reason; not owned */
	const char *action;     /* in force: under --observe no drop */
	const char *by_policy;  /* the policy's own word for it */
	unsigned int signature; /* in views of exact flags */
	unsigned int state;     /* in views of states: enum fw_state */
	struct fw_count count;
};

/* view_action - for people: what would drop, were it not for --observe, stands in brackets. */
const char *view_action(const struct view_row *row);

/* view_total - the sum over all outcomes. */
struct fw_count view_total(const struct fw_count counts[FW_OUTCOMES]);

/*
 * view_patterns - one row a pattern of @policy, in its order.
 *
 * @rows has room for policy->pattern_count. Returns that number. @observe
 * shows drop as count, as it is compiled.
 */
size_t view_patterns(const struct policy *policy, bool observe,
		     const struct fw_count counts[FW_OUTCOMES], struct view_row *rows);

/* view_reasons - one row a reason, by number. @rows has room for FW_REASON_COUNT. */
size_t view_reasons(const struct policy *policy, bool observe,
		    const struct fw_count counts[FW_OUTCOMES], struct view_row *rows);

/*
 * view_flags - one row for each signature that occurred and that @match holds,
 * by number. @rows has room for FW_SIGNATURES. Returns how many.
 */
size_t view_flags(const struct policy *policy, bool observe, const struct match *match,
		  const struct fw_count counts[FW_OUTCOMES], struct view_row *rows);

/*
 * view_states - one row for each state and combination of control bits that occurred,
 * by number: what the first table let pass, where states are asked for. Its names are
 * those of the states. @rows has room for FW_STATE_USED. Returns how many.
 */
size_t view_states(const struct policy *policy, bool observe,
		   const struct fw_count counts[FW_STATE_SLOTS], struct view_row *rows);

/* view_states_total - the sum over all of them. */
struct fw_count view_states_total(const struct fw_count counts[FW_STATE_SLOTS]);

/* view_match - the sum over all signatures that @match holds. */
struct fw_count view_match(const struct match *match, const struct fw_count counts[FW_OUTCOMES]);

#endif /* FLAGWALL_VIEW_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "query.h"

#include <string.h>

#include "report.h"

/* In the order of enum query_by. */
static const char *const views[] = { "pattern", "flags", "reason", "state", "life", NULL };

int query_read(const struct invocation *invocation, bool sockets, struct query *query)
{
	const char *match = invocation->value[OPTION_MATCH];
	struct text_error error = {};
	int by = BY_PATTERN;

	*query = (struct query){ .samples = invocation->given[OPTION_SAMPLES] };
	if (invocation->given[OPTION_BY]) {
		by = options_choice("by", invocation->value[OPTION_BY], views);
		if (by < 0)
			return by;
		query->by = (enum query_by)by;
		if (!sockets && query->by > BY_REASON)
			return fail(
				FW_EUSAGE,
				"--by: '%s' is of connections, and no sockets are asked about them "
				"here: valid are pattern, flags and reason",
				views[by]);
	}
	if (match && invocation->given[OPTION_BY])
		return fail(FW_EUSAGE, "--match lists flags, whatever --by says: give one of them");
	if (match) {
		if (match_parse(match, strlen(match), &query->match, &error))
			return fail(FW_EUSAGE, "--match: %s", error.message);
		query->match_given = true;
		query->match_text = match;
	}
	return 0;
}

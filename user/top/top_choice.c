// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "top_choice.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"

#define LIMIT 20 /* as user/options.c says */

static int read_limit(const char *text, size_t *limit)
{
	char *end = NULL;

	*limit = text ? strtoul(text, &end, 10) : LIMIT;
	if (!text || (*text && strspn(text, "0123456789") == strlen(text) && !*end && *limit > 0 &&
		      *limit <= RANKING_MOST))
		return 0;
	return fail(FW_EUSAGE, "--limit: '%s' is not a number from 1 to %d", text, RANKING_MOST);
}

int top_choice_read(const struct invocation *invocation, struct ranking_choice *choice)
{
	/* In the order of enum origin_kind. */
	static const char *const kinds[] = { "source", "mac", "vlan", NULL };
	int kind = ORIGIN_SOURCE;

	if (invocation->given[OPTION_BY_ORIGIN])
		kind = options_choice("by", invocation->value[OPTION_BY_ORIGIN], kinds);
	if (kind < 0)
		return kind;
	*choice = (struct ranking_choice){ .kind = (enum origin_kind)kind };
	return read_limit(invocation->value[OPTION_LIMIT], &choice->limit);
}

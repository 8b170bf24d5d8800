/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What somebody wants to see of counters: --by, --match, --samples. */
#ifndef FLAGWALL_QUERY_H
#define FLAGWALL_QUERY_H

#include <stdbool.h>

#include "match.h"
#include "options.h"

enum query_by {
	BY_PATTERN,
	BY_FLAGS,
	BY_REASON,
	BY_STATE, /* of connections, where sockets are asked about them */
	BY_LIFE,  /* the same */
};

struct query {
	enum query_by by;
	bool match_given;
	struct match match;
	const char *match_text; /* as the user wrote it; not owned */
	bool samples;
};

/*
 * query_read - what the options say. What is about connections is refused where no
 * @sockets are asked about them. Returns 0 or -FW_EUSAGE after fail().
 */
int query_read(const struct invocation *invocation, bool sockets, struct query *query);

#endif /* FLAGWALL_QUERY_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "builtin.h"

#include <errno.h>

#include "embedded.h"
#include "report.h"

int builtin_policy(struct policy *policy)
{
	const struct embedded *text = &embedded_default_policy;
	struct policy_error error = {};
	int err;

	err = policy_parse("default", text->start, embedded_size(text), policy, &error);
	if (err)
		return fail(-err, "built-in policy default:%u:%u: %s", error.line, error.column,
			    err == -ENOMEM ? "no memory" : error.message);
	return 0;
}

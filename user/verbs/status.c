// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "status.h"

#include <errno.h>
#include <stdio.h>

#include "cleanup.h"
#include "kernel.h"
#include "severed.h"
#include "target.h"
#include "verbs.h"

#define EXIT_NOT_ATTACHED 3

static int check(const struct device *devices, int count)
{
	for (int i = 0; i < count; i++) {
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;
		int err = filter_find(&devices[i], &filter);

		if (err == -ENOENT)
			return EXIT_NOT_ATTACHED;
		if (err)
			return err;
	}
	return count ? 0 : EXIT_NOT_ATTACHED;
}

static int print_severed(void)
{
	_cleanup_free_ struct severed *severed = NULL;
	int count = severed_list(&severed);

	if (count > 0)
		severed_text(severed, count);
	return count < 0 ? count : 0;
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct device *devices = NULL;
	int count, err;

	kernel_listen();
	count = target_list(invocation, &devices);
	if (count < 0)
		return count;
	if (!count && !invocation->given[OPTION_JSON])
		printf("nothing is attached in this network namespace%s%s\n",
		       invocation->given[OPTION_HOOK] ? " at " : "",
		       invocation->given[OPTION_HOOK] ? invocation->value[OPTION_HOOK] : "");
	err = status_print(devices, count, NULL, invocation->given[OPTION_JSON]);
	if (!err && !invocation->argc && !invocation->given[OPTION_JSON])
		err = print_severed();
	if (err || !invocation->given[OPTION_CHECK])
		return err;
	return check(devices, count);
}

const struct verb verb_status = {
	.name = "status",
	.arguments = "[IFACE...]",
	.summary = "What is attached, in which mode, under which policy",
	.details =
		"Without an interface: all that are filtered in the network namespace. Without --hook:\n"
		"every hook that has a filter.\n",
	.options = OPTION_SET(OPTION_HOOK) | OPTION_SET(OPTION_CHECK) | OPTION_SET(OPTION_NETNS) |
		   OPTION_SET(OPTION_JSON),
	.least = 0,
	.most = -1,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "hook.h"

#include <stddef.h>

const char *const hook_names[HOOK_COUNT + 1] = {
	[HOOK_XDP] = "xdp",
	[HOOK_TC_INGRESS] = "tc-ingress",
	[HOOK_TC_EGRESS] = "tc-egress",
	[HOOK_COUNT] = NULL,
};

const char *hook_option(enum hook hook)
{
	static const char *const options[] = {
		[HOOK_XDP] = "",
		[HOOK_TC_INGRESS] = " --hook tc-ingress",
		[HOOK_TC_EGRESS] = " --hook tc-egress",
	};

	return options[hook];
}

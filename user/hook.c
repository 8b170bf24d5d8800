// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "hook.h"

#include <stddef.h>

const char *const hook_names[HOOK_COUNT + 1] = {
	[HOOK_XDP] = "xdp",
	[HOOK_TC_INGRESS] = "tc-ingress",
	[HOOK_TC_EGRESS] = "tc-egress",
	[HOOK_COUNT] = NULL,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "verbs.h"
static int run(const struct invocation *invocation) { (void)invocation; return 0; }
const struct verb verb_explain = { .name = "explain", .arguments = "FLAGS", .summary = "What a combination of flags is, what happens to it, and why", .options = OPTION_SET(OPTION_JSON), .least = 1, .most = -1, .run = run };

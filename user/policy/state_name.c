// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "state_name.h"

#include <stddef.h>

const struct state_text state_texts[FW_STATE_COUNT + 1] = {
#define STATE_TEXT(id, number, name, meaning) [number] = { name, meaning },
	FW_STATES(STATE_TEXT)
#undef STATE_TEXT
		[FW_STATE_UNJUDGED] = { "unjudged",
					"not asked about: not for an address of this host, or "
					"behind something else than Ethernet" },
};

const char *const state_names[FW_STATE_COUNT + 1] = {
#define STATE_NAME(id, number, name, meaning) [number] = (name),
	FW_STATES(STATE_NAME)
#undef STATE_NAME
};

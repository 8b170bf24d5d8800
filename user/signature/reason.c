// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "reason.h"

const struct reason_text reason_texts[FW_REASON_COUNT] = {
#define REASON_TEXT(id, number, name, meaning) [number] = { name, meaning },
	FW_REASONS(REASON_TEXT)
#undef REASON_TEXT
};

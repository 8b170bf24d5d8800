/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The names of the reasons why a packet has no signature. */
#ifndef FLAGWALL_REASON_H
#define FLAGWALL_REASON_H

#include "flagwall/outcome.h"

/* By number, without FW_REASON_BASE. */
struct reason_text {
	const char *name;
	const char *meaning;
};
extern const struct reason_text reason_texts[FW_REASON_COUNT];

#endif /* FLAGWALL_REASON_H */

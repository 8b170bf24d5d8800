/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The states of connections that a policy may have lines about, and their names. */
#ifndef FLAGWALL_STATE_NAME_H
#define FLAGWALL_STATE_NAME_H

#include "flagwall/state.h"

struct state_text {
	const char *name;
	const char *meaning;
};

/* By number; behind them FW_STATE_UNJUDGED, which no line can be about. */
extern const struct state_text state_texts[FW_STATE_COUNT + 1];

/* The names that lines know, for options_choice(): NULL behind the last. */
extern const char *const state_names[FW_STATE_COUNT + 1];

/* What messages say of them. */
#define STATE_NAMES "none, listen, syn-sent, time-wait, other"

#endif /* FLAGWALL_STATE_NAME_H */

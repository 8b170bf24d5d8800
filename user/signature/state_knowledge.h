/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What TCP does with a segment, by the state of its connection and its control bits. */
#ifndef FLAGWALL_STATE_KNOWLEDGE_H
#define FLAGWALL_STATE_KNOWLEDGE_H

#include <stddef.h>

#include "flagwall/state.h"

struct state_knowledge {
	enum fw_state state;
	const char *match;  /* for match_parse() */
	const char *answer; /* one sentence */
	const char *source;
};

/* In order: the first that is about the state and matches. Every combination has its own. */
extern const struct state_knowledge state_knowledge_table[];
extern const size_t state_knowledge_count;

/* state_knowledge_find - the entry for @signature in @state. Never NULL. */
const struct state_knowledge *state_knowledge_find(enum fw_state state, unsigned int signature);

#endif /* FLAGWALL_STATE_KNOWLEDGE_H */

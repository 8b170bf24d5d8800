/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known about combinations of flags, whatever a policy does with them:
 * what they mean, which RFC says so, who sends them in good faith, and which
 * tools send them otherwise.
 */
#ifndef FLAGWALL_KNOWLEDGE_H
#define FLAGWALL_KNOWLEDGE_H

#include <stdbool.h>
#include <stddef.h>

#define KNOWLEDGE_SOURCES 4

struct knowledge {
	const char *match;                      /* for match_parse() */
	const char *description;                /* one sentence */
	const char *sources[KNOWLEDGE_SOURCES]; /* up to the first NULL */
	const char *senders;                    /* legitimate ones; never NULL */
	const char *tools;                      /* scanners and generators; never NULL */
};

/*
 * In order: the first match wins. Only the six control bits enter, and every
 * combination of them has its entry.
 */
extern const struct knowledge knowledge_table[];
extern const size_t knowledge_count;

/* What ECE, CWR, AE and the reserved bits add: every match counts. */
extern const struct knowledge knowledge_modifiers[];
extern const size_t knowledge_modifier_count;

/* knowledge_find - the entry of knowledge_table for @signature. Never NULL. */
const struct knowledge *knowledge_find(unsigned int signature);

/* knowledge_holds - does the match of @entry hold @signature? */
bool knowledge_holds(const struct knowledge *entry, unsigned int signature);

#endif /* FLAGWALL_KNOWLEDGE_H */

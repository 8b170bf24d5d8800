/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A match: a set of signatures. "fin,!ack" holds those with FIN set and ACK
 * clear, whatever the other bits; "any" holds all.
 */
#ifndef FLAGWALL_MATCH_H
#define FLAGWALL_MATCH_H

#include <stdbool.h>
#include <stddef.h>

struct match {
	unsigned int set;   /* bits that must be set */
	unsigned int clear; /* bits that must be clear */
};

/* Where in a text something is wrong, and what; for messages. */
struct text_error {
	size_t column; /* from 0 */
	char message[160];
};

/*
 * match_parse - read @length bytes of @text into @match.
 *
 * Returns 0, or -EINVAL with @error filled and @match untouched.
 */
int match_parse(const char *text, size_t length, struct match *match, struct text_error *error);

/* The longest that match_print() writes, with its NUL. */
#define MATCH_TEXT 80

/* match_print - @match as match_parse() reads it, in @text, which is returned. */
const char *match_print(const struct match *match, char text[MATCH_TEXT]);

/* match_holds - does @match hold @signature? */
static inline bool match_holds(const struct match *match, unsigned int signature)
{
	return (signature & match->set) == match->set && !(signature & match->clear);
}

#endif /* FLAGWALL_MATCH_H */

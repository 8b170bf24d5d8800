/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What was looked at, whether it is well, and the command that mends it. */
#ifndef FLAGWALL_FINDING_H
#define FLAGWALL_FINDING_H

#include <stddef.h>

#include "json.h"

enum finding_state {
	FINDING_OK,
	FINDING_WARN, /* it works, but not as well as it could; or cannot be told */
	FINDING_BAD,  /* it does not work */
};

struct finding {
	const char *name; /* one word; not owned */
	enum finding_state state;
	char text[384];
	char fix[192]; /* a command, or "" */
};

#define FINDINGS_MOST 24

struct findings {
	struct finding list[FINDINGS_MOST];
	size_t count;
};

/* finding_add - one more; it is to be given a fix, or not. There must be room. */
struct finding *finding_add(struct findings *findings, const char *name, enum finding_state state,
			    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* finding_fix - the command that mends it. */
void finding_fix(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* findings_worst - the worst state among them. */
enum finding_state findings_worst(const struct findings *findings);

/* finding_state_name - "ok", "warn", "bad". */
const char *finding_state_name(enum finding_state state);

/* findings_text - print them, a line each, and a line for the command. */
void findings_text(const struct findings *findings);

/* findings_json - an array of them. */
json_t *findings_json(const struct findings *findings);

#endif /* FLAGWALL_FINDING_H */

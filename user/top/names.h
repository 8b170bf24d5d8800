/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Numbers for the names of patterns and reasons, whatever policy comes. Pure. */
#ifndef FLAGWALL_NAMES_H
#define FLAGWALL_NAMES_H

#include "flagwall/outcome.h"

/* Beyond so many all others are one. */
#define NAMES_MOST 4096

/* Begin with {}; release by names_release(). */
struct names {
	char **list; /* owned, each of them too */
	unsigned int count;
	unsigned int latest[FW_OUTCOMES]; /* which it was, of each outcome */
};

/* names_number - that of @name, as @outcome is called now; or -ENOMEM. */
int names_number(struct names *names, unsigned int outcome, const char *name);

/* names_text - the name of @number; "(others)" if there were too many. */
const char *names_text(const struct names *names, unsigned int number);

void names_release(struct names *names);

#endif /* FLAGWALL_NAMES_H */

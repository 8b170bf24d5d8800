/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What `rule iptables --match` asks for: the packets of one pattern or reason of a
 * policy, or those whose flags a match holds. Pure.
 */
#ifndef FLAGWALL_SELECTION_H
#define FLAGWALL_SELECTION_H

#include "policy.h"

/* "pattern-" and a name, or "flags" and what each of eleven flags must be; with NUL. */
#define SELECTION_NAME 64

struct selection {
	/*
	 * For a folder and a command line: "pattern-xmas", "flags+fin-ack". The same for
	 * the same question, however it was written.
	 */
	char name[SELECTION_NAME];
	__u8 action[FW_ACTION_SLOTS]; /* FW_DROP for what it holds, FW_PASS for the rest */
	bool excepts;                 /* the policy's exceptions hold for it: it goes by name */
};

/*
 * selection_read - what @text selects of @policy: the name of one of its patterns, of a
 * reason, or else a match.
 *
 * Returns 0 and fills @selection; or -FW_EUSAGE after fail().
 */
int selection_read(const struct policy *policy, const char *text, struct selection *selection);

#endif /* FLAGWALL_SELECTION_H */

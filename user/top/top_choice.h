/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is asked of a ranking on the command line. */
#ifndef FLAGWALL_TOP_CHOICE_H
#define FLAGWALL_TOP_CHOICE_H

#include "options.h"
#include "ranking.h"

/* top_choice_read - --by and --limit. Returns 0 or -FW_EUSAGE after fail(). */
int top_choice_read(const struct invocation *invocation, struct ranking_choice *choice);

#endif /* FLAGWALL_TOP_CHOICE_H */

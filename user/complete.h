/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What may come next on a command line: for the shells, from the tables that help is printed from. */
#ifndef FLAGWALL_COMPLETE_H
#define FLAGWALL_COMPLETE_H

#include "options.h"

/*
 * complete - print what the last of @words (which ends with NULL; the first stands
 * behind "flagwall") may become, a line each: the word, a tab, and what it is.
 * A line with a tab and "file" alone means: any file as well.
 */
void complete(const struct verb *const *verbs, char **words);

#endif /* FLAGWALL_COMPLETE_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is watched, for programs and files: a line each, and JSON Lines. */
#ifndef FLAGWALL_WATCH_LINES_H
#define FLAGWALL_WATCH_LINES_H

#include "table.h"
#include "watch_top.h"

/* watch_heading - what the columns of watch_lines() are. */
void watch_heading(enum query_by by);

/*
 * watch_lines - print what arrived since the look before, and what happened to
 * filters; and who it came from, if @top is on. Returns 0 or -ENOMEM after fail().
 */
int watch_lines(const struct watch *watch, const struct watch_top *top, enum query_by by);

/* watch_json - print one object on one line. Returns 0 or -errno after fail(). */
int watch_json(const struct watch *watch, const struct watch_top *top);

#endif /* FLAGWALL_WATCH_LINES_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tc where it has no links (before Linux 6.6): a filter of the queueing discipline clsact.
 * It holds a program that calls what judges by a table (bpf/tc_entry.bpf.c). That program
 * is what the pin "link" is then, and the table the pin "entry"; the filter is known by it.
 */
#ifndef FLAGWALL_LINK_CLSACT_H
#define FLAGWALL_LINK_CLSACT_H

#include "device.h"
#include "filter.h"

/*
 * clsact_attach - let the program behind @program judge at the hook of @device. Pins it
 * all under @key: a filter without its pin would stay for ever.
 *
 * Returns the descriptor of what is the link, the caller's; or -errno after fail().
 */
int clsact_attach(const struct device *device, const struct pins_key *key, int program);

/*
 * clsact_runs - does the interface of @key, one of the process's namespace, have the filter
 * that holds the program behind @link? Returns 1, 0, or -errno in silence.
 */
int clsact_runs(const struct pins_key *key, int link);

/*
 * clsact_detach - take out the filter that holds the program behind @link; and clsact
 * too if it came with it and nobody has a filter there. Returns 0 or -errno in silence.
 */
int clsact_detach(const struct pins_key *key, int link);

#endif /* FLAGWALL_LINK_CLSACT_H */

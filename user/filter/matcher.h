/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs that rules of iptables ask (-m bpf --object-pinned): pinned, and at no hook
 * of ours. Each has a folder, <pins>/match/<name>/ with program, config, counters and
 * exceptions; in network namespaces other than the first <pins>/match-<inode>/<name>/.
 *
 * Rules name the path of the program, so that it never changes and always leads to a
 * program: iptables-legacy opens it again whenever its table is changed.
 */
#ifndef FLAGWALL_MATCHER_H
#define FLAGWALL_MATCHER_H

#include "filter.h"
#include "selection.h"

/* The one that holds what a policy drops; others are called as their selection. */
#define MATCHER_POLICY "policy"

/* matcher_path - write the path of the program @name in this network namespace; return it. */
const char *matcher_path(const char *name, char path[PINS_PATH]);

/* matcher_there - is there a program of that name, as far as this process may see? */
bool matcher_there(const char *name);

/*
 * matcher_pin - pin the match @name, or change what it holds: what @request puts in
 * force (as filter_attach(); the mode means nothing), or of its policy only what @only
 * selects, if that is not NULL. Counters go on.
 *
 * Returns 0 with what is in force then in @state; 1 if the program is another one than
 * rules that are there may still hold; or -errno after fail(), nothing being changed.
 */
int matcher_pin(const char *name, const struct attach_request *request,
		const struct selection *only, struct fw_config *state);

/* matcher_unpin - remove it, if it is there. Returns 0 or -errno after fail(). */
int matcher_unpin(const char *name);

/*
 * matcher_counts - what the match @name in force is (@state), and how much it was asked
 * by outcome; a packet that it holds is "dropped", whatever the rule does with it.
 *
 * Returns 0, or -errno after fail().
 */
int matcher_counts(const char *name, struct fw_config *state, struct fw_count counts[FW_OUTCOMES]);

#endif /* FLAGWALL_MATCHER_H */

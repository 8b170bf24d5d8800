/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A change of what a filter runs: a new generation, built beside what is there,
 * so that the link takes it up in one step and a packet meets one policy. For
 * one that waits for confirmation, a second generation holds it and its fallback.
 */
#ifndef FLAGWALL_CHANGE_H
#define FLAGWALL_CHANGE_H

#include "filter.h"
#include "program.h"

/* Release it by change_close(); what is pinned stays. */
struct change {
	struct pins_key key;
	struct program program;
	struct trial_program trial;
	__u32 made[2]; /* generations, the one for the link last */
	size_t count;
	__u32 fallback; /* the generation it may go back to */
	int fd;         /* of the program for the link; not owned */
};

/*
 * change_state - write into @state what @request puts in force in the place of
 * what @state says. Returns 0 or -errno after fail().
 */
int change_state(const struct attach_request *request, struct fw_config *state);

/*
 * change_load - load a program onto @maps that enforces @state and excepts what
 * @policy does; NULL: what the trie in @maps does.
 *
 * Returns 0 or -errno after fail().
 */
int change_load(const struct program_maps *maps, const struct fw_config *state,
		const struct policy *policy, struct change *change);

/* change_pin - make it a generation of @key. Returns 0 or -errno after fail(). */
int change_pin(const struct pins_key *key, struct change *change);

/* change_deadline - the time @seconds from now, as change_hold() takes it. */
__u64 change_deadline(unsigned int seconds);

/*
 * change_hold - let it last until @deadline only (CLOCK_BOOTTIME ns): afterwards the
 * program of generation @fallback judges. Returns 0 or -errno after fail().
 */
int change_hold(struct change *change, __u32 fallback, __u64 deadline);

/* change_keep - it is in force: remove all other generations. Returns 0 or -errno in silence. */
int change_keep(const struct change *change);

/* change_undo - it is not to be: remove what was made. */
void change_undo(const struct change *change);

void change_close(struct change *change);

#endif /* FLAGWALL_CHANGE_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Our programs in the kernel, loaded and not yet on any interface. */
#ifndef FLAGWALL_PROGRAM_H
#define FLAGWALL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "event_maps.h"
#include "exception.h"
#include "flagwall/layout.h"
#include "hook.h"

struct bpf_object;

/* Release it by program_close(). Descriptors are the object's. */
struct program {
	struct bpf_object *object;
	int fd;
	int config, counters;
	int samples, states; /* -1: it keeps none */
	int exceptions;      /* -1: there are none */
	bool frags;          /* it takes frames in several buffers */
	enum fw_bare bare;
	struct event_maps events; /* as they are; -1: it tells nobody */
};

/* What a new program goes on with. -1: a new map. */
struct program_maps {
	int samples, counters, states;
	int exceptions;
	bool frags; /* let it take frames in several buffers (5.18) */
	enum fw_bare bare;
	enum hook hook;
	bool match; /* for rules of iptables, at no hook of ours: no samples, no states */
	__u32 ring; /* let it tell a listener, by a ring of so many bytes; 0: nobody listens */
	const struct event_maps *events; /* what that one listens to already; NULL: new ones */
	__u8 mac[6];                     /* of the interface */
};

#define PROGRAM_MAPS_NEW                                                                           \
	{                                                                                          \
		.samples = -1, .counters = -1, .states = -1, .exceptions = -1                      \
	}

/*
 * program_load - load the filter's program onto @maps, with room for as many
 * exceptions as @state has, or none, and with eyes for tunnels and states of
 * connections as far as @state says so. What leaves has no state here.
 *
 * Returns 0, or -errno after fail().
 */
int program_load(const struct program_maps *maps, const struct fw_config *state,
		 struct program *program);

/* program_close - let go of it. What is pinned or linked stays. */
void program_close(struct program *program);

/* program_configure - write what it is to enforce. Returns 0 or -errno after fail(). */
int program_configure(int config, const struct fw_config *state);

/* program_except - fill its trie. Returns 0 or -errno after fail(). */
int program_except(int trie, const struct exception *exceptions, size_t count);

/*
 * What the kernel calls where no link lets a program be exchanged, at netfilter and at
 * clsact, and the table by which that calls the filter's program.
 */
struct entry_program {
	struct bpf_object *object;
	int fd, table;
};

/*
 * entry_load - load it for @hook of the interface @ifindex; it calls @program. Returns 0 or
 * -errno after fail().
 */
int entry_load(enum hook hook, unsigned int ifindex, int program, struct entry_program *entry);
void entry_close(struct entry_program *entry);

/* The program that holds a policy on trial. */
struct trial_program {
	struct bpf_object *object;
	int fd;
	int trial, programs;
};

/*
 * trial_load - load it for @hook with @trial, judging by @programs, descriptors in the
 * order of enum fw_trial_slot. All take frames in several buffers (@frags), or none.
 *
 * Returns 0, or -errno after fail().
 */
int trial_load(const struct fw_trial *trial, const int programs[FW_TRIAL_SLOTS], enum hook hook,
	       bool frags, struct trial_program *program);
void trial_close(struct trial_program *program);

/*
 * trial_quiesce - wait until no packet is within the program that the link has
 * just let go: the kernel empties its table at once when the last pin goes, and
 * a packet between the two would pass unjudged.
 */
void trial_quiesce(void);

#endif /* FLAGWALL_PROGRAM_H */

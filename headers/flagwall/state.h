/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The state of the connection that a segment arrives for, as the kernel's sockets
 * tell it: what can be told apart from outside. With the six control bits it
 * indexes a second table of actions, and counters of its own.
 */
#ifndef FLAGWALL_STATE_H
#define FLAGWALL_STATE_H

#include "flagwall/signature.h"

/*
 * X(identifier, number, name, what it means). The numbers are in pinned maps and
 * in saved counters: append only.
 */
#define FW_STATES(X)                                                                               \
	X(NONE, 0, "none", "no socket: nothing listens there, or the connection is over")          \
	X(LISTEN, 1, "listen", "a listening socket, and no connection of these two ends")          \
	X(SYN_SENT, 2, "syn-sent", "this host asked for the connection, and waits for an answer")  \
	X(TIME_WAIT, 3, "time-wait", "closed here: the last segments may still come")              \
	X(OTHER, 4, "other", "a connection, being opened, open or being closed")

enum fw_state {
#define FW_STATE_ENUM(id, number, name, meaning) FW_STATE_##id = (number),
	FW_STATES(FW_STATE_ENUM)
#undef FW_STATE_ENUM
	FW_STATE_COUNT, /* no line of a policy is about those behind */

	/* Passed without being asked about: not for an address of this host. */
	FW_STATE_UNJUDGED = FW_STATE_COUNT,
};

#define FW_STATE_FLAGS (FW_CONTROL + 1)

/* One a state and combination of control bits. */
#define FW_STATE_USED ((FW_STATE_UNJUDGED + 1) * FW_STATE_FLAGS)

/* A power of two: the index is masked. */
#define FW_STATE_SLOTS 512
_Static_assert(FW_STATE_USED <= FW_STATE_SLOTS, "the table of states is too small");

/* What a segment of @signature in @state is counted and judged by. */
#define FW_STATE_SLOT(state, signature) ((state)*FW_STATE_FLAGS + ((signature)&FW_CONTROL))

#endif /* FLAGWALL_STATE_H */

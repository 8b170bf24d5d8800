/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The life of connections, as far as the segments that arrive tell it: how many are
 * asked for, answered, closed and reset. Computed from the counters, of legal segments
 * alone. Pure.
 */
#ifndef FLAGWALL_LIFE_H
#define FLAGWALL_LIFE_H

#include <stdbool.h>

#include "policy.h"

/* One thing that happens in the life of a connection. */
struct life_row {
	const char *name;    /* for scripts */
	const char *meaning; /* for people */
	bool by_state;       /* a part of another; known only where states are asked for */
	__u64 packets;
};

/* Which they are. */
enum life_kind {
	LIFE_ASKED,
	LIFE_OPENED,
	LIFE_REOPENED,
	LIFE_REPEATED,
	LIFE_REFUSED,
	LIFE_ACCEPTED,
	LIFE_DENIED,
	LIFE_CLOSED,
	LIFE_RESET,
	LIFE_ROWS,
};

struct life {
	struct life_row rows[LIFE_ROWS];
	__u64 begun; /* SYN and SYN/ACK */
	__u64 ended; /* FIN/ACK and RST */
};

/*
 * life_read - from the counters @counts; and where the policy asks for states, @states
 * (or NULL), of the time that it did so.
 */
void life_read(const struct fw_count counts[FW_OUTCOMES], const struct fw_count *states,
	       struct life *life);

/*
 * life_rows - to which row each outcome, and each state with its flags, belongs: an
 * enum life_kind, or LIFE_ROWS for none.
 */
void life_rows(__u8 of_outcome[FW_OUTCOMES], __u8 of_state[FW_STATE_SLOTS]);

/* life_row_of - the row of @kind, of no packets. */
struct life_row life_row_of(enum life_kind kind);

#endif /* FLAGWALL_LIFE_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "life.h"

#include <string.h>

#define ANY_STATE FW_STATE_COUNT

/* The rows: what of each outcome, or of one state, belongs to them. */
static const struct {
	const char *name, *meaning;
	struct match match;
	enum fw_state state; /* ANY_STATE: whatever it is */
} kinds[LIFE_ROWS] = {
	[LIFE_ASKED] = { "asked",
			 "asked for (SYN)",
			 { FW_SYN, FW_FIN | FW_RST | FW_ACK },
			 ANY_STATE },
	[LIFE_OPENED] = { "opened",
			  "  at an open port",
			  { FW_SYN, FW_FIN | FW_RST | FW_ACK },
			  FW_STATE_LISTEN },
	[LIFE_REOPENED] = { "reopened",
			    "  with ports that were just closed",
			    { FW_SYN, FW_FIN | FW_RST | FW_ACK },
			    FW_STATE_TIME_WAIT },
	[LIFE_REPEATED] = { "repeated",
			    "  once more",
			    { FW_SYN, FW_FIN | FW_RST | FW_ACK },
			    FW_STATE_OTHER },
	[LIFE_REFUSED] = { "refused",
			   "  at a closed port: refused",
			   { FW_SYN, FW_FIN | FW_RST | FW_ACK },
			   FW_STATE_NONE },
	[LIFE_ACCEPTED] = { "accepted",
			    "accepted by others (SYN/ACK)",
			    { FW_SYN | FW_ACK, FW_FIN | FW_RST },
			    ANY_STATE },
	[LIFE_DENIED] = { "denied",
			  "refused by others (RST/ACK)",
			  { FW_RST | FW_ACK, FW_SYN | FW_FIN },
			  FW_STATE_SYN_SENT },
	[LIFE_CLOSED] = { "closed",
			  "closed by others (FIN/ACK)",
			  { FW_FIN | FW_ACK, FW_SYN | FW_RST },
			  ANY_STATE },
	[LIFE_RESET] = { "reset", "reset by others (RST)", { FW_RST, FW_SYN | FW_FIN }, ANY_STATE },
};

void life_rows(__u8 of_outcome[FW_OUTCOMES], __u8 of_state[FW_STATE_SLOTS])
{
	memset(of_outcome, LIFE_ROWS, FW_OUTCOMES);
	memset(of_state, LIFE_ROWS, FW_STATE_SLOTS);
	for (unsigned int kind = 0; kind < LIFE_ROWS; kind++) {
		enum fw_state state = kinds[kind].state;
		__u8 *of = state == ANY_STATE ? of_outcome : of_state + FW_STATE_SLOT(state, 0);
		unsigned int slots = state == ANY_STATE ? FW_SIGNATURES : FW_STATE_FLAGS;

		for (unsigned int slot = 0; slot < slots; slot++)
			if (match_holds(&kinds[kind].match, slot))
				of[slot] = (__u8)kind;
	}
}

struct life_row life_row_of(enum life_kind kind)
{
	return (struct life_row){ .name = kinds[kind].name,
				  .meaning = kinds[kind].meaning,
				  .by_state = kinds[kind].state != ANY_STATE };
}

void life_read(const struct fw_count counts[FW_OUTCOMES], const struct fw_count *states,
	       struct life *life)
{
	__u8 of_outcome[FW_OUTCOMES], of_state[FW_STATE_SLOTS];

	*life = (struct life){};
	for (unsigned int i = 0; i < LIFE_ROWS; i++)
		life->rows[i] = life_row_of((enum life_kind)i);
	life_rows(of_outcome, of_state);
	for (unsigned int i = 0; i < FW_OUTCOMES; i++)
		if (of_outcome[i] < LIFE_ROWS)
			life->rows[of_outcome[i]].packets += counts[i].packets;
	for (unsigned int i = 0; states && i < FW_STATE_USED; i++)
		if (of_state[i] < LIFE_ROWS)
			life->rows[of_state[i]].packets += states[i].packets;
	life->begun = life->rows[LIFE_ASKED].packets + life->rows[LIFE_ACCEPTED].packets;
	life->ended = life->rows[LIFE_CLOSED].packets + life->rows[LIFE_RESET].packets;
}

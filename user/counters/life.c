// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "life.h"

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

static __u64 sum(const struct match *match, const struct fw_count *counts, unsigned int slots)
{
	__u64 packets = 0;

	for (unsigned int slot = 0; slot < slots; slot++)
		if (match_holds(match, slot))
			packets += counts[slot].packets;
	return packets;
}

void life_read(const struct fw_count counts[FW_OUTCOMES], const struct fw_count *states,
	       struct life *life)
{
	*life = (struct life){};
	for (unsigned int i = 0; i < LIFE_ROWS; i++) {
		bool by_state = kinds[i].state != ANY_STATE;
		struct life_row *row = &life->rows[i];

		row->name = kinds[i].name;
		row->meaning = kinds[i].meaning;
		row->by_state = by_state;
		if (!by_state)
			row->packets = sum(&kinds[i].match, counts, FW_SIGNATURES);
		else if (states)
			row->packets = sum(&kinds[i].match,
					   &states[FW_STATE_SLOT(kinds[i].state, 0)],
					   FW_STATE_FLAGS);
	}
	life->begun = life->rows[LIFE_ASKED].packets + life->rows[LIFE_ACCEPTED].packets;
	life->ended = life->rows[LIFE_CLOSED].packets + life->rows[LIFE_RESET].packets;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "state_knowledge.h"

#include <string.h>

#include "match.h"

#define CLOSED "RFC 9293 section 3.10.7.1"
#define LISTEN "RFC 9293 section 3.10.7.2"
#define SYN_SENT "RFC 9293 section 3.10.7.3"
#define OTHERS "RFC 9293 section 3.10.7.4"

const struct state_knowledge state_knowledge_table[] = {
	{ FW_STATE_NONE, "rst", "It is discarded.", CLOSED },
	{ FW_STATE_NONE, "syn,!ack", "It is refused: answered with a RST.", CLOSED },
	{ FW_STATE_NONE, "any",
	  "It is answered with a RST, which a peer of a forgotten connection needs.", CLOSED },
	{ FW_STATE_LISTEN, "rst", "It is ignored.", LISTEN },
	{ FW_STATE_LISTEN, "syn,ack", "It is answered with a RST.", LISTEN },
	{ FW_STATE_LISTEN, "ack",
	  "It is answered with a RST, unless it returns a SYN cookie: then it opens a connection.",
	  LISTEN },
	{ FW_STATE_LISTEN, "syn", "It opens a connection.", LISTEN },
	{ FW_STATE_LISTEN, "any", "It is dropped.", LISTEN },
	{ FW_STATE_SYN_SENT, "rst,ack", "If it acknowledges our SYN, the connection is refused.",
	  SYN_SENT },
	{ FW_STATE_SYN_SENT, "rst", "It is dropped.", SYN_SENT },
	{ FW_STATE_SYN_SENT, "syn,ack", "If it acknowledges our SYN, the connection is open.",
	  SYN_SENT },
	{ FW_STATE_SYN_SENT, "syn", "Both ends open the connection at once: it is answered.",
	  SYN_SENT },
	{ FW_STATE_SYN_SENT, "ack",
	  "It is dropped, or answered with a RST: a peer that still knows the last connection of "
	  "these ports sends one.",
	  SYN_SENT },
	{ FW_STATE_SYN_SENT, "any", "It is dropped.", SYN_SENT },
	{ FW_STATE_TIME_WAIT, "rst", "It ends the state, or is ignored (RFC 1337).", OTHERS },
	{ FW_STATE_TIME_WAIT, "syn,!ack", "It may open a new connection with the same ports.",
	  "RFC 9293 section 3.10.7.4 and RFC 6191" },
	{ FW_STATE_TIME_WAIT, "syn", "It is no part of any connection: it is acknowledged at most.",
	  OTHERS },
	{ FW_STATE_TIME_WAIT, "ack",
	  "The last FIN again is acknowledged again. Linux shows FIN-WAIT-2 like this as well: "
	  "then data still arrive.",
	  OTHERS },
	{ FW_STATE_TIME_WAIT, "any", "It is dropped.", OTHERS },
	{ FW_STATE_OTHER, "rst", "It resets the connection, if its number is the right one.",
	  OTHERS },
	{ FW_STATE_OTHER, "syn",
	  "It is a repeated one of the handshake, or is answered with an ACK (RFC 5961).", OTHERS },
	{ FW_STATE_OTHER, "ack", "It is judged by its numbers, which flags do not tell.", OTHERS },
	{ FW_STATE_OTHER, "any", "It is dropped: every segment of a connection acknowledges.",
	  OTHERS },
};
const size_t state_knowledge_count =
	sizeof(state_knowledge_table) / sizeof(state_knowledge_table[0]);

const struct state_knowledge *state_knowledge_find(enum fw_state state, unsigned int signature)
{
	const struct state_knowledge *last = state_knowledge_table;

	for (size_t i = 0; i < state_knowledge_count; i++) {
		const struct state_knowledge *entry = &state_knowledge_table[i];
		struct text_error error;
		struct match match = {};

		if (entry->state != state)
			continue;
		last = entry;
		if (!match_parse(entry->match, strlen(entry->match), &match, &error) &&
		    match_holds(&match, signature))
			break;
	}
	return last; /* each state ends with "any" */
}

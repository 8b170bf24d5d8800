// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "knowledge.h"

#include <string.h>

#include "flagwall/signature.h"
#include "match.h"

#define NOBODY "nobody known"
#define EVERY_STACK "every TCP stack"
#define NO_TOOL "none in particular"

/* Sources that several entries share. */
#define ALWAYS_ACK "RFC 9293 section 3.1: once a connection is established, ACK is always sent"
#define NO_ACK_DROPPED                                                                             \
	"RFC 9293 section 3.10.7.4, fifth: if the ACK bit is off, drop the segment and return"
#define LISTEN_DROPPED                                                                             \
	"RFC 9293 section 3.10.7.2: a listener drops what has neither SYN, ACK nor RST"
#define CLOSED_RESET                                                                               \
	"RFC 9293 section 3.10.7.1: a closed port answers RST, which makes it a port scan"
#define RST_FIRST "RFC 9293 section 3.10.7.4, second: RST is looked at before SYN, ACK, URG and FIN"
#define LISTEN_RST "RFC 9293 section 3.10.7.2, first: a listener ignores a segment with RST"
#define RESET_GENERATION "RFC 9293 section 3.5.2: when a reset is sent, and with which ACK"
#define HANDSHAKE "RFC 9293 section 3.5: establishing a connection"
#define CLOSING "RFC 9293 section 3.6: closing a connection"
#define URGENT "RFC 9293 section 3.8.5: the communication of urgent information"
#define URGENT_AVOID "RFC 6093: new applications should not use urgent data"
#define TTCP "RFC 1644: T/TCP opened and closed a connection in one segment"
#define TTCP_HISTORIC "RFC 6247: T/TCP is historic"

const struct knowledge knowledge_table[] = {
	{ "!fin,!syn,!rst,!psh,!ack,!urg",
	  "No control bit at all (NULL scan): it neither opens, uses nor ends a connection.",
	  { LISTEN_DROPPED, NO_ACK_DROPPED, CLOSED_RESET },
	  NOBODY,
	  "nmap -sN, nmap -O, hping3 without a flag" },
	{ "syn,fin,rst,psh,ack,urg",
	  "All six control bits: it opens, closes and resets at once.",
	  { RST_FIRST, LISTEN_RST },
	  NOBODY,
	  "nmap --scanflags 255, hping3 -F -S -R -P -A -U" },
	{ "syn,fin,rst",
	  "SYN, FIN and RST: it opens, closes and resets at once.",
	  { RST_FIRST, LISTEN_RST },
	  NOBODY,
	  "nmap --scanflags, hping3" },
	{ "syn,fin,ack",
	  "SYN, FIN and ACK: accepts a connection and closes it, as only T/TCP did.",
	  { TTCP, TTCP_HISTORIC },
	  "T/TCP stacks of the 1990s, none today",
	  "nmap --scanflags, hping3 -S -F -A" },
	{ "syn,fin,psh,urg",
	  "SYN, FIN, PSH and URG: the probe by which nmap tells operating systems apart.",
	  { TTCP, TTCP_HISTORIC },
	  NOBODY,
	  "nmap -O, mausezahn" },
	{ "syn,fin",
	  "SYN and FIN: opens and closes at once, as only T/TCP did; it slips past filters that "
	  "look for SYN alone.",
	  { TTCP, TTCP_HISTORIC },
	  "T/TCP stacks of the 1990s, none today",
	  "nmap --scanflags SYNFIN, hping3 -S -F" },
	{ "syn,rst",
	  "SYN and RST: opens and resets at once; a receiver looks at the RST only.",
	  { RST_FIRST, LISTEN_RST },
	  NOBODY,
	  "nmap --scanflags SYNRST, hping3 -S -R" },
	{ "fin,psh,urg,!rst,!ack",
	  "FIN, PSH and URG without ACK (XMAS scan): a close that acknowledges nothing.",
	  { ALWAYS_ACK, NO_ACK_DROPPED, LISTEN_DROPPED, CLOSED_RESET },
	  NOBODY,
	  "nmap -sX, nmap -O, hping3 -F -P -U" },
	{ "fin,!psh,!urg,!rst,!ack",
	  "FIN alone (FIN scan): a close that acknowledges nothing.",
	  { ALWAYS_ACK, NO_ACK_DROPPED, LISTEN_DROPPED, CLOSED_RESET },
	  NOBODY,
	  "nmap -sF, hping3 -F" },
	{ "fin,!rst,!ack",
	  "FIN without ACK: a close that acknowledges nothing.",
	  { ALWAYS_ACK, NO_ACK_DROPPED, LISTEN_DROPPED, CLOSED_RESET },
	  NOBODY,
	  "nmap --scanflags, hping3" },
	{ "fin,rst,!ack",
	  "FIN and RST without ACK: closes and resets at once; a receiver looks at the RST only.",
	  { RST_FIRST, LISTEN_RST },
	  NOBODY,
	  "nmap --scanflags FINRST, hping3 -F -R" },
	{ "rst,urg,!ack",
	  "RST and URG without ACK: a reset that announces urgent data; a receiver looks at the "
	  "RST only.",
	  { RST_FIRST, RESET_GENERATION },
	  NOBODY,
	  "nmap --scanflags, hping3" },
	{ "psh,!urg,!syn,!rst,!ack",
	  "PSH alone: data that acknowledges nothing.",
	  { ALWAYS_ACK, NO_ACK_DROPPED, LISTEN_DROPPED, CLOSED_RESET },
	  NOBODY,
	  "nmap --scanflags PSH, hping3 -P" },
	{ "urg,!syn,!rst,!ack",
	  "URG without ACK: urgent data that acknowledges nothing.",
	  { ALWAYS_ACK, NO_ACK_DROPPED, LISTEN_DROPPED, CLOSED_RESET },
	  NOBODY,
	  "nmap --scanflags, hping3 -U" },
	{ "syn,psh,!urg,!ack",
	  "SYN and PSH: opens a connection, with a PSH that means nothing without data.",
	  { "RFC 9293 section 3.10.7.2, third: a listener takes a SYN whatever else is in it" },
	  "old Macintosh stacks and some others",
	  "nmap --scanflags, hping3 -S -P" },
	{ "syn,urg,!ack",
	  "SYN and URG: opens a connection and announces urgent data.",
	  { "RFC 9293 section 3.10.7.2, third: a listener takes a SYN whatever else is in it",
	    URGENT_AVOID },
	  "nobody known by name; Linux's conntrack takes it for valid",
	  "nmap --scanflags, hping3 -S -U" },
	{ "rst,psh,!ack",
	  "RST and PSH without ACK: a reset; the PSH means nothing.",
	  { RST_FIRST, RESET_GENERATION },
	  "nobody known by name; Linux's conntrack takes it for valid",
	  "nmap --scanflags, hping3 -R -P" },
	{ "fin,rst,ack",
	  "FIN, RST and ACK: a close and a reset; a receiver looks at the RST only.",
	  { RST_FIRST },
	  "a POP3 server, reported in 2002",
	  "nmap --scanflags, hping3 -F -R -A" },
	{ "syn,ack,urg",
	  "SYN, ACK and URG: accepts a connection and announces urgent data.",
	  { HANDSHAKE, URGENT_AVOID },
	  NOBODY,
	  "nmap --scanflags, hping3 -S -A -U" },
	{ "rst,ack,urg",
	  "RST, ACK and URG: a reset that announces urgent data.",
	  { RST_FIRST, RESET_GENERATION },
	  NOBODY,
	  "nmap --scanflags, hping3 -R -A -U" },
	{ "syn,!ack",
	  "SYN: opens a connection; with data if both ends know TCP Fast Open.",
	  { HANDSHAKE, "RFC 7413: TCP Fast Open" },
	  EVERY_STACK,
	  "nmap -sS and -sT, masscan, zmap, every SYN flood" },
	{ "syn,ack,psh",
	  "SYN, ACK and PSH: accepts a connection, and may carry its first data.",
	  { HANDSHAKE, "RFC 7413: TCP Fast Open" },
	  "stacks that answer a SYN with data at once",
	  NO_TOOL },
	{ "syn,ack",
	  "SYN and ACK: accepts a connection.",
	  { HANDSHAKE },
	  EVERY_STACK,
	  "hping3 -S -A, reflected SYN floods" },
	{ "fin,ack,urg",
	  "FIN, ACK and URG: closes a connection with the last urgent data.",
	  { CLOSING, URGENT, URGENT_AVOID },
	  "every TCP stack, where an application sends urgent data last",
	  NO_TOOL },
	{ "fin,ack,psh",
	  "FIN, ACK and PSH: closes a connection with the last data.",
	  { CLOSING },
	  EVERY_STACK,
	  NO_TOOL },
	{ "fin,ack", "FIN and ACK: closes a connection.", { CLOSING }, EVERY_STACK, "nmap -sM" },
	{ "ack,urg,!rst",
	  "ACK and URG: carries urgent data.",
	  { URGENT, URGENT_AVOID },
	  "telnet, rlogin, FTP (ABOR), Microsoft SQL Server",
	  NO_TOOL },
	{ "ack,psh,!rst",
	  "ACK and PSH: carries data, to be handed to the application at once.",
	  { "RFC 9293 section 3.9.1.2: the PUSH flag of SEND" },
	  EVERY_STACK,
	  NO_TOOL },
	{ "ack,!rst",
	  "ACK: acknowledges, and carries data.",
	  { ALWAYS_ACK },
	  EVERY_STACK,
	  "nmap -sA and -sW, hping3 -A" },
	{ "rst,ack",
	  "RST and ACK: resets a connection, or refuses one.",
	  { RESET_GENERATION, "RFC 9293 section 3.5.3: how a reset is checked; it may carry data" },
	  EVERY_STACK,
	  "hping3 -R -A, censors and others who forge resets" },
	{ "rst",
	  "RST: resets a connection, in answer to a segment with ACK.",
	  { RESET_GENERATION, "RFC 9293 section 3.5.3: how a reset is checked; it may carry data" },
	  EVERY_STACK,
	  "nmap -sS (its host resets what was accepted), hping3 -R" },
};

const size_t knowledge_count = sizeof(knowledge_table) / sizeof(knowledge_table[0]);

#define ECN_BLAMED "RFC 3360: a middlebox must not drop or reset for these bits"
#define ACCECN_HANDSHAKE "RFC 9768 section 3.1: the negotiation of Accurate ECN"

const struct knowledge knowledge_modifiers[] = {
	{ "syn,!ack,!ae,ece,cwr",
	  "ECE and CWR on a SYN: an ECN-setup SYN, it asks for ECN.",
	  { "RFC 3168 section 6.1.1: an ECN-setup SYN has ECE and CWR set", ECN_BLAMED },
	  "every stack that asks for ECN",
	  "nmap -O, nmap --scanflags SYNECECWR" },
	{ "syn,!ack,ae,ece,cwr",
	  "AE, CWR and ECE on a SYN: it asks for Accurate ECN.",
	  { ACCECN_HANDSHAKE, ECN_BLAMED },
	  "every stack that asks for Accurate ECN",
	  NO_TOOL },
	{ "syn,ack,!ae,ece,!cwr",
	  "ECE on a SYN-ACK: an ECN-setup SYN-ACK, it agrees to ECN.",
	  { "RFC 3168 section 6.1.1: an ECN-setup SYN-ACK has ECE set and CWR clear" },
	  "every stack that agrees to ECN",
	  NO_TOOL },
	{ "syn,ack,ae,ece,cwr",
	  "AE, CWR and ECE on a SYN-ACK: they only reflect the SYN, and ECN stays off.",
	  { ACCECN_HANDSHAKE },
	  "broken stacks",
	  NO_TOOL },
	{ "syn,ack,cwr,!ae",
	  "CWR on a SYN-ACK: part of the answer of Accurate ECN.",
	  { ACCECN_HANDSHAKE },
	  "every stack that agrees to Accurate ECN",
	  NO_TOOL },
	{ "syn,ack,cwr,ae,!ece",
	  "AE and CWR on a SYN-ACK: part of the answer of Accurate ECN.",
	  { ACCECN_HANDSHAKE },
	  "every stack that agrees to Accurate ECN",
	  NO_TOOL },
	{ "syn,ack,ae,!cwr",
	  "AE on a SYN-ACK: part of the answer of Accurate ECN.",
	  { ACCECN_HANDSHAKE },
	  "every stack that agrees to Accurate ECN",
	  NO_TOOL },
	{ "syn,!ack,!ae,ece,!cwr",
	  "ECE without CWR on a SYN: asks for nothing known, and must not be held against it.",
	  { ACCECN_HANDSHAKE },
	  NOBODY,
	  "hping3 -S -X" },
	{ "syn,!ack,!ae,!ece,cwr",
	  "CWR without ECE on a SYN: asks for nothing known, and must not be held against it.",
	  { ACCECN_HANDSHAKE },
	  NOBODY,
	  "hping3 -S -Y" },
	{ "syn,!ack,ae,!ece",
	  "AE without ECE on a SYN: asks for nothing known, and must not be held against it.",
	  { ACCECN_HANDSHAKE },
	  NOBODY,
	  NO_TOOL },
	{ "syn,!ack,ae,ece,!cwr",
	  "AE and ECE without CWR on a SYN: asks for nothing known, and must not be held against it.",
	  { ACCECN_HANDSHAKE },
	  NOBODY,
	  NO_TOOL },
	{ "!syn,ece",
	  "ECE: the network said that it is congested; with Accurate ECN a bit of its counter.",
	  { "RFC 3168 section 6.1.3: the receiver echoes congestion by ECE",
	    "RFC 9768 section 3.2: ECE, CWR and AE together are a counter of any value" },
	  "every stack that speaks ECN",
	  "hping3 -X" },
	{ "!syn,cwr",
	  "CWR: the sender has slowed down; with Accurate ECN a bit of its counter.",
	  { "RFC 3168 section 6.1.2: the sender answers congestion by CWR",
	    "RFC 9768 section 3.2: ECE, CWR and AE together are a counter of any value" },
	  "every stack that speaks ECN",
	  "hping3 -Y" },
	{ "!syn,ae",
	  "AE: with Accurate ECN a bit of its counter.",
	  { "RFC 9768 section 3.2: ECE, CWR and AE together are a counter of any value" },
	  "every stack that speaks Accurate ECN",
	  NO_TOOL },
	{ "rsv",
	  "A reserved bit: to be sent as zero, and to be ignored when received.",
	  { "RFC 9293 section 3.1: must be zero in generated segments, ignored in received ones" },
	  "nobody yet: a future standard may",
	  "nmap -O" },
};

const size_t knowledge_modifier_count = sizeof(knowledge_modifiers) / sizeof(knowledge_modifiers[0]);

bool knowledge_holds(const struct knowledge *entry, unsigned int signature)
{
	struct match match;
	struct text_error error;

	return !match_parse(entry->match, strlen(entry->match), &match, &error) &&
	       match_holds(&match, signature);
}

const struct knowledge *knowledge_find(unsigned int signature)
{
	for (size_t i = 0; i < knowledge_count; i++)
		if (knowledge_holds(&knowledge_table[i], signature))
			return &knowledge_table[i];
	return NULL; /* not reached: the table covers everything, as a test shows */
}

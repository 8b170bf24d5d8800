/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bytes of headers between Ethernet and TCP, for the lists of shapes. */
#ifndef FLAGWALL_TESTS_LAYERS_H
#define FLAGWALL_TESTS_LAYERS_H

#include "frames.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A layer of literal bytes, and one whose length field at @at leaves @without out. */
#define BYTES(literal)                                                                             \
	{                                                                                          \
		.bytes = (literal), .size = sizeof(literal) - 1                                    \
	}
#define EXTENSION(literal)                                                                         \
	{                                                                                          \
		.bytes = (literal), .size = sizeof(literal) - 1, .extension = true                 \
	}
#define LENGTH_AT(at, without, literal)                                                            \
	{                                                                                          \
		.bytes = (literal), .size = sizeof(literal) - 1, .length_at = (at),                \
		.length_without = (without)                                                        \
	}
#define LENGTH_LIES(at, without, says, literal)                                                    \
	{                                                                                          \
		.bytes = (literal), .size = sizeof(literal) - 1, .length_at = (at),                \
		.length_without = (without), .lies = true, .claims = (says)                        \
	}

/* EtherTypes. */
#define T_IP4 "\x08\x00"
#define T_IP6 "\x86\xdd"
#define T_ARP "\x08\x06"
#define T_Q "\x81\x00"
#define T_AD "\x88\xa8"
#define T_QINQ "\x91\x00"
#define T_MPLS "\x88\x47"
#define T_PPPOE "\x88\x64"
#define T_PBB "\x88\xe7"
#define T_VNTAG "\x89\x26"
#define T_ETAG "\x89\x3f"
#define T_CISCO "\x89\x09"
#define T_ETHERNET "\x65\x58"
#define T_ERSPAN "\x88\xbe"
#define T_LENGTH "\x05\xdc"

/* Link headers, up to what follows. */
#define MACS "\x02\x00\x00\x00\x00\x0a\x02\x00\x00\x00\x00\x0b"
#define TAG(type) BYTES("\xa0\x65" type)
#define VNTAG(type) BYTES("\x00\x0a\x00\x0b" type)
#define ETAG(type) BYTES("\x00\x00\x10\x0a\x00\x00" type)
#define CISCO(type) BYTES("\x01\x01\x00\x01\x00\x07" type)
#define PBB(type) BYTES("\x00\x12\x34\x56" MACS type)
#define LABEL BYTES("\x00\x06\x40\x40")
#define BOTTOM BYTES("\x00\x06\x41\x40")
/* Label 200: what is behind it is known to those who must be told. */
#define PSEUDOWIRE(type) BYTES("\x00\x0c\x81\x40"), BYTES("\x00\x00\x00\x07" MACS type)
#define PPPOE(protocol) LENGTH_AT(4, 6, "\x11\x00\x12\x34\x00\x00" protocol)
#define SNAP(type) BYTES("\xaa\xaa\x03\x00\x00\x00" type)
#define ETHERNET(type) BYTES(MACS type)

/* IP headers of tunnels; of these four, the last two are given as literals. */
#define OUTER4_ANY(start, fragment, protocol)                                                      \
	start "\x00\x00\x00\x12\x35" fragment "\x40" protocol                                      \
	      "\x00\x00\xc0\x00\x02\x0b\xc0\x00\x02\x0c"
#define OUTER6_ANY(next)                                                                           \
	"\x60\x00\x00\x00\x00\x00" next "\x40"                                                     \
	"\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0b"                         \
	"\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0c"
#define OUTER4_FRAGMENT(fragment, protocol)                                                        \
	{                                                                                          \
		.bytes = OUTER4_ANY("\x45", fragment, protocol), .size = 20, .ip = 4,              \
		.length_at = 2                                                                     \
	}
#define OUTER4(protocol) OUTER4_FRAGMENT("\x00\x00", protocol)
#define OUTER4_SAYS(says, protocol)                                                                \
	{                                                                                          \
		.bytes = OUTER4_ANY("\x45", "\x00\x00", protocol), .size = 20, .ip = 4,            \
		.length_at = 2, .lies = true, .claims = (says)                                     \
	}
/* Six words: four bytes of options follow as a layer. */
#define OUTER4_OPTIONS(protocol)                                                                    \
	{ .bytes = OUTER4_ANY("\x46", "\x00\x00", protocol), .size = 20, .ip = 4, .length_at = 2 }, \
		BYTES("\x01\x01\x01\x01")
#define OUTER6(next)                                                                               \
	{                                                                                          \
		.bytes = OUTER6_ANY(next), .size = 40, .ip = 6, .length_at = 4,                    \
		.length_without = 40                                                               \
	}
#define OUTER6_SAYS(says, next)                                                                    \
	{                                                                                          \
		.bytes = OUTER6_ANY(next), .size = 40, .ip = 6, .length_at = 4,                    \
		.length_without = 40, .lies = true, .claims = (says)                               \
	}

/* Protocol numbers. */
#define P_IP4 "\x04"
#define P_UDP "\x11"
#define P_IP6 "\x29"
#define P_GRE "\x2f"
#define P_FRAGMENT "\x2c"
#define P_AH "\x33"
#define P_DSTOPTS "\x3c"

/* UDP to a port, and what is behind it. */
#define UDP_FROM(from, to) LENGTH_AT(4, 0, from to "\x00\x00\x00\x00")
#define UDP(to) UDP_FROM("\xd0\x01", to)
#define PORT_GTP "\x08\x68"
#define PORT_TEREDO "\x0d\xd8"
#define PORT_VXLAN "\x12\xb5"
#define PORT_VXLAN_LINUX "\x21\x18"
#define PORT_GENEVE "\x17\xc1"
#define VXLAN UDP(PORT_VXLAN), BYTES("\x08\x00\x00\x00\x00\x00\x2a\x00")
#define GENEVE(words, type) UDP(PORT_GENEVE), BYTES(words "\x00" type "\x00\x00\x2a\x00")
#define GTP(flags) UDP(PORT_GTP), LENGTH_AT(2, 8, flags "\xff\x00\x00\x00\x00\x00\x2a")
#define GTP_MORE(next) BYTES("\x00\x01\x00" next)
#define GTP_PDU(next) BYTES("\x01\x10\x09" next)
#define TEREDO UDP(PORT_TEREDO)
#define ORIGIN BYTES("\x00\x00\x2f\xfe\x3f\xff\xfd\xfe")

#define GRE(flags, type) BYTES(flags type)
#define PLAIN_GRE(type) GRE("\x00\x00", type)

#endif /* FLAGWALL_TESTS_LAYERS_H */

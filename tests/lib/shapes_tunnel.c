// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shapes with tunnels, and what the innermost packet that can be reached is. */
#include <netinet/in.h>

#include "flagwall/outcome.h"
#include "layers.h"

#define IP4 0x0800
#define IP6 0x86dd
#define TYPE_PPPOE 0x8864
#define TYPE_MPLS 0x8847
#define TYPE_LENGTH 0x05dc

#define NOT_TCP(more_) .reason = FW_REASON_NOT_TCP, .decided = BY_LAYERS, .more = (more_)
#define TOO_DEEP(more_) .reason = FW_REASON_ENCAPSULATION, .decided = BY_LAYERS, .more = (more_)
#define BROKEN(more_) .reason = FW_REASON_HEADER_CHAIN, .decided = BY_LAYERS, .more = (more_)
#define TRUNCATED .reason = FW_REASON_TRUNCATED, .decided = BY_OUTER
#define NOT_FOLLOWED .reason = FW_REASON_NOT_TCP, .decided = BY_OUTER

/* 2,048 bytes of options, and one more such header behind them. */
static const char long_options[2048] = { 60, (char)255 };
static const char last_long_options[2048] = { 41, (char)255 };
#define LONG_OPTIONS                                                                               \
	{                                                                                          \
		.bytes = long_options, .size = 2048, .extension = true                             \
	}
#define LAST_LONG_OPTIONS                                                                          \
	{                                                                                          \
		.bytes = last_long_options, .size = 2048, .extension = true                        \
	}
/* So many that UDP begins at byte 15,870, or at 15,878. */
static const char options_1480[1480] = { 17, (char)184 };
static const char options_1488[1488] = { 17, (char)185 };
#define OPTIONS_TO(array)                                                                          \
	OUTER6(P_DSTOPTS), LONG_OPTIONS, LONG_OPTIONS, LONG_OPTIONS, LONG_OPTIONS, LONG_OPTIONS,   \
		LONG_OPTIONS, LONG_OPTIONS,                                                        \
	{                                                                                          \
		.bytes = (array), .size = sizeof(array), .extension = true                         \
	}
#define FOUR_WORDS "\x01\x01\x80\x03\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b"

static const struct shape shapes[] = {
	/* IP in IP. */
	{ "IPv4 in IPv4", .type = IP4, .layers = { OUTER4(P_IP4) }, .ip = 4 },
	{ "IPv6 in IPv4", .type = IP4, .layers = { OUTER4(P_IP6) }, .ip = 6 },
	{ "IPv4 in IPv6", .type = IP6, .layers = { OUTER6(P_IP4) }, .ip = 4 },
	{ "IPv6 in IPv6", .type = IP6, .layers = { OUTER6(P_IP6) }, .ip = 6 },
	{ "IPv4 in IPv4 with 6 words, behind a tag", .tags = { 0x8100 }, .type = IP4,
	  .layers = { OUTER4_OPTIONS(P_IP4) }, .ip = 4, .options = 8 },
	{ "IPv6 in IPv6 with dstopts", .type = IP6,
	  .layers = { OUTER6(P_DSTOPTS), EXTENSION(P_IP6 "\x00\x04\x01\x04\x01\x00\x00") },
	  .ip = 6 },
	{ "IPv6 in IPv6 with AH", .type = IP6,
	  .layers = { OUTER6(P_AH),
		      EXTENSION(P_IP6 "\x05\x00\x00\x00\x00\x01\x00\x00\x00\x00\x07" FOUR_WORDS) },
	  .ip = 6, .chain = { { .kind = IPPROTO_DSTOPTS, .size = 8 } } },
	{ "IPv4 in IPv4 in PPPoE", .type = TYPE_PPPOE,
	  .layers = { PPPOE("\x00\x21"), OUTER4(P_IP4) }, .ip = 4 },
	{ "IPv4 in IPv6 in PPPoE, short protocol", .type = TYPE_PPPOE,
	  .layers = { PPPOE("\x57"), OUTER6(P_IP4) }, .ip = 4 },
	{ "IPv4 in IPv4 behind MPLS", .type = TYPE_MPLS, .layers = { LABEL, BOTTOM, OUTER4(P_IP4) },
	  .ip = 4 },
	{ "IPv6 in IPv6 with an atomic fragment header", .type = IP6,
	  .layers = { OUTER6(P_FRAGMENT), EXTENSION(P_IP6 "\x00\x00\x00\x00\x00\x00\x07") },
	  .ip = 6 },
	{ "IPv4 in IPv4, total length 0", .type = IP4, .layers = { OUTER4(P_IP4) }, .ip = 4,
	  .length = LENGTH_IS },
	{ "IPv4 in IPv4, total length 0, padded", .type = IP4, .layers = { OUTER4(P_IP4) }, .ip = 4,
	  .length = LENGTH_IS, .padding = 9 },
	{ "IPv6 in IPv4, padded", .type = IP4, .layers = { OUTER4(P_IP6) }, .ip = 6, .padding = 7 },
	{ "IPv4 in IPv4, the inner says more", .type = IP4, .layers = { OUTER4(P_IP4) }, .ip = 4,
	  .length = LENGTH_PLUS, .length_value = 100 },
	{ "IPv4 in IPv4, the outer says more", .type = IP4, .layers = { OUTER4_SAYS(60000, P_IP4) },
	  .ip = 4 },
	{ "IPv4 in IPv4, the outer ends in the flags", .type = IP4,
	  .layers = { OUTER4_SAYS(53, P_IP4) }, .ip = 4 },
	{ "IPv4 in IPv4, the outer ends behind the flags", .type = IP4,
	  .layers = { OUTER4_SAYS(54, P_IP4) }, .ip = 4 },
	{ "IPv6 in IPv6, the outer ends in the inner", .type = IP6,
	  .layers = { OUTER6_SAYS(39, P_IP6) }, .ip = 6, TRUNCATED },
	{ "IPv4 in IPv4, the outer has nothing", .type = IP4, .layers = { OUTER4_SAYS(20, P_IP4) },
	  .ip = 4, TRUNCATED },

	/* GRE. */
	{ "IPv4 in GRE", .type = IP4, .layers = { OUTER4(P_GRE), PLAIN_GRE(T_IP4) }, .ip = 4 },
	{ "IPv6 in GRE in IPv6", .type = IP6, .layers = { OUTER6(P_GRE), PLAIN_GRE(T_IP6) },
	  .ip = 6 },
	{ "IPv4 in GRE, checksum", .type = IP4,
	  .layers = { OUTER4(P_GRE), GRE("\x80\x00", T_IP4), BYTES("\xab\xcd\x00\x00") }, .ip = 4 },
	{ "IPv4 in GRE, key", .type = IP4,
	  .layers = { OUTER4(P_GRE), GRE("\x20\x00", T_IP4), BYTES("\x00\x00\x00\x2a") }, .ip = 4 },
	{ "IPv4 in GRE, sequence", .type = IP4,
	  .layers = { OUTER4(P_GRE), GRE("\x10\x00", T_IP4), BYTES("\x00\x00\x00\x2a") }, .ip = 4 },
	{ "IPv6 in GRE, all three", .type = IP4,
	  .layers = { OUTER4(P_GRE), GRE("\xb0\x00", T_IP6),
		      BYTES("\xab\xcd\x00\x00\x00\x00\x00\x2a\x00\x00\x00\x07") },
	  .ip = 6 },
	{ "IPv4 in Ethernet in GRE", .type = IP4,
	  .layers = { OUTER4(P_GRE), GRE("\x20\x00", T_ETHERNET), BYTES("\x00\x00\x2a\x00"),
		      ETHERNET(T_IP4) },
	  .ip = 4 },
	{ "IPv6 in tagged Ethernet in GRE", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE(T_ETHERNET), ETHERNET(T_AD), TAG(T_Q), TAG(T_IP6) },
	  .ip = 6 },
	{ "IPv4 in ERSPAN, type I", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE(T_ERSPAN), ETHERNET(T_IP4) }, .ip = 4 },
	{ "IPv4 in ERSPAN, type II", .type = IP4,
	  .layers = { OUTER4(P_GRE), GRE("\x10\x00", T_ERSPAN), BYTES("\x00\x00\x00\x2a"),
		      BYTES("\x10\x64\x00\x05\x00\x00\x00\x00"), ETHERNET(T_IP4) },
	  .ip = 4 },
	{ "IPv4 behind MPLS in GRE", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE(T_MPLS), LABEL, BOTTOM }, .ip = 4 },

	{ "IPv4 in WCCP", .type = IP4, .layers = { OUTER4(P_GRE), PLAIN_GRE("\x88\x3e") }, .ip = 4 },
	{ "IPv4 in WCCP, version 2", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE("\x88\x3e"), BYTES("\x00\x01\x02\x03") }, .ip = 4 },

	/* Over UDP. */
	{ "IPv4 in VXLAN", .type = IP4, .layers = { OUTER4(P_UDP), VXLAN, ETHERNET(T_IP4) },
	  .ip = 4 },
	{ "IPv6 in VXLAN in IPv6", .type = IP6, .layers = { OUTER6(P_UDP), VXLAN, ETHERNET(T_IP6) },
	  .ip = 6 },
	{ "IPv4 in VXLAN on the old port", .type = IP4,
	  .layers = { OUTER4(P_UDP), UDP(PORT_VXLAN_LINUX),
		      BYTES("\x88\x00\x00\x05\x00\x00\x2a\x00"), ETHERNET(T_IP4) },
	  .ip = 4 },
	{ "IPv4 in SNAP in VXLAN", .type = IP4,
	  .layers = { OUTER4(P_UDP), VXLAN, ETHERNET(T_LENGTH), SNAP(T_IP4) }, .ip = 4 },
	{ "IPv4 in GENEVE", .type = IP4,
	  .layers = { OUTER4(P_UDP), GENEVE("\x00", T_ETHERNET), ETHERNET(T_IP4) }, .ip = 4 },
	{ "IPv6 in GENEVE with options, no Ethernet", .type = IP4,
	  .layers = { OUTER4(P_UDP), GENEVE("\x04", T_IP6), BYTES(FOUR_WORDS) }, .ip = 6 },
	{ "IPv4 in GENEVE with 63 words of options", .type = IP6,
	  .layers = { OUTER6(P_UDP),
		      GENEVE("\x3f", T_ETHERNET),
		      { .bytes = long_options, .size = 252 },
		      ETHERNET(T_IP4) },
	  .ip = 4 },
	{ "IPv4 in GTP-U", .type = IP4, .layers = { OUTER4(P_UDP), GTP("\x30") }, .ip = 4 },
	{ "IPv6 in GTP-U with a number", .type = IP4,
	  .layers = { OUTER4(P_UDP), GTP("\x32"), GTP_MORE("\x85") }, .ip = 6 },
	{ "IPv4 in GTP-U with an extension", .type = IP6,
	  .layers = { OUTER6(P_UDP), GTP("\x34"), GTP_MORE("\x85"), GTP_PDU("\x00") }, .ip = 4 },
	{ "IPv4 in GTP-U, no protocol type", .type = IP4, .layers = { OUTER4(P_UDP), GTP("\x20") },
	  .ip = 4 },
	{ "IPv4 in GTP-U with four extensions", .type = IP4,
	  .layers = { OUTER4(P_UDP), GTP("\x36"), GTP_MORE("\x85"), GTP_PDU("\xc0"),
		      BYTES("\x02\x00\x00\x00\x00\x00\x00\x85"), GTP_PDU("\x85"), GTP_PDU("\x00") },
	  .ip = 4 },
	{ "IPv6 in Teredo", .type = IP4, .layers = { OUTER4(P_UDP), TEREDO }, .ip = 6 },
	{ "IPv6 in Teredo, from the server", .type = IP4,
	  .layers = { OUTER4(P_UDP), UDP_FROM(PORT_TEREDO, "\xd0\x01"), ORIGIN }, .ip = 6 },
	{ "IPv6 in Teredo, authenticated", .type = IP4,
	  .layers = { OUTER4(P_UDP), TEREDO,
		      BYTES("\x00\x01\x03\x02idxau\x01\x02\x03\x04\x05\x06\x07\x08\x00"), ORIGIN },
	  .ip = 6 },

	/* Two deep. */
	{ "IPv4 in IPv4 in IPv4", .type = IP4, .layers = { OUTER4(P_IP4), OUTER4(P_IP4) }, .ip = 4 },
	{ "IPv6 in IPv4 in VXLAN", .type = IP4,
	  .layers = { OUTER4(P_UDP), VXLAN, ETHERNET(T_IP4), OUTER4(P_IP6) }, .ip = 6 },
	{ "IPv4 in VXLAN in GRE", .type = IP6,
	  .layers = { OUTER6(P_GRE), PLAIN_GRE(T_IP4), OUTER4(P_UDP), VXLAN, ETHERNET(T_Q),
		      TAG(T_IP4) },
	  .ip = 4 },
	{ "IPv4 in IPv4 in IPv4, the outermost ends in the flags", .type = IP4,
	  .layers = { OUTER4_SAYS(73, P_IP4), OUTER4_SAYS(200, P_IP4) }, .ip = 4, .padding = 20 },
	{ "IPv4 in IPv4 in IPv4, the outermost ends first", .type = IP4,
	  .layers = { OUTER4_SAYS(75, P_IP4), OUTER4_SAYS(200, P_IP4) }, .ip = 4, .padding = 20 },

	/* What the innermost packet is. */
	{ "ICMP in IPv4", .type = IP4, .layers = { OUTER4(P_IP4) }, .ip = 4, .other = true,
	  .protocol = IPPROTO_ICMP, .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "ESP in VXLAN", .type = IP4, .layers = { OUTER4(P_UDP), VXLAN, ETHERNET(T_IP6) }, .ip = 6,
	  .other = true, .protocol = IPPROTO_ESP, .reason = FW_REASON_ENCRYPTED, .decided = BY_IP },
	{ "ARP in VXLAN", .type = IP4, .layers = { OUTER4(P_UDP), VXLAN, ETHERNET(T_ARP) },
	  NOT_TCP(0) },
	{ "a fragment at offset 1 in GRE", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE(T_IP4) }, .ip = 4, .fragment = 1,
	  .reason = FW_REASON_FRAGMENT_OVERLAP, .decided = BY_IP },
	{ "a later fragment in IPv6", .type = IP6, .layers = { OUTER6(P_IP6) }, .ip = 6,
	  .chain = { { .kind = IPPROTO_FRAGMENT, .size = 8, .fragment = 185 << 3 } },
	  .reason = FW_REASON_FRAGMENT, .decided = BY_EXTENSION(1) },
	{ "a first fragment of 8 bytes in VXLAN", .type = IP4,
	  .layers = { OUTER4(P_UDP), VXLAN, ETHERNET(T_IP4) }, .ip = 4, .fragment = 0x2000,
	  .length = LENGTH_IS, .length_value = 28 },
	{ "IPv4 of 4 words in GTP-U", .type = IP4, .layers = { OUTER4(P_UDP), GTP("\x30") },
	  .ip = 4, .start = 0x44, .reason = FW_REASON_BAD_IP_HEADER, .decided = BY_IP },
	{ "IPv6 in IPv4 that is no IPv6", .type = IP4, .layers = { OUTER4(P_IP6) }, .ip = 6,
	  .start = 0x45, .reason = FW_REASON_BAD_IP_HEADER, .decided = BY_IP },
	{ "nine MPLS labels in GRE", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE(T_MPLS), LABEL, LABEL, LABEL, LABEL, LABEL, LABEL,
		      LABEL, LABEL },
	  TOO_DEEP(0) },

	/* Too deep, or too far behind. */
	{ "IPv4 three times in IPv4", .type = IP4,
	  .layers = { OUTER4(P_IP4), OUTER4(P_IP4), OUTER4(P_IP4) }, .ip = 4, TOO_DEEP(0) },
	{ "VXLAN in GRE in IPv6", .type = IP6,
	  .layers = { OUTER6(P_IP4), OUTER4(P_GRE), PLAIN_GRE(T_IP4), OUTER4(P_UDP), VXLAN,
		      ETHERNET(T_IP4) },
	  .ip = 4, TOO_DEEP(-14) },
	{ "IPv4 four times in IPv6", .type = IP6,
	  .layers = { OUTER6(P_IP6), OUTER6(P_IP6), OUTER6(P_IP6), OUTER6(P_IP4) }, .ip = 4,
	  TOO_DEEP(-40) },
	{ "UDP in GRE in IPv6", .type = IP6,
	  .layers = { OUTER6(P_IP4), OUTER4(P_GRE), PLAIN_GRE(T_IP4), OUTER4(P_UDP),
		      UDP("\x00\x35") },
	  NOT_TCP(0) },
	{ "IPv6 behind 16 KiB of options", .type = IP6,
	  .layers = { OUTER6(P_DSTOPTS), LONG_OPTIONS, LONG_OPTIONS, LONG_OPTIONS, LONG_OPTIONS,
		      LONG_OPTIONS, LONG_OPTIONS, LONG_OPTIONS, LAST_LONG_OPTIONS },
	  .ip = 6, TOO_DEEP(-2040) },
	{ "GENEVE that ends too far behind", .type = IP6,
	  .layers = { OPTIONS_TO(options_1480), GENEVE("\x00", T_IP6) }, .ip = 6, TOO_DEEP(0) },
	{ "GENEVE that begins too far behind", .type = IP6,
	  .layers = { OPTIONS_TO(options_1488), GENEVE("\x00", T_IP6) }, .ip = 6,
	  TOO_DEEP(-16 - 1480) },
	{ "IPv6 behind 12 KiB of options", .type = IP6,
	  .layers = { OUTER6(P_DSTOPTS), LONG_OPTIONS, LONG_OPTIONS, LONG_OPTIONS, LONG_OPTIONS,
		      LONG_OPTIONS, LAST_LONG_OPTIONS },
	  .ip = 6 },

	/* Tunnels that nobody understands, and fragments of them. */
	{ "IPv4 in a first fragment of IPv4", .type = IP4,
	  .layers = { OUTER4_FRAGMENT("\x20\x00", P_IP4) }, .ip = 4, NOT_FOLLOWED },
	{ "IPv4 in a later fragment of IPv4", .type = IP4,
	  .layers = { OUTER4_FRAGMENT("\x00\x01", P_IP4) }, .ip = 4, NOT_FOLLOWED },
	{ "IPv6 in a first fragment of IPv6", .type = IP6,
	  .layers = { OUTER6(P_FRAGMENT), EXTENSION(P_IP6 "\x00\x00\x01\x00\x00\x00\x07") },
	  .ip = 6, NOT_FOLLOWED },
	{ "IPv6 in a later fragment of IPv6", .type = IP6,
	  .layers = { OUTER6(P_FRAGMENT), EXTENSION(P_IP6 "\x00\x00\x10\x00\x00\x00\x07") },
	  .ip = 6, NOT_FOLLOWED },
	{ "a fragment of IPv4 in GRE", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE(T_IP4), OUTER4_FRAGMENT("\x20\x00", P_IP4) },
	  .ip = 4, NOT_TCP(0) },
	{ "GRE with routing", .type = IP4, .layers = { OUTER4(P_GRE), GRE("\x40\x00", T_IP4) },
	  .ip = 4, NOT_TCP(0) },
	{ "GRE of version 1", .type = IP4, .layers = { OUTER4(P_GRE), GRE("\x00\x01", T_IP4) },
	  .ip = 4, NOT_TCP(0) },
	{ "GRE with a length for a type", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE("\x00\x00") }, NOT_TCP(0) },
	{ "GRE with something else", .type = IP4,
	  .layers = { OUTER4(P_GRE), PLAIN_GRE("\x90\x00") }, .ip = 4, NOT_TCP(0) },
	{ "VXLAN without a number", .type = IP4,
	  .layers = { OUTER4(P_UDP), UDP(PORT_VXLAN), BYTES("\x00\x00\x00\x00\x00\x00\x2a\x00"),
		      ETHERNET(T_IP4) },
	  .ip = 4, NOT_TCP(-14) },
	{ "GENEVE of version 1", .type = IP4, .layers = { OUTER4(P_UDP), GENEVE("\x40", T_IP4) },
	  .ip = 4, NOT_TCP(0) },
	{ "GENEVE, options past the end", .type = IP4,
	  .layers = { { .bytes = OUTER4_ANY("\x45", "\x00\x00", P_UDP),
			.size = 20,
			.ip = 4,
			.length_at = 2,
			.lies = true,
			.claims = 40 },
		      GENEVE("\x3f", T_IP4),
		      BYTES(FOUR_WORDS) },
	  TRUNCATED },
	{ "an echo of GTP", .type = IP4,
	  .layers = { OUTER4(P_UDP), UDP(PORT_GTP), BYTES("\x32\x01\x00\x04\x00\x00\x00\x00") },
	  NOT_TCP(0) },
	{ "GTP of version 2", .type = IP4,
	  .layers = { OUTER4(P_UDP), UDP(PORT_GTP), BYTES("\x48\xff\x00\x40\x00\x00\x00\x00") },
	  .ip = 4, NOT_TCP(0) },
	{ "GTP-U, an extension of no length", .type = IP4,
	  .layers = { OUTER4(P_UDP), GTP("\x34"), GTP_MORE("\x85"), BYTES("\x00\x00\x00\x85") },
	  .ip = 4, BROKEN(-3) },
	{ "GTP-U, five extensions", .type = IP4,
	  .layers = { OUTER4(P_UDP), GTP("\x34"), GTP_MORE("\x85"), GTP_PDU("\x85"),
		      GTP_PDU("\x85"), GTP_PDU("\x85"), GTP_PDU("\x85"), GTP_PDU("\x00") },
	  .ip = 4, BROKEN(-4) },
	{ "GTP-U, an extension past the end", .type = IP4,
	  .layers = { OUTER4_SAYS(60, P_UDP), GTP("\x34"), GTP_MORE("\x85"),
		      BYTES("\xff\x00\x00\x00") },
	  TRUNCATED },
	{ "GTP-U with no IP", .type = IP4, .layers = { OUTER4(P_UDP), GTP("\x30"), BYTES("\x00") },
	  NOT_TCP(0) },
	{ "Teredo with IPv4", .type = IP4,
	  .layers = { OUTER4(P_UDP), TEREDO, BYTES("\x45\x00\x00\x28") }, NOT_TCP(0) },
	{ "UDP to nowhere", .type = IP4, .layers = { OUTER4(P_UDP), UDP("\x00\x35") }, .ip = 4,
	  NOT_TCP(0) },
	{ "UDP behind dstopts", .type = IP6,
	  .layers = { OUTER6(P_DSTOPTS), EXTENSION(P_UDP "\x00\x01\x04\x00\x00\x00\x00"),
		      UDP("\x00\x35") },
	  NOT_TCP(0) },
};

const struct shape_list tunnel_shapes = { shapes, ARRAY_SIZE(shapes) };

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shapes with more than VLAN tags between Ethernet and IP. */
#include <netinet/in.h>

#include "flagwall/outcome.h"
#include "layers.h"

#define Q 0x8100
#define AD 0x88a8
#define QINQ 0x9100
#define TYPE_PBB 0x88e7
#define TYPE_VNTAG 0x8926
#define TYPE_ETAG 0x893f
#define TYPE_CISCO 0x8909
#define TYPE_MPLS 0x8847
#define TYPE_MPLS_MULTICAST 0x8848
#define TYPE_PPPOE 0x8864
#define TYPE_LENGTH 0x05dc /* 1500, the most that is a length */

#define EIGHT_TAGS TAG(T_QINQ), TAG(T_Q), TAG(T_AD), TAG(T_Q), TAG(T_QINQ), TAG(T_Q), TAG(T_AD)
#define SEVEN_LABELS LABEL, LABEL, LABEL, LABEL, LABEL, LABEL, LABEL

#define NOT_IP(more_) .reason = FW_REASON_NOT_IP, .decided = BY_LAYERS, .more = (more_)
#define TOO_DEEP(more_) .reason = FW_REASON_ENCAPSULATION, .decided = BY_LAYERS, .more = (more_)

static const struct shape shapes[] = {
	/* Signatures. */
	{ "IPv4 in PPPoE", .type = TYPE_PPPOE, .layers = { PPPOE("\x00\x21") }, .ip = 4 },
	{ "IPv6 in PPPoE", .type = TYPE_PPPOE, .layers = { PPPOE("\x00\x57") }, .ip = 6 },
	{ "IPv4 in PPPoE behind two tags", .tags = { AD, Q }, .type = TYPE_PPPOE,
	  .layers = { PPPOE("\x00\x21") }, .ip = 4 },
	{ "IPv4 in PPPoE, short protocol", .type = TYPE_PPPOE, .layers = { PPPOE("\x21") },
	  .ip = 4 },
	{ "IPv6 in PPPoE, short protocol, dstopts", .type = TYPE_PPPOE, .layers = { PPPOE("\x57") },
	  .ip = 6, .chain = { { .kind = 60, .size = 16 } } },
	{ "IPv4 in PPPoE that says nothing of it", .type = TYPE_PPPOE,
	  .layers = { LENGTH_LIES(4, 6, 0, "\x11\x00\x12\x34\x00\x00\x00\x21") }, .ip = 4 },
	{ "IPv4 in PPPoE that says too much", .type = TYPE_PPPOE,
	  .layers = { LENGTH_LIES(4, 6, 65535, "\x11\x00\x12\x34\x00\x00\x00\x21") }, .ip = 4 },
	{ "IPv4 in PPPoE, total length 0", .type = TYPE_PPPOE, .layers = { PPPOE("\x00\x21") },
	  .ip = 4, .length = LENGTH_IS },

	{ "IPv4 behind an MPLS label", .type = TYPE_MPLS, .layers = { BOTTOM }, .ip = 4 },
	{ "IPv6 behind an MPLS label", .type = TYPE_MPLS_MULTICAST, .layers = { BOTTOM }, .ip = 6 },
	{ "IPv4 behind three MPLS labels", .type = TYPE_MPLS, .layers = { LABEL, LABEL, BOTTOM },
	  .ip = 4 },
	{ "IPv6 behind eight MPLS labels", .type = TYPE_MPLS, .layers = { SEVEN_LABELS, BOTTOM },
	  .ip = 6 },
	{ "IPv4 behind tags and MPLS", .tags = { Q, Q }, .type = TYPE_MPLS,
	  .layers = { LABEL, BOTTOM }, .ip = 4, .options = 8 },
	{ "IPv4 in a pseudowire", .type = TYPE_MPLS, .layers = { LABEL, PSEUDOWIRE(T_IP4) },
	  .ip = 4 },
	{ "IPv6 in a pseudowire behind tags", .type = TYPE_MPLS,
	  .layers = { PSEUDOWIRE(T_AD), TAG(T_Q), TAG(T_IP6) }, .ip = 6 },

	{ "IPv4 in PBB", .type = TYPE_PBB, .layers = { PBB(T_IP4) }, .ip = 4 },
	{ "IPv6 in PBB behind a backbone tag", .tags = { AD }, .type = TYPE_PBB,
	  .layers = { PBB(T_IP6) }, .ip = 6 },
	{ "IPv4 in PBB, tagged inside", .tags = { AD }, .type = TYPE_PBB,
	  .layers = { PBB(T_AD), TAG(T_Q), TAG(T_IP4) }, .ip = 4 },
	{ "IPv4 in PBB in PBB", .type = TYPE_PBB, .layers = { PBB(T_PBB), PBB(T_IP4) }, .ip = 4 },
	{ "IPv6 in PBB, eight times, behind four tags", .tags = { AD, Q, AD, Q }, .type = TYPE_PBB,
	  .layers = { PBB(T_PBB), PBB(T_PBB), PBB(T_PBB), PBB(T_PBB), PBB(T_PBB), PBB(T_PBB),
		      PBB(T_PBB), PBB(T_IP6) },
	  .ip = 6 },

	{ "IPv4 in SNAP", .type = TYPE_LENGTH, .layers = { SNAP(T_IP4) }, .ip = 4 },
	{ "IPv6 in SNAP", .type = TYPE_LENGTH, .layers = { SNAP(T_IP6) }, .ip = 6 },
	{ "IPv4 in SNAP behind a tag", .tags = { Q }, .type = TYPE_LENGTH,
	  .layers = { SNAP(T_IP4) }, .ip = 4 },
	{ "IPv4 in SNAP, tagged inside", .type = TYPE_LENGTH, .layers = { SNAP(T_Q), TAG(T_IP4) },
	  .ip = 4 },
	{ "IPv4 in SNAP of 802.1H", .type = TYPE_LENGTH,
	  .layers = { BYTES("\xaa\xaa\x03\x00\x00\xf8" T_IP4) }, .ip = 4 },
	{ "IPv4 in 802.2", .type = TYPE_LENGTH, .layers = { BYTES("\x06\x06\x03") }, .ip = 4 },
	{ "IPv4 in SNAP of length 1", .tags = { Q }, .type = 1,
	  .layers = { BYTES("\xaa\xaa\x03\x00\x00\x00" T_IP4) }, .ip = 4 },

	{ "IPv4 behind VN-Tag", .type = TYPE_VNTAG, .layers = { VNTAG(T_IP4) }, .ip = 4 },
	{ "IPv6 behind VN-Tag and a tag", .type = TYPE_VNTAG, .layers = { VNTAG(T_Q), TAG(T_IP6) },
	  .ip = 6 },
	{ "IPv4 behind a tag, VN-Tag, a tag", .tags = { Q }, .type = TYPE_VNTAG,
	  .layers = { VNTAG(T_Q), TAG(T_IP4) }, .ip = 4 },
	{ "IPv4 behind E-Tag", .type = TYPE_ETAG, .layers = { ETAG(T_IP4) }, .ip = 4 },
	{ "IPv6 behind E-Tag and a tag", .type = TYPE_ETAG, .layers = { ETAG(T_Q), TAG(T_IP6) },
	  .ip = 6 },
	{ "IPv4 behind Cisco MetaData", .type = TYPE_CISCO, .layers = { CISCO(T_IP4) }, .ip = 4 },
	{ "IPv6 behind Cisco MetaData and a tag", .type = TYPE_CISCO,
	  .layers = { CISCO(T_Q), TAG(T_IP6) }, .ip = 6 },
	{ "IPv4 behind a tag and Cisco MetaData", .tags = { Q }, .type = TYPE_CISCO,
	  .layers = { CISCO(T_IP4) }, .ip = 4 },
	{ "IPv4 behind 0x9100", .type = QINQ, .layers = { TAG(T_IP4) }, .ip = 4 },
	{ "IPv4 behind 0x9100 and 802.1Q", .type = QINQ, .layers = { TAG(T_Q), TAG(T_IP4) },
	  .ip = 4 },
	{ "IPv4 behind four and eight tags", .tags = { Q, Q, AD, Q }, .type = QINQ,
	  .layers = { EIGHT_TAGS, TAG(T_IP4) }, .ip = 4 },
	{ "IPv6 behind one of each", .tags = { AD, Q }, .type = TYPE_CISCO,
	  .layers = { CISCO(T_VNTAG), VNTAG(T_ETAG), ETAG(T_PBB), PBB(T_QINQ), TAG(T_PPPOE),
		      PPPOE("\x00\x57") },
	  .ip = 6 },

	/* Reasons of IP and behind it, at odd and even offsets. */
	{ "IPv4 in PPPoE, UDP", .type = TYPE_PPPOE, .layers = { PPPOE("\x00\x21") }, .ip = 4,
	  .other = true, .protocol = IPPROTO_UDP, .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4 in PPPoE, fragment at offset 1", .type = TYPE_PPPOE, .layers = { PPPOE("\x21") },
	  .ip = 4, .fragment = 1, .reason = FW_REASON_FRAGMENT_OVERLAP, .decided = BY_IP },
	{ "IPv4 in SNAP, first fragment of 8 bytes", .type = TYPE_LENGTH, .layers = { SNAP(T_IP4) },
	  .ip = 4, .fragment = 0x2000, .length = LENGTH_IS, .length_value = 28 },
	{ "IPv6 behind MPLS, version 7", .type = TYPE_PBB, .layers = { PBB(T_IP6) }, .ip = 6,
	  .start = 0x70, .reason = FW_REASON_BAD_IP_HEADER, .decided = BY_IP },
	{ "IPv6 in PBB, hop-by-hop claims more", .type = TYPE_PBB, .layers = { PBB(T_IP6) },
	  .ip = 6, .chain = { { .kind = 0, .size = 8, .claims = 2048 } },
	  .reason = FW_REASON_HEADER_CHAIN, .decided = BY_EXTENSION(1) },

	/* not-ip */
	{ "802.3 with a length", .type = 0x0100, NOT_IP(3) },
	{ "a spanning tree", .type = 0x0026, .layers = { BYTES("\x42\x42\x03") }, NOT_IP(0) },
	{ "802.2 with numbers", .type = TYPE_LENGTH, .layers = { BYTES("\x06\x06\x00") }, .ip = 4,
	  NOT_IP(0) },
	{ "SNAP of Cisco", .type = TYPE_LENGTH,
	  .layers = { BYTES("\xaa\xaa\x03\x00\x00\x0c\x20\x00") }, NOT_IP(0) },
	{ "SNAP of another", .type = TYPE_LENGTH,
	  .layers = { BYTES("\xaa\xaa\x03\x08\x00\x00" T_IP4) }, .ip = 4, NOT_IP(0) },
	{ "SNAP of yet another", .type = TYPE_LENGTH,
	  .layers = { BYTES("\xaa\xaa\x03\x00\x08\x00" T_IP4) }, .ip = 4, NOT_IP(0) },
	{ "ARP in SNAP", .type = TYPE_LENGTH, .layers = { SNAP(T_ARP) }, NOT_IP(0) },
	{ "1501 is no length", .type = 1501, .layers = { SNAP(T_IP4) }, .ip = 4,
	  .reason = FW_REASON_NOT_IP, .decided = BY_LINK },
	{ "1535 is no type", .type = 1535, .layers = { SNAP(T_IP4) }, .ip = 4,
	  .reason = FW_REASON_NOT_IP, .decided = BY_LINK },
	{ "PPPoE discovery", .type = 0x8863, .layers = { PPPOE("\x00\x21") }, .ip = 4,
	  .reason = FW_REASON_NOT_IP, .decided = BY_LINK },
	{ "PPPoE session, code 9", .type = TYPE_PPPOE,
	  .layers = { BYTES("\x11\x09\x12\x34\x00\x40\x00\x21") }, .ip = 4, NOT_IP(-1) },
	{ "PPPoE session, version 2", .type = TYPE_PPPOE,
	  .layers = { BYTES("\x21\x00\x12\x34\x00\x40\x00\x21") }, .ip = 4, NOT_IP(-1) },
	{ "LCP in PPPoE", .type = TYPE_PPPOE, .layers = { PPPOE("\xc0\x21") }, NOT_IP(-1) },
	{ "compressed data in PPPoE", .type = TYPE_PPPOE, .layers = { PPPOE("\x00\xfd") },
	  NOT_IP(0) },
	{ "OSI behind MPLS", .type = TYPE_MPLS, .layers = { BOTTOM, BYTES("\x83") }, NOT_IP(0) },
	{ "an associated channel behind MPLS", .type = TYPE_MPLS,
	  .layers = { BOTTOM, BYTES("\x10") }, NOT_IP(0) },
	{ "a control word with a flag", .type = TYPE_MPLS,
	  .layers = { BOTTOM, BYTES("\x00\x40\x00\x07" MACS T_IP4) }, .ip = 4, NOT_IP(0) },
	{ "ARP in a pseudowire", .type = TYPE_MPLS, .layers = { PSEUDOWIRE(T_ARP) }, NOT_IP(0) },
	{ "ARP in PBB", .type = TYPE_PBB, .layers = { PBB(T_ARP) }, NOT_IP(0) },
	{ "Cisco MetaData of version 2", .type = TYPE_CISCO,
	  .layers = { BYTES("\x02\x01\x00\x01\x00\x07" T_IP4) }, .ip = 4, NOT_IP(-6) },
	{ "Cisco MetaData with two options", .type = TYPE_CISCO,
	  .layers = { BYTES("\x01\x02\x00\x01\x00\x07" T_IP4) }, .ip = 4, NOT_IP(-6) },
	{ "ARP behind eight tags", .type = QINQ, .layers = { EIGHT_TAGS, TAG(T_ARP) }, NOT_IP(0) },

	/* encapsulation */
	{ "nine MPLS labels", .type = TYPE_MPLS, .layers = { SEVEN_LABELS, LABEL, BOTTOM }, .ip = 4,
	  TOO_DEEP(-4) },
	{ "MPLS without a bottom", .type = TYPE_MPLS, .layers = { SEVEN_LABELS, LABEL },
	  TOO_DEEP(0) },
	{ "nine tags, the first 0x9100", .type = QINQ,
	  .layers = { EIGHT_TAGS, TAG(T_QINQ), TAG(T_IP4) }, .ip = 4, TOO_DEEP(-4) },
	{ "PBB, nine times", .type = TYPE_PBB,
	  .layers = { PBB(T_PBB), PBB(T_PBB), PBB(T_PBB), PBB(T_PBB), PBB(T_PBB), PBB(T_PBB),
		      PBB(T_PBB), PBB(T_PBB), PBB(T_IP4) },
	  .ip = 4, TOO_DEEP(-18) },
	{ "SNAP behind eight tags", .type = QINQ, .layers = { EIGHT_TAGS, TAG(T_LENGTH) },
	  TOO_DEEP(0) },
	{ "PPPoE behind eight tags", .type = QINQ, .layers = { EIGHT_TAGS, TAG(T_PPPOE) },
	  TOO_DEEP(0) },
};

const struct shape_list link_shapes = { shapes, ARRAY_SIZE(shapes) };

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The plain shapes: Ethernet, VLAN tags, IP, extension headers. In the order of
 * what they are judged as: signatures first, then each reason.
 */
#include <netinet/in.h>

#include "flagwall/outcome.h"
#include "frames.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* IEEE 802.1Q, 802.1ad, and a few EtherTypes that are not IP. */
#define Q 0x8100
#define AD 0x88a8
#define ARP 0x0806
#define LLDP 0x88cc

/* What <netinet/in.h> does not name. */
#define HIP 139
#define SHIM6 140
#define NO_NEXT 59

/* Fragments: as in the IPv4 header, and as in the IPv6 fragment header. */
#define EVIL 0x8000
#define DF 0x4000
#define MF 0x2000
#define AT(units, more) (__u16)((units) << 3 | (more))

/* Extension headers in rows below. */
#define HEADER(kind_, size_)                                                                       \
	{                                                                                          \
		.kind = (kind_), .size = (size_)                                                   \
	}
#define CLAIMS(kind_, size_, claims_)                                                              \
	{                                                                                          \
		.kind = (kind_), .size = (size_), .claims = (claims_)                              \
	}
#define HOPOPTS(size) HEADER(IPPROTO_HOPOPTS, size)
#define ROUTING(size) HEADER(IPPROTO_ROUTING, size)
#define DSTOPTS(size) HEADER(IPPROTO_DSTOPTS, size)
#define AH(size) HEADER(IPPROTO_AH, size)
#define MOBILITY(size) HEADER(IPPROTO_MH, size)
#define FRAGMENT(word)                                                                             \
	{                                                                                          \
		.kind = IPPROTO_FRAGMENT, .size = 8, .fragment = (word)                            \
	}
#define ATOMIC FRAGMENT(AT(0, 0))
#define FIRST FRAGMENT(AT(0, 1))

/* What stands there instead of TCP. */
#define NO_TCP(protocol_) .other = true, .protocol = (protocol_)

static const struct shape shapes[] = {
	/* Signatures. */
	{ "IPv4", .ip = 4 },
	{ "IPv4 behind 802.1Q", .tags = { Q }, .ip = 4 },
	{ "IPv4 behind 802.1ad", .tags = { AD }, .ip = 4 },
	{ "IPv4 behind 802.1ad and 802.1Q", .tags = { AD, Q }, .ip = 4 },
	{ "IPv4 behind three 802.1Q tags", .tags = { Q, Q, Q }, .ip = 4 },
	{ "IPv4 behind four mixed tags", .tags = { AD, Q, Q, AD }, .ip = 4 },
	{ "IPv6", .ip = 6 },
	{ "IPv6 behind 802.1Q", .tags = { Q }, .ip = 6 },
	{ "IPv6 behind 802.1ad and 802.1Q", .tags = { AD, Q }, .ip = 6 },
	{ "IPv6 behind four mixed tags", .tags = { Q, AD, AD, Q }, .ip = 6 },

	{ "IPv4 with 6 words", .ip = 4, .options = 4 },
	{ "IPv4 with 7 words", .ip = 4, .options = 8 },
	{ "IPv4 with 8 words", .ip = 4, .options = 12 },
	{ "IPv4 with 9 words", .ip = 4, .options = 16 },
	{ "IPv4 with 10 words", .ip = 4, .options = 20 },
	{ "IPv4 with 11 words", .ip = 4, .options = 24 },
	{ "IPv4 with 12 words", .ip = 4, .options = 28 },
	{ "IPv4 with 13 words", .ip = 4, .options = 32 },
	{ "IPv4 with 14 words", .ip = 4, .options = 36 },
	{ "IPv4 with 15 words", .ip = 4, .options = 40 },
	{ "IPv4 with 15 words behind four tags", .tags = { Q, Q, AD, Q }, .ip = 4, .options = 40 },
	{ "IPv4, do not fragment", .ip = 4, .fragment = DF },
	{ "IPv4, the reserved bit (RFC 3514)", .ip = 4, .fragment = EVIL },

	{ "IPv4, frame of 60 bytes", .ip = 4, .least = 60 },
	{ "IPv4 behind 802.1Q, frame of 64 bytes", .tags = { Q }, .ip = 4, .least = 64 },
	{ "IPv4, padded by 6", .ip = 4, .padding = 6 },
	{ "IPv6, padded by 7", .ip = 6, .padding = 7 },
	{ "IPv4, total length 0", .ip = 4, .length = LENGTH_IS },
	{ "IPv4 with 7 words, total length 0", .ip = 4, .options = 8, .length = LENGTH_IS },
	{ "IPv4, AH, total length 0", .ip = 4, .length = LENGTH_IS, .chain = { AH(24) } },
	{ "IPv4, first fragment, total length 0", .ip = 4, .fragment = MF, .length = LENGTH_IS },
	{ "IPv6, payload length 0", .ip = 6, .length = LENGTH_IS },
	{ "IPv6, hop-by-hop, payload length 0", .ip = 6, .length = LENGTH_IS,
	  .chain = { HOPOPTS(8) } },
	{ "IPv6, three headers, payload length 0", .ip = 6, .length = LENGTH_IS,
	  .chain = { HOPOPTS(16), FIRST, DSTOPTS(8) } },
	{ "IPv4, total length 1 more than there is", .ip = 4, .length = LENGTH_PLUS,
	  .length_value = 1 },
	{ "IPv4, total length 1000 more", .ip = 4, .length = LENGTH_PLUS, .length_value = 1000 },
	{ "IPv4, total length 65535", .ip = 4, .length = LENGTH_IS, .length_value = 65535 },
	{ "IPv6, payload length 1 more than there is", .ip = 6, .length = LENGTH_PLUS,
	  .length_value = 1 },
	{ "IPv6, payload length 65535", .ip = 6, .length = LENGTH_IS, .length_value = 65535 },
	{ "IPv6, dstopts, payload length 1000 more", .ip = 6, .length = LENGTH_PLUS,
	  .length_value = 1000, .chain = { DSTOPTS(8) } },
	{ "IPv4, total length 40 whatever follows", .ip = 4, .length = LENGTH_IS,
	  .length_value = 40 },
	{ "IPv6, payload length 20 whatever follows", .ip = 6, .length = LENGTH_IS,
	  .length_value = 20 },

	{ "IPv6, hop-by-hop", .ip = 6, .chain = { HOPOPTS(8) } },
	{ "IPv6, hop-by-hop of 2048", .ip = 6, .chain = { HOPOPTS(2048) } },
	{ "IPv6, routing", .ip = 6, .chain = { ROUTING(24) } },
	{ "IPv6, dstopts", .ip = 6, .chain = { DSTOPTS(16) } },
	{ "IPv6, AH of 24", .ip = 6, .chain = { AH(24) } },
	{ "IPv6, AH of 8", .ip = 6, .chain = { AH(8) } },
	{ "IPv6, AH of 1028", .ip = 6, .chain = { AH(1028) } },
	{ "IPv6, mobility", .ip = 6, .chain = { MOBILITY(8) } },
	{ "IPv6, HIP", .ip = 6, .chain = { HEADER(HIP, 40) } },
	{ "IPv6, shim6", .ip = 6, .chain = { HEADER(SHIM6, 8) } },
	{ "IPv6, atomic fragment", .ip = 6, .chain = { ATOMIC } },
	{ "IPv6, first fragment", .ip = 6, .chain = { FIRST } },
	{ "IPv6, atomic fragment, reserved bits", .ip = 6, .chain = { FRAGMENT(6) } },
	{ "IPv6, first fragment, reserved bits", .ip = 6, .chain = { FRAGMENT(7) } },
	{ "IPv6, first and atomic fragment headers", .ip = 6, .chain = { FIRST, ATOMIC } },
	{ "IPv6, hop-by-hop, routing", .ip = 6, .chain = { HOPOPTS(8), ROUTING(8) } },
	{ "IPv6, hop-by-hop, routing, first fragment, AH, dstopts", .ip = 6,
	  .chain = { HOPOPTS(16), ROUTING(24), FIRST, AH(24), DSTOPTS(8) } },
	{ "IPv6, AH, AH", .ip = 6, .chain = { AH(16), AH(28) } },
	{ "IPv6, seven headers", .ip = 6,
	  .chain = { HOPOPTS(8), DSTOPTS(8), ROUTING(8), ATOMIC, AH(24), DSTOPTS(8), MOBILITY(8) } },
	{ "IPv6, eight headers", .ip = 6,
	  .chain = { HOPOPTS(8), DSTOPTS(24), ROUTING(24), ATOMIC, AH(20), MOBILITY(16),
		     HEADER(HIP, 40), HEADER(SHIM6, 8) } },
	{ "IPv6 behind four tags, eight dstopts", .tags = { AD, Q, AD, Q }, .ip = 6,
	  .chain = { DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8),
		     DSTOPTS(8), DSTOPTS(8) } },
	{ "IPv6 behind four tags, eight dstopts of 2048", .tags = { Q, Q, Q, Q }, .ip = 6,
	  .chain = { DSTOPTS(2048), DSTOPTS(2048), DSTOPTS(2048), DSTOPTS(2048), DSTOPTS(2048),
		     DSTOPTS(2048), DSTOPTS(2048), DSTOPTS(2048) } },
	{ "IPv6 behind 802.1Q, dstopts, padded", .tags = { Q }, .ip = 6, .chain = { DSTOPTS(8) },
	  .padding = 3 },

	{ "IPv4, AH of 24", .ip = 4, .chain = { AH(24) } },
	{ "IPv4, AH of 12", .ip = 4, .chain = { AH(12) } },
	{ "IPv4 with 8 words behind 802.1Q, AH", .tags = { Q }, .ip = 4, .options = 12,
	  .chain = { AH(24) } },
	{ "IPv4, AH, AH", .ip = 4, .chain = { AH(24), AH(16) } },
	{ "IPv4, AH, padded", .ip = 4, .chain = { AH(24) }, .padding = 2 },
	{ "IPv4, first fragment, AH", .ip = 4, .fragment = MF, .chain = { AH(24) } },
	{ "IPv4, first fragment", .ip = 4, .fragment = MF },
	{ "IPv4, first fragment, padded to 60", .ip = 4, .fragment = MF, .least = 60 },
	{ "IPv4, first fragment, total length 1000 more", .ip = 4, .fragment = MF,
	  .length = LENGTH_PLUS, .length_value = 1000 },

	/* tiny-fragment and truncated by the IP length, however much follows. */
	{ "IPv4, first fragment of 8 bytes", .ip = 4, .fragment = MF, .length = LENGTH_IS,
	  .length_value = 28 },
	{ "IPv4, first fragment of 13 bytes", .ip = 4, .fragment = MF, .length = LENGTH_IS,
	  .length_value = 33 },
	{ "IPv4, first fragment of no bytes", .ip = 4, .fragment = MF, .length = LENGTH_IS,
	  .length_value = 20 },
	{ "IPv6, first fragment of 8 bytes", .ip = 6, .chain = { FIRST }, .length = LENGTH_IS,
	  .length_value = 16 },
	{ "IPv6, first fragment of 13 bytes", .ip = 6, .chain = { FIRST }, .length = LENGTH_IS,
	  .length_value = 21 },
	{ "IPv4, segment of 13 bytes", .ip = 4, .length = LENGTH_IS, .length_value = 33 },
	{ "IPv6, segment of 13 bytes", .ip = 6, .length = LENGTH_IS, .length_value = 13 },
	{ "IPv6, atomic fragment of 13 bytes", .ip = 6, .chain = { ATOMIC }, .length = LENGTH_IS,
	  .length_value = 21 },
	{ "IPv4, 15 words are the whole packet", .ip = 4, .options = 40, .length = LENGTH_IS,
	  .length_value = 60 },

	/* not-ip */
	{ "ARP", .type = ARP, .reason = FW_REASON_NOT_IP, .decided = BY_LINK },
	{ "ARP behind 802.1Q", .tags = { Q }, .type = ARP, .reason = FW_REASON_NOT_IP,
	  .decided = BY_LINK },
	{ "LLDP behind four tags", .tags = { AD, Q, Q, Q }, .type = LLDP,
	  .reason = FW_REASON_NOT_IP, .decided = BY_LINK },

	/* encapsulation */
	{ "five 802.1Q tags", .tags = { Q, Q, Q, Q, Q }, .ip = 4, .reason = FW_REASON_ENCAPSULATION,
	  .decided = BY_LINK },
	{ "five mixed tags", .tags = { AD, Q, AD, Q, AD }, .ip = 6,
	  .reason = FW_REASON_ENCAPSULATION, .decided = BY_LINK },
	{ "six tags", .tags = { Q, AD, Q, AD, Q, AD }, .ip = 4, .reason = FW_REASON_ENCAPSULATION,
	  .decided = BY_LINK },

	/* not-tcp */
	{ "IPv4, UDP", .ip = 4, NO_TCP(IPPROTO_UDP), .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, ICMP", .ip = 4, NO_TCP(IPPROTO_ICMP), .reason = FW_REASON_NOT_TCP,
	  .decided = BY_IP },
	{ "IPv4 with 9 words, SCTP", .ip = 4, .options = 16, NO_TCP(IPPROTO_SCTP),
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, protocol 0 is no extension", .ip = 4, .chain = { HOPOPTS(8) },
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, protocol 43 is no extension", .ip = 4, .chain = { ROUTING(8) },
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, protocol 44 is no extension", .ip = 4, .chain = { FIRST },
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, protocol 60 is no extension", .ip = 4, .chain = { DSTOPTS(8) },
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, UDP, total length 0", .ip = 4, NO_TCP(IPPROTO_UDP), .length = LENGTH_IS,
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, first fragment of UDP", .ip = 4, .fragment = MF, NO_TCP(IPPROTO_UDP),
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, UDP at offset 1", .ip = 4, .fragment = MF | 1, NO_TCP(IPPROTO_UDP),
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, last fragment of UDP", .ip = 4, .fragment = 185, NO_TCP(IPPROTO_UDP),
	  .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv4, AH, UDP", .ip = 4, .chain = { AH(24) }, NO_TCP(IPPROTO_UDP),
	  .reason = FW_REASON_NOT_TCP, .decided = BY_EXTENSION(1) },
	{ "IPv6, UDP", .ip = 6, NO_TCP(IPPROTO_UDP), .reason = FW_REASON_NOT_TCP, .decided = BY_IP },
	{ "IPv6, ICMPv6", .ip = 6, NO_TCP(IPPROTO_ICMPV6), .reason = FW_REASON_NOT_TCP,
	  .decided = BY_IP },
	{ "IPv6, no next header", .ip = 6, NO_TCP(NO_NEXT), .reason = FW_REASON_NOT_TCP,
	  .decided = BY_IP },
	{ "IPv6, hop-by-hop, ICMPv6", .ip = 6, .chain = { HOPOPTS(8) }, NO_TCP(IPPROTO_ICMPV6),
	  .reason = FW_REASON_NOT_TCP, .decided = BY_EXTENSION(1) },
	{ "IPv6, first fragment of UDP", .ip = 6, .chain = { FIRST }, NO_TCP(IPPROTO_UDP),
	  .reason = FW_REASON_NOT_TCP, .decided = BY_EXTENSION(1) },
	{ "IPv6, UDP at offset 1", .ip = 6, .chain = { FRAGMENT(AT(1, 1)) }, NO_TCP(IPPROTO_UDP),
	  .reason = FW_REASON_NOT_TCP, .decided = BY_EXTENSION(1) },
	{ "IPv6, last fragment of UDP", .ip = 6, .chain = { FRAGMENT(AT(181, 0)) },
	  NO_TCP(IPPROTO_UDP), .reason = FW_REASON_NOT_TCP, .decided = BY_EXTENSION(1) },
	{ "IPv6, eight headers, UDP", .ip = 6,
	  .chain = { HOPOPTS(8), DSTOPTS(8), ROUTING(8), ATOMIC, AH(24), DSTOPTS(8), DSTOPTS(8),
		     DSTOPTS(8) },
	  NO_TCP(IPPROTO_UDP), .reason = FW_REASON_NOT_TCP, .decided = BY_EXTENSION(8) },

	/* encrypted */
	{ "IPv4, ESP", .ip = 4, NO_TCP(IPPROTO_ESP), .reason = FW_REASON_ENCRYPTED,
	  .decided = BY_IP },
	{ "IPv4, AH, ESP", .ip = 4, .chain = { AH(24) }, NO_TCP(IPPROTO_ESP),
	  .reason = FW_REASON_ENCRYPTED, .decided = BY_EXTENSION(1) },
	{ "IPv4, first fragment of ESP", .ip = 4, .fragment = MF, NO_TCP(IPPROTO_ESP),
	  .reason = FW_REASON_ENCRYPTED, .decided = BY_IP },
	{ "IPv6, ESP", .ip = 6, NO_TCP(IPPROTO_ESP), .reason = FW_REASON_ENCRYPTED,
	  .decided = BY_IP },
	{ "IPv6, hop-by-hop, dstopts, ESP", .ip = 6, .chain = { HOPOPTS(8), DSTOPTS(16) },
	  NO_TCP(IPPROTO_ESP), .reason = FW_REASON_ENCRYPTED, .decided = BY_EXTENSION(2) },
	{ "IPv6, first fragment of ESP", .ip = 6, .chain = { FIRST }, NO_TCP(IPPROTO_ESP),
	  .reason = FW_REASON_ENCRYPTED, .decided = BY_EXTENSION(1) },
	{ "IPv4, last fragment of ESP", .ip = 4, .fragment = 185, NO_TCP(IPPROTO_ESP),
	  .reason = FW_REASON_ENCRYPTED, .decided = BY_IP },
	{ "IPv6, last fragment of ESP", .ip = 6, .chain = { FRAGMENT(AT(181, 0)) },
	  NO_TCP(IPPROTO_ESP), .reason = FW_REASON_ENCRYPTED, .decided = BY_EXTENSION(1) },
	{ "IPv6, eight headers, ESP", .ip = 6,
	  .chain = { HOPOPTS(8), DSTOPTS(8), ROUTING(8), ATOMIC, AH(24), DSTOPTS(8), DSTOPTS(8),
		     DSTOPTS(8) },
	  NO_TCP(IPPROTO_ESP), .reason = FW_REASON_ENCRYPTED, .decided = BY_EXTENSION(8) },

	/* fragment-overlap and fragment */
	{ "IPv4, fragment at offset 1", .ip = 4, .fragment = 1,
	  .reason = FW_REASON_FRAGMENT_OVERLAP, .decided = BY_IP },
	{ "IPv4, fragment at offset 1, more", .ip = 4, .fragment = MF | 1,
	  .reason = FW_REASON_FRAGMENT_OVERLAP, .decided = BY_IP },
	{ "IPv4, fragment at offset 1, all three flags", .ip = 4, .fragment = EVIL | DF | MF | 1,
	  .reason = FW_REASON_FRAGMENT_OVERLAP, .decided = BY_IP },
	{ "IPv4 with 10 words, fragment at offset 1", .ip = 4, .options = 20, .fragment = 1,
	  .reason = FW_REASON_FRAGMENT_OVERLAP, .decided = BY_IP },
	{ "IPv6, fragment at offset 1", .ip = 6, .chain = { FRAGMENT(AT(1, 0)) },
	  .reason = FW_REASON_FRAGMENT_OVERLAP, .decided = BY_EXTENSION(1) },
	{ "IPv6, hop-by-hop, fragment at offset 1, more", .ip = 6,
	  .chain = { HOPOPTS(8), FRAGMENT(AT(1, 1)) }, .reason = FW_REASON_FRAGMENT_OVERLAP,
	  .decided = BY_EXTENSION(2) },
	{ "IPv4, fragment at offset 2", .ip = 4, .fragment = 2, .reason = FW_REASON_FRAGMENT,
	  .decided = BY_IP },
	{ "IPv4, fragment at offset 185, more", .ip = 4, .fragment = MF | 185,
	  .reason = FW_REASON_FRAGMENT, .decided = BY_IP },
	{ "IPv4, fragment at offset 256", .ip = 4, .fragment = 256, .reason = FW_REASON_FRAGMENT,
	  .decided = BY_IP },
	{ "IPv4, fragment at offset 4096", .ip = 4, .fragment = 4096, .reason = FW_REASON_FRAGMENT,
	  .decided = BY_IP },
	{ "IPv4, fragment at offset 8191", .ip = 4, .fragment = 8191, .reason = FW_REASON_FRAGMENT,
	  .decided = BY_IP },
	{ "IPv4, later fragment, total length 0", .ip = 4, .fragment = 185, .length = LENGTH_IS,
	  .reason = FW_REASON_FRAGMENT, .decided = BY_IP },
	{ "IPv4, AH at offset 1", .ip = 4, .fragment = 1, .chain = { AH(24) },
	  .reason = FW_REASON_FRAGMENT, .decided = BY_IP },
	{ "IPv6, fragment at offset 2", .ip = 6, .chain = { FRAGMENT(AT(2, 0)) },
	  .reason = FW_REASON_FRAGMENT, .decided = BY_EXTENSION(1) },
	{ "IPv6, fragment at offset 8191, more", .ip = 6, .chain = { FRAGMENT(AT(8191, 1)) },
	  .reason = FW_REASON_FRAGMENT, .decided = BY_EXTENSION(1) },
	{ "IPv6, atomic, then later fragment", .ip = 6, .chain = { ATOMIC, FRAGMENT(AT(3, 0)) },
	  .reason = FW_REASON_FRAGMENT, .decided = BY_EXTENSION(2) },
	{ "IPv6, dstopts at offset 1", .ip = 6, .chain = { FRAGMENT(AT(1, 0)), DSTOPTS(8) },
	  .reason = FW_REASON_FRAGMENT, .decided = BY_EXTENSION(1) },

	/* bad-ip-header */
	{ "IPv4, 4 words", .ip = 4, .start = 0x44, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },
	{ "IPv4, no words", .ip = 4, .start = 0x40, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },
	{ "IPv4, version 6", .ip = 4, .start = 0x65, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },
	{ "IPv4, version 5", .ip = 4, .start = 0x50, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },
	{ "IPv4, version 3", .ip = 4, .start = 0x3f, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },
	{ "IPv4, version 15", .ip = 4, .start = 0xf5, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },
	{ "IPv4, total length 19", .ip = 4, .length = LENGTH_IS, .length_value = 19,
	  .reason = FW_REASON_BAD_IP_HEADER, .decided = BY_IP },
	{ "IPv4, total length 1", .ip = 4, .length = LENGTH_IS, .length_value = 1,
	  .reason = FW_REASON_BAD_IP_HEADER, .decided = BY_IP },
	{ "IPv4, total length 40 but 15 words", .ip = 4, .start = 0x4f, .length = LENGTH_IS,
	  .length_value = 40, .reason = FW_REASON_BAD_IP_HEADER, .decided = BY_IP },
	{ "IPv4, total length 59 but 15 words", .ip = 4, .options = 40, .length = LENGTH_IS,
	  .length_value = 59, .reason = FW_REASON_BAD_IP_HEADER, .decided = BY_IP },
	{ "IPv4, UDP, 4 words", .ip = 4, .start = 0x44, NO_TCP(IPPROTO_UDP),
	  .reason = FW_REASON_BAD_IP_HEADER, .decided = BY_IP },
	{ "IPv6, version 4", .ip = 6, .start = 0x45, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },
	{ "IPv6, version 7", .ip = 6, .start = 0x70, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },
	{ "IPv6, version 14", .ip = 6, .start = 0xe0, .reason = FW_REASON_BAD_IP_HEADER,
	  .decided = BY_IP },

	/* header-chain */
	{ "IPv6, nine headers", .ip = 6,
	  .chain = { HOPOPTS(8), DSTOPTS(8), ROUTING(8), ATOMIC, AH(24), DSTOPTS(8), MOBILITY(8),
		     DSTOPTS(8), DSTOPTS(8) },
	  .reason = FW_REASON_HEADER_CHAIN, .decided = BY_EXTENSION(8) },
	{ "IPv6, ten headers", .ip = 6,
	  .chain = { DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8),
		     DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8) },
	  .reason = FW_REASON_HEADER_CHAIN, .decided = BY_EXTENSION(8) },
	{ "IPv6, eight headers, then a later fragment", .ip = 6,
	  .chain = { DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8), DSTOPTS(8),
		     DSTOPTS(8), DSTOPTS(8), FRAGMENT(AT(1, 0)) },
	  .reason = FW_REASON_HEADER_CHAIN, .decided = BY_EXTENSION(8) },
	{ "IPv6, hop-by-hop claims more than the packet", .ip = 6,
	  .chain = { CLAIMS(IPPROTO_HOPOPTS, 8, 2048) }, .reason = FW_REASON_HEADER_CHAIN,
	  .decided = BY_EXTENSION(1) },
	{ "IPv6, dstopts, AH claims more than the packet", .ip = 6,
	  .chain = { DSTOPTS(8), CLAIMS(IPPROTO_AH, 24, 1028) }, .reason = FW_REASON_HEADER_CHAIN,
	  .decided = BY_EXTENSION(2) },
	{ "IPv4, AH claims more than the packet", .ip = 4, .chain = { CLAIMS(IPPROTO_AH, 24, 1028) },
	  .reason = FW_REASON_HEADER_CHAIN, .decided = BY_EXTENSION(1) },
	{ "IPv6, first fragment, dstopts claims more than the packet", .ip = 6,
	  .chain = { FIRST, CLAIMS(IPPROTO_DSTOPTS, 8, 2048) }, .reason = FW_REASON_HEADER_CHAIN,
	  .decided = BY_EXTENSION(2) },
	{ "IPv6, dstopts claims one unit more than the packet", .ip = 6,
	  .chain = { CLAIMS(IPPROTO_DSTOPTS, 8, 16) }, .length = LENGTH_IS, .length_value = 8,
	  .reason = FW_REASON_HEADER_CHAIN, .decided = BY_EXTENSION(1) },
	{ "IPv6, 7 bytes for hop-by-hop", .ip = 6, .chain = { HOPOPTS(8) }, .length = LENGTH_IS,
	  .length_value = 7, .reason = FW_REASON_HEADER_CHAIN, .decided = BY_IP },
	{ "IPv6, the packet ends where dstopts should start", .ip = 6,
	  .chain = { HOPOPTS(8), DSTOPTS(8) }, .length = LENGTH_IS, .length_value = 8,
	  .reason = FW_REASON_HEADER_CHAIN, .decided = BY_EXTENSION(1) },
	{ "IPv4, 7 bytes for AH", .ip = 4, .chain = { AH(24) }, .length = LENGTH_IS,
	  .length_value = 27, .reason = FW_REASON_HEADER_CHAIN, .decided = BY_IP },
};
const struct shape_list plain_shapes = { shapes, ARRAY_SIZE(shapes) };

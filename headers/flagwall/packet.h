/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The reader that the parser is written against. Whoever includes
 * flagwall/parse.h first defines, for its own way of holding a packet,
 *
 *	struct fw_packet;
 *	typedef ... fw_origin;
 *
 *		What a packet is made of, in one argument: rare layers are
 *		functions of their own, and open it again.
 *
 *	static __always_inline struct fw_packet
 *	fw_packet_open(fw_origin origin, __u64 limit);
 *
 *		The packet, or its first @limit bytes if it is longer;
 *		FW_NO_LIMIT: all of it.
 *
 *	static __always_inline const __u8 *
 *	fw_packet_slice(const struct fw_packet *packet, __u64 offset, __u64 length);
 *
 *		@length bytes at @offset from the start of the frame, or NULL
 *		when the packet does not have them all. @length is a constant;
 *		@offset never exceeds FW_MAX_OFFSET.
 *
 *	static __always_inline __u64
 *	fw_packet_length(const struct fw_packet *packet);
 *
 *		Its length in bytes.
 *
 *	static __always_inline int
 *	fw_packet_tag(const struct fw_packet *packet);
 *
 *		The ID of a VLAN tag that was taken out of the frame and stands
 *		beside it; FW_NO_TAG: there is none, as in XDP.
 *
 *	static __always_inline int
 *	fw_packet_tunnels(const struct fw_packet *packet);
 *
 *		Is the parser to look inside of tunnels?
 *
 *	static __always_inline const __u8 *
 *	fw_packet_beyond(const struct fw_packet *packet, const __u8 *slice,
 *			 __u64 distance, __u64 length);
 *
 *		@length bytes at @distance from the start of @slice, the one that
 *		was taken last, or NULL as above. Of a packet without a limit.
 *		Optional, with a macro of the same name: a reader that copies
 *		has none.
 *
 *	static __always_inline int
 *	fw_packet_bare(const struct fw_packet *packet, const __u8 *start);
 *
 *		Does it begin, at @start, with its network header, without
 *		Ethernet? Optional: a reader that may meet such packets has
 *		this, and a macro of the same name.
 *
 * The packet stays the caller's. A slice is valid until the next one is taken: some
 * readers copy.
 */
#ifndef FLAGWALL_PACKET_H
#define FLAGWALL_PACKET_H

#include "flagwall/bytes.h"

/*
 * What the parser follows: VLAN tags directly behind Ethernet; from there on,
 * or from anything else that is not IP, link headers of any kind; extension
 * headers, those of GTP-U, and tunnels in each other.
 */
#define FW_MAX_VLANS 4
#define FW_MAX_LINKS 8
#define FW_MAX_EXTENSIONS 8
#define FW_MAX_GTP_EXTENSIONS 4
#define FW_MAX_TUNNELS 2

/*
 * No header starts beyond this offset: 14 bytes of Ethernet, 4 tags of 4, 8
 * link headers of 18, 60 of IPv4 or 40 of IPv6, 8 extension headers of 2,048.
 * As a mask it is the bound that the verifier needs before a variable offset.
 */
#define FW_MAX_OFFSET 0x7fff

/* Neither a tunnel's header nor what is inside starts beyond this one: all that
 * follows stays below FW_MAX_OFFSET. */
#define FW_MAX_INNER 0x3e00

#define FW_NO_TAG (-1)

/* More than any packet has. As an unsigned long, so that no test remains. */
#define FW_NO_LIMIT (~0ULL)

#endif /* FLAGWALL_PACKET_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The reader that the parser is written against. Whoever includes
 * flagwall/parse.h first defines, for its own way of holding a packet,
 *
 *	struct fw_packet;
 *
 *	static __always_inline const __u8 *
 *	fw_packet_slice(const struct fw_packet *packet, __u64 offset, __u64 length);
 *
 *		@length bytes at @offset from the start of the frame, or NULL
 *		when the frame does not have them all. @length is a constant;
 *		@offset never exceeds FW_MAX_OFFSET.
 *
 *	static __always_inline __u64
 *	fw_packet_length(const struct fw_packet *packet);
 *
 *		The length of the whole frame in bytes.
 *
 * The packet stays the caller's, and slices are valid as long as it is.
 */
#ifndef FLAGWALL_PACKET_H
#define FLAGWALL_PACKET_H

#include "flagwall/bytes.h"

/* How many VLAN tags and how many extension headers the parser follows. */
#define FW_MAX_VLANS 4
#define FW_MAX_EXTENSIONS 8

/*
 * No header starts beyond this offset: 14 bytes of Ethernet, 4 tags of 4, 60
 * of IPv4 or 40 of IPv6, 8 extension headers of 2,048. As a mask it is the
 * bound that the verifier needs before a variable offset.
 */
#define FW_MAX_OFFSET 0x7fff

struct fw_packet;

#endif /* FLAGWALL_PACKET_H */

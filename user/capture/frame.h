/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parser's reader over a frame in memory: what classify and the tests
 * compile flagwall/parse.h against. Include this before it.
 */
#ifndef FLAGWALL_FRAME_H
#define FLAGWALL_FRAME_H

#include <stddef.h>

#include "flagwall/packet.h"

#define FRAME_LINK 14 /* bytes of an Ethernet header */

/*
 * A frame of which @length bytes are at @data, at any address.
 *
 * One that came over another link than Ethernet begins with its network layer:
 * @link is the Ethernet header that is read before it, with the EtherType of what
 * follows. So the parser knows one link layer, and nothing is copied.
 */
struct fw_packet {
	const __u8 *data;
	__u64 length;
	__u64 missing;    /* bytes that the frame had, and whoever recorded it left out */
	const __u8 *link; /* FRAME_LINK bytes, or NULL: they are at @data */
	int tunnels;      /* look inside of them */
};

typedef const struct fw_packet *fw_origin;

/* fw_packet_length - see flagwall/packet.h. */
static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	return packet->length + packet->missing + (packet->link ? FRAME_LINK : 0);
}

/* fw_packet_open - see flagwall/packet.h. */
static __always_inline struct fw_packet fw_packet_open(fw_origin frame, __u64 limit)
{
	struct fw_packet packet = *frame;
	__u64 whole = fw_packet_length(frame), cut = whole > limit ? whole - limit : 0;

	/* From its end: first what is not there. */
	if (cut <= packet.missing) {
		packet.missing -= cut;
	} else {
		cut -= packet.missing;
		packet.missing = 0;
		packet.length -= cut < packet.length ? cut : packet.length;
	}
	return packet;
}

/* fw_packet_slice - see flagwall/packet.h. */
static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	if (packet->link) {
		if (offset < FRAME_LINK)
			return length <= FRAME_LINK - offset ? packet->link + offset : NULL;
		offset -= FRAME_LINK;
	}
	if (offset > packet->length || length > packet->length - offset)
		return NULL;
	return packet->data + offset;
}

/* fw_packet_beyond - see flagwall/packet.h. Behind @link is nothing: that is left to slices. */
static __always_inline const __u8 *fw_packet_beyond(const struct fw_packet *packet,
						    const __u8 *slice, __u64 distance, __u64 length)
{
	return packet->link ?
		       NULL :
		       fw_packet_slice(packet, (__u64)(slice - packet->data) + distance, length);
}
#define fw_packet_beyond fw_packet_beyond

/* fw_packet_tag - see flagwall/packet.h. */
static __always_inline int fw_packet_tag(const struct fw_packet *packet)
{
	(void)packet;
	return FW_NO_TAG;
}

/* fw_packet_tunnels - see flagwall/packet.h. */
static __always_inline int fw_packet_tunnels(const struct fw_packet *packet)
{
	return packet->tunnels;
}

#endif /* FLAGWALL_FRAME_H */

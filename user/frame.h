/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parser's reader over a frame in memory: what classify and the tests
 * compile flagwall/parse.h against. Include this before it.
 */
#ifndef FLAGWALL_FRAME_H
#define FLAGWALL_FRAME_H

#include <stddef.h>

#include "flagwall/packet.h"

/* A frame of @length bytes at @data, at any address. */
struct fw_packet {
	const __u8 *data;
	__u64 length;
	int tunnels; /* look inside of them */
};

typedef const struct fw_packet *fw_origin;

/* fw_packet_open - see flagwall/packet.h. */
static __always_inline struct fw_packet fw_packet_open(fw_origin frame, __u64 limit)
{
	struct fw_packet packet = *frame;

	if (packet.length > limit)
		packet.length = limit;
	return packet;
}

/* fw_packet_slice - see flagwall/packet.h. */
static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	if (offset > packet->length || length > packet->length - offset)
		return NULL;
	return packet->data + offset;
}

/* fw_packet_length - see flagwall/packet.h. */
static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	return packet->length;
}

/* fw_packet_tunnels - see flagwall/packet.h. */
static __always_inline int fw_packet_tunnels(const struct fw_packet *packet)
{
	return packet->tunnels;
}

#endif /* FLAGWALL_FRAME_H */

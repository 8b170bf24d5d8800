// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The parser, for Frama-C's Eva (make prove), over a reader that gives what cannot
 * be guessed: each slice is a buffer of exactly the bytes that were asked for,
 * with any values, or NULL. What Eva shows of this holds for every frame of every
 * length, seen through any reader that keeps the contract of flagwall/packet.h:
 *
 * - no byte is read outside of a slice;
 * - no slice starts beyond FW_MAX_OFFSET;
 * - no arithmetic wraps around, signed or not, and nothing is shifted too far;
 * - the outcome is below FW_OUTCOMES, so it indexes counters and actions.
 */
#include <linux/types.h>
#include <stddef.h>

/* Frama-C does not know that this is a constant if its argument is one. */
#define __builtin_bswap16(x) ((__u16)(((x)&0xff) << 8 | ((x) >> 8 & 0xff)))

#include "flagwall/packet.h"

#include "__fc_builtin.h"

/* The longest frame there is: no device has a larger MTU. */
#define LONGEST 65535

struct fw_packet {
	__u64 length;
	int tunnels;
};

typedef const struct fw_packet *fw_origin;

static struct fw_packet fw_packet_open(fw_origin frame, __u64 limit)
{
	struct fw_packet packet = *frame;

	if (packet.length > limit)
		packet.length = limit;
	return packet;
}

/* A buffer for each length that is asked for. */
#define SLICE(size)                                                                                \
	case size: {                                                                               \
		static __u8 bytes[size];                                                           \
		Frama_C_make_unknown((char *)bytes, size);                                         \
		return bytes;                                                                      \
	}

static const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset, __u64 length)
{
	(void)packet;
	/*@ assert offset: offset <= FW_MAX_OFFSET; */
	if (Frama_C_interval(0, 1))
		return NULL;
	switch (length) {
		SLICE(1)
		SLICE(2)
		SLICE(3)
		SLICE(4)
		SLICE(7)
		SLICE(8)
		SLICE(14)
		SLICE(18)
		SLICE(20)
		SLICE(34)
		SLICE(40)
		SLICE(48)
		SLICE(68)
	}
	/*@ assert another_length: \false; */
	return NULL;
}

static const __u8 *fw_packet_beyond(const struct fw_packet *packet, const __u8 *slice,
				    __u64 distance, __u64 length)
{
	(void)slice;
	/*@ assert distance: distance <= 2048; */
	(void)distance;
	return fw_packet_slice(packet, 0, length);
}
#define fw_packet_beyond fw_packet_beyond

static __u64 fw_packet_length(const struct fw_packet *packet)
{
	return packet->length;
}

static int fw_packet_tag(const struct fw_packet *packet)
{
	(void)packet;
	return FW_NO_TAG;
}

static int fw_packet_tunnels(const struct fw_packet *packet)
{
	return packet->tunnels;
}

#include "flagwall/parse.h"

int main(void)
{
	struct fw_packet frame = {
		.length = Frama_C_unsigned_long_interval(0, LONGEST),
		.tunnels = Frama_C_interval(0, 1),
	};
	__u32 outcome = fw_parse(&frame);

	/*@ assert outcome: outcome < FW_OUTCOMES; */
	return (int)outcome;
}

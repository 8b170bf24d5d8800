// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The parser, over a reader that watches it: what it asks for keeps the contract
 * of flagwall/packet.h, and it judges by what it was given, and by nothing else.
 */
#include <linux/if_ether.h>
#include <linux/types.h>
#include <stdbool.h>
#include <string.h>

#include "flagwall/packet.h"
#include "fuzz.h"

/* What the parser did with one frame. */
struct watch {
	const __u8 *data;
	__u64 length;
	int tunnels;
	bool refused;        /* it was not given what it asked for */
	bool length_counted; /* it asked for the length */
	const __u8 *last;    /* what it was given last, */
	__u64 last_length;   /* and how much */
};

struct fw_packet {
	struct watch *watch;
	__u64 length;
};

typedef struct watch *fw_origin;

static __always_inline struct fw_packet fw_packet_open(fw_origin watch, __u64 limit)
{
	/* A limit within the frame stands in the frame: it is no end of it. */
	return (struct fw_packet){ watch, limit < watch->length ? limit : watch->length };
}

static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	struct watch *watch = packet->watch;

	HOLDS(offset <= FW_MAX_OFFSET);
	HOLDS(length > 0 && length <= ETH_HLEN + 40 + 14);
	if (offset + length > packet->length) {
		watch->refused = true;
		return NULL;
	}
	watch->last = watch->data + offset;
	watch->last_length = length;
	return watch->last;
}

static __always_inline const __u8 *fw_packet_beyond(const struct fw_packet *packet,
						    const __u8 *slice, __u64 distance, __u64 length)
{
	struct watch *watch = packet->watch;

	HOLDS(slice == watch->last);
	return fw_packet_slice(packet, (__u64)(slice - watch->data) + distance, length);
}
#define fw_packet_beyond fw_packet_beyond

static __always_inline __u64 fw_packet_length(const struct fw_packet *packet)
{
	packet->watch->length_counted = true;
	return packet->length;
}

static __always_inline int fw_packet_tag(const struct fw_packet *packet)
{
	(void)packet;
	return FW_NO_TAG;
}

static __always_inline int fw_packet_tunnels(const struct fw_packet *packet)
{
	return packet->watch->tunnels;
}

#include "flagwall/parse.h"

/* The outcome of the first @length bytes at @data. */
static __u32 parse(const __u8 *data, size_t length, int tunnels, struct watch *watch)
{
	__u32 outcome;

	*watch = (struct watch){ .data = data, .length = length, .tunnels = tunnels };
	outcome = fw_parse(watch);
	HOLDS(outcome < FW_REASON_BASE + FW_REASON_COUNT);
	return outcome;
}

/* A signature is what stands at the end of what was read last. */
static void check_signature(__u32 signature, const struct watch *watch)
{
	const __u8 *tcp = watch->last + watch->last_length - FW_TCP_JUDGED;

	HOLDS(watch->last_length >= FW_TCP_JUDGED);
	HOLDS((signature & FW_FLAGS) == ((tcp[12] & 1U) << 8 | tcp[13]));
	HOLDS(!(signature & FW_RSV) == !(tcp[12] & 0x0e));
	HOLDS(tcp[12] >> 4 >= 5);
}

static void check_frame(const __u8 *data, size_t length, int tunnels)
{
	struct watch watch, again;
	__u32 outcome = parse(data, length, tunnels, &watch);
	__u8 *longer;

	if (outcome < FW_SIGNATURES)
		check_signature(outcome, &watch);
	if (watch.refused)
		HOLDS(outcome >= FW_REASON_BASE);

	/* What stands behind the frame does not matter. */
	longer = malloc(length + 64);
	HOLDS(longer);
	memcpy(longer, data, length);
	memset(longer + length, 0xff, 64);
	HOLDS(parse(longer, length, tunnels, &again) == outcome);
	memset(longer + length, 0, 64);
	HOLDS(parse(longer, length, tunnels, &again) == outcome);
	/* Nor does a longer frame, once all that was asked for was there. */
	if (!watch.refused && !watch.length_counted)
		HOLDS(parse(longer, length + 64, tunnels, &again) == outcome);
	free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct watch watch;
	__u32 outside, inside;

	check_frame(data, size, 0);
	check_frame(data, size, 1);
	/* Who looks into tunnels sees more only where there was something else than TCP. */
	outside = parse(data, size, 0, &watch);
	inside = parse(data, size, 1, &watch);
	HOLDS(inside == outside || outside == FW_REASON_NOT_TCP);
	return 0;
}

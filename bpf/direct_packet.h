/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the readers of XDP and tc have in common: direct access to the packet's bytes.
 * Whoever includes this first defines struct fw_packet, with
 *
 *	const __u8 *data, *end;
 *	__u64 limit;
 */
#ifndef FLAGWALL_DIRECT_PACKET_H
#define FLAGWALL_DIRECT_PACKET_H

#include <linux/if_ether.h>

#include "flagwall/packet.h"

static __always_inline const __u8 *fw_packet_slice(const struct fw_packet *packet, __u64 offset,
						   __u64 length)
{
	const __u8 *slice;

	if (packet->limit != FW_NO_LIMIT && offset + length > packet->limit)
		return 0;
	/*
	 * Verifier: a bound that it saw earlier is lost across spills and
	 * 32-bit moves on 6.1 and older, so it is renewed just before the
	 * addition, where the compiler cannot drop it. It never changes the
	 * offset: no header starts beyond FW_MAX_OFFSET.
	 */
	if (!__builtin_constant_p(offset))
		asm volatile("%0 &= %1" : "+r"(offset) : "i"(FW_MAX_OFFSET));
	slice = packet->data + offset;
	if (slice + length > packet->end)
		return 0;
	__builtin_assume(slice != 0); /* or every caller asks again */
	return slice;
}

/*
 * fw_packet_beyond - see flagwall/packet.h. Verifier: a pointer that goes on from the last one
 * needs no bound on where it is.
 */
static __always_inline const __u8 *fw_packet_beyond(const struct fw_packet *packet,
						    const __u8 *slice, __u64 distance, __u64 length)
{
	slice += distance;
	if (slice + length > packet->end)
		return 0;
	__builtin_assume(slice != 0);
	return slice;
}
#define fw_packet_beyond fw_packet_beyond

/* fw_frame_ethernet - its Ethernet header, or NULL. */
static __always_inline const __u8 *fw_frame_ethernet(fw_origin ctx, const struct fw_packet *packet)
{
	(void)ctx;
	return fw_packet_slice(packet, 0, ETH_HLEN);
}

#endif /* FLAGWALL_DIRECT_PACKET_H */

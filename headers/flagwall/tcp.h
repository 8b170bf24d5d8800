/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TCP: RFC 9293 section 3.1. */
#ifndef FLAGWALL_TCP_H
#define FLAGWALL_TCP_H

#include "flagwall/ip.h"

/* The header up to the flags: enough to judge. */
#define FW_TCP_JUDGED 14
#define FW_TCP_MIN 20

/*
 * fw_parse_tcp - the signature of the TCP header that @net stands on, or the
 * reason why it has none.
 *
 * DATA goes by the IP length: short frames are padded. A first fragment shows
 * only its own bytes, so its header may reach past them.
 */
static __always_inline __u32 fw_parse_tcp(const struct fw_packet *packet,
					  const struct fw_network *net)
{
	const __u8 *header;
	__u32 signature;
	__u16 word;
	__u64 data;

	if (net->offset + FW_TCP_JUDGED > net->end)
		return net->fragment ? FW_REASON_TINY_FRAGMENT : FW_REASON_TRUNCATED;
	header = fw_packet_slice(packet, net->offset, FW_TCP_JUDGED);
	if (!header)
		return FW_REASON_TRUNCATED;
	/* Bytes 12 and 13: data offset, three reserved bits, nine flags. */
	word = fw_load16(header + 12);
	if (word < (FW_TCP_MIN / 4) << 12)
		return FW_REASON_BAD_TCP_OFFSET;
	signature = word & FW_FLAGS;
	if (word & 0x0e00)
		signature |= FW_RSV;
	data = net->offset + (__u64)(word >> 12) * 4;
	if (data < net->end)
		signature |= FW_DATA;
	else if (data > net->end && !net->fragment)
		return FW_REASON_BAD_TCP_OFFSET;
	return signature;
}

#endif /* FLAGWALL_TCP_H */

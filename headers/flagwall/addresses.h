/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The addresses of a packet: what exceptions and reports go by. */
#ifndef FLAGWALL_ADDRESSES_H
#define FLAGWALL_ADDRESSES_H

#include "flagwall/ethernet.h"
#include "flagwall/layout.h"

/*
 * fw_parse_addresses - the keys of the addresses in the IP header that @link
 * leads to: where the packet is @from, and where it goes @to.
 *
 * Both must be zero. Returns 1 and fills their families, lengths and addresses; 0
 * if there is no whole IP header.
 */
static __always_inline int fw_parse_addresses(const struct fw_packet *packet,
					      const struct fw_link *link,
					      struct fw_except_key *from, struct fw_except_key *to)
{
	const __u8 *header;

	from->direction = FW_FROM;
	to->direction = FW_TO;
	if (link->type == fw_be16(ETH_P_IP)) {
		header = fw_packet_slice(packet, link->offset, 20);
		if (!header)
			return 0;
		from->family = to->family = 4;
		from->prefixlen = to->prefixlen = FW_EXCEPT_BITS + 32;
		__builtin_memcpy(from->address, header + 12, 4);
		__builtin_memcpy(to->address, header + 16, 4);
		return 1;
	}
	if (link->type == fw_be16(ETH_P_IPV6)) {
		header = fw_packet_slice(packet, link->offset, 40);
		if (!header)
			return 0;
		from->family = to->family = 6;
		from->prefixlen = to->prefixlen = FW_EXCEPT_BITS + 128;
		__builtin_memcpy(from->address, header + 8, 16);
		__builtin_memcpy(to->address, header + 24, 16);
		return 1;
	}
	return 0;
}

#endif /* FLAGWALL_ADDRESSES_H */

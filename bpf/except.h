/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Exceptions: flagged packets from or to certain addresses pass all the same.
 * Only flagged packets come here, and only if the policy has exceptions.
 */
#ifndef FLAGWALL_EXCEPT_H
#define FLAGWALL_EXCEPT_H

#include "flagwall/parse.h"
#include "maps.h"

static __always_inline int fw_except_holds(const struct fw_except_key *key, __u8 class)
{
	const struct fw_except *except = bpf_map_lookup_elem(&fw_exceptions, key);
	__u64 word = class / 64;

	if (!except)
		return 0;
	/* Verifier: the bound, just before the addition. */
	asm volatile("%0 &= 3" : "+r"(word));
	return except->classes[word] >> (class % 64) & 1;
}

/*
 * fw_excepted - does an exception from @class hold for the addresses of @ctx?
 *
 * The packet is parsed again as far as its addresses, so that the packet path
 * carries nothing for this.
 */
static __attribute__((noinline)) int fw_excepted(struct xdp_md *ctx, __u8 class)
{
	const struct fw_packet packet = fw_packet_open(ctx, FW_NO_LIMIT);
	struct fw_except_key from = { .direction = FW_FROM }, to = { .direction = FW_TO };
	struct fw_link link = {};
	const __u8 *header;

	if (fw_parse_ethernet(&packet, &link) || fw_parse_link(ctx, FW_NO_LIMIT, &link))
		return 0;
	if (link.type == fw_be16(ETH_P_IP)) {
		header = fw_packet_slice(&packet, link.offset, 20);
		if (!header)
			return 0;
		from.family = to.family = 4;
		from.prefixlen = to.prefixlen = FW_EXCEPT_BITS + 32;
		__builtin_memcpy(from.address, header + 12, 4);
		__builtin_memcpy(to.address, header + 16, 4);
	} else if (link.type == fw_be16(ETH_P_IPV6)) {
		header = fw_packet_slice(&packet, link.offset, 40);
		if (!header)
			return 0;
		from.family = to.family = 6;
		from.prefixlen = to.prefixlen = FW_EXCEPT_BITS + 128;
		__builtin_memcpy(from.address, header + 8, 16);
		__builtin_memcpy(to.address, header + 24, 16);
	} else {
		return 0;
	}
	return fw_except_holds(&from, class) || fw_except_holds(&to, class);
}

#endif /* FLAGWALL_EXCEPT_H */

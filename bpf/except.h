/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Exceptions: flagged packets from or to certain addresses pass all the same.
 * Only flagged packets come here, and only if the policy has exceptions.
 */
#ifndef FLAGWALL_EXCEPT_H
#define FLAGWALL_EXCEPT_H

#include "flagwall/addresses.h"
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
static __attribute__((noinline)) int fw_excepted(fw_origin ctx, __u8 class)
{
	const struct fw_packet packet = fw_packet_open(ctx, FW_NO_LIMIT);
	struct fw_except_key from = {}, to = {};
	struct fw_link link = {};

	if (fw_parse_ethernet(&packet, &link) || fw_parse_link(ctx, FW_NO_LIMIT, &link))
		return 0;
	/* Verifier: what was before does not matter any more. */
	link.offset = fw_forget(link.offset);
	link.type = (__u16)fw_forget(link.type);
	if (!fw_parse_addresses(&packet, &link, &from, &to))
		return 0;
	return fw_except_holds(&from, class) || fw_except_holds(&to, class);
}

#endif /* FLAGWALL_EXCEPT_H */

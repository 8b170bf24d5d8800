/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who sent a packet to whom, as far as that can be read in it. Pure. */
#ifndef FLAGWALL_ENDPOINTS_H
#define FLAGWALL_ENDPOINTS_H

#include "capture.h"

struct endpoints {
	__u16 vlan;      /* VLAN ID of the outermost tag, host byte order */
	__u8 vlan_tags;  /* how many; 0: vlan means nothing */
	__u8 family;     /* 4, 6, or 0: no IP header was found, and nothing below is set */
	__u8 source[16]; /* as on the wire; IPv4 in the first four bytes */
	__u8 destination[16];
	__u8 ttl;          /* or hop limit */
	__u16 source_port; /* host byte order; 0 without a TCP header */
	__u16 destination_port;
};

/* endpoints_read - those of @packet, of a link of @link_type; of none that is followed: nothing. */
void endpoints_read(__u32 link_type, const struct capture_packet *packet,
		    struct endpoints *endpoints);

#endif /* FLAGWALL_ENDPOINTS_H */

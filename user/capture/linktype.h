/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What stands before the network layer in a capture: the LINKTYPE_ numbers of
 * tcpdump.org, of which these are followed. Pure.
 */
#ifndef FLAGWALL_LINKTYPE_H
#define FLAGWALL_LINKTYPE_H

#include <linux/types.h>
#include <stdbool.h>

enum linktype {
	LINKTYPE_NULL = 0, /* BSD loopback, in the writer's byte order */
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_RAW_BSD = 12, /* raw IP, as most systems number it in the kernel */
	LINKTYPE_RAW_OPENBSD = 14,
	LINKTYPE_RAW = 101,       /* raw IP, by its version */
	LINKTYPE_LOOP = 108,      /* BSD loopback, in network byte order */
	LINKTYPE_LINUX_SLL = 113, /* tcpdump -i any, of old */
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229,
	LINKTYPE_LINUX_SLL2 = 276, /* tcpdump -i any, of today */
};

/* Where the network layer begins, and what it is. */
struct linktype_header {
	__u32 length; /* bytes before the network layer */
	__u16 type;   /* EtherType, host byte order */
};

/* linktype_known - is @type one of the above? */
bool linktype_known(__u32 type);

/*
 * linktype_read - what stands before the network layer of a frame of another
 * link @type than Ethernet, of which @captured bytes are at @data.
 *
 * Returns true and fills @header; false if the frame is too short to tell.
 */
bool linktype_read(__u32 type, const __u8 *data, __u32 captured, struct linktype_header *header);

#endif /* FLAGWALL_LINKTYPE_H */

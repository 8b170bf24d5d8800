/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writing pcapng (draft-ietf-opsawg-pcapng), block by block, in the byte order of
 * this machine. The first write that fails is kept, and none follows it.
 *
 * Not libpcap: it writes no pcapng.
 */
#ifndef FLAGWALL_PCAPNG_WRITE_H
#define FLAGWALL_PCAPNG_WRITE_H

#include <linux/types.h>
#include <stdio.h>

struct pcapng {
	FILE *file;       /* not owned */
	int error;        /* -errno of the first write that failed, or 0 */
	__u32 interfaces; /* written so far */
};

/* An interface. What is 0 or NULL in the lower half is not written. */
struct pcapng_interface {
	__u32 link_type;   /* LINKTYPE_ of tcpdump.org */
	__u32 snap_length; /* bytes kept of a packet; 0: all */
	__u8 resolution;   /* if_tsresol */
	__s64 time_offset; /* if_tsoffset, s */
	const char *name;  /* if_name */
	const char *description;
};

struct pcapng_packet {
	__u32 interface;  /* what pcapng_interface() returned */
	__u64 stamp;      /* units of its resolution */
	__u32 captured;   /* bytes at @data */
	__u32 length;     /* that the packet had */
	const void *data; /* not owned, as the comment */
	const char *comment;
};

/* pcapng_section - begin the file: a section, which says who writes. */
void pcapng_section(struct pcapng *pcapng);

/* pcapng_interface - one more interface. Returns its number. */
__u32 pcapng_interface(struct pcapng *pcapng, const struct pcapng_interface *interface);

/* pcapng_packet - a packet with its comment. */
void pcapng_packet(struct pcapng *pcapng, const struct pcapng_packet *packet);

/*
 * pcapng_statistics - how many packets there were at @interface until @stamp, and how
 * many of them are missing.
 */
void pcapng_statistics(struct pcapng *pcapng, __u32 interface, __u64 stamp, __u64 received,
		       __u64 missing);

#endif /* FLAGWALL_PCAPNG_WRITE_H */

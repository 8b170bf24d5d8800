/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A capture: packets that somebody recorded, pcap (draft-ietf-opsawg-pcap) or
 * pcapng (draft-ietf-opsawg-pcapng), one after the other. Pure: the bytes come
 * from a source, and any bytes will do; it never reads outside of what is there,
 * and never takes more memory than one block of CAPTURE_LONGEST.
 *
 * Not libpcap: its reader refuses pcapng with interfaces of different link types
 * or snapshot lengths, knows no gzip, and cannot say where a file is damaged.
 */
#ifndef FLAGWALL_CAPTURE_H
#define FLAGWALL_CAPTURE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

/* What a longer record or block would be: damage, not data. Wireshark's limit too. */
#define CAPTURE_LONGEST (16U * 1024 * 1024)

/* More interfaces than these in one section are damage as well. */
#define CAPTURE_INTERFACES 65536

/* The longest struct capture_interface.unit: a microsecond. */
#define CAPTURE_UNIT 1000

/* Where packets were recorded. A pcap file has one. */
struct capture_interface {
	__u32 link_type;   /* LINKTYPE_ of tcpdump.org */
	__u32 snap_length; /* bytes kept of a packet; 0: all */
	__u8 resolution;   /* of time stamps, as pcapng's if_tsresol: 10^-n, or 2^-n with bit 7 */
	__s64 time_offset; /* seconds to add to them */
	__u32 unit;        /* ns that a unit of the time stamps is; 0: see capture_time_any() */
};

struct capture_packet {
	const __u8 *data; /* not owned: valid until the next packet is read */
	__u32 captured;   /* bytes at @data */
	__u32 length;     /* bytes the packet had; never below @captured */
	__u64 stamp;      /* units of the interface's resolution */
	bool stamped;     /* @stamp means something */
	__u32 interface;  /* index in capture->interfaces */
	__u64 number;     /* in the capture, from 1 */
	__u64 offset;     /* of its record or block, bytes from the (unpacked) start */
};

struct capture {
	struct source *source; /* not owned */
	bool blocks;           /* pcapng */
	bool swapped;          /* written in the other byte order */
	__u32 longest;         /* bytes of a packet that can be; pcap */
	__u64 packets;         /* read so far */
	__u32 section;         /* pcapng: sections begun so far */

	struct capture_interface *interfaces; /* owned: of the present section */
	size_t interface_count;
	size_t interface_room;

	/* After a failure: what is wrong, and where. */
	__u64 damage_offset; /* bytes from the (unpacked) start */
	char damage[128];    /* or empty */
};

/*
 * capture_open - see what the bytes of @source are, and read what stands before
 * the first packet.
 *
 * Returns 0; -EINVAL with damage filled, also if it is no capture; or another
 * -errno. In any case @capture is to be released by capture_close(). @source
 * stays the caller's.
 */
int capture_open(struct capture *capture, struct source *source);

/*
 * capture_next - read the next packet.
 *
 * Returns 1 and fills @packet; 0 at the end; -EINVAL with damage filled, after
 * which nothing more can be read; or another -errno.
 */
int capture_next(struct capture *capture, struct capture_packet *packet);

void capture_close(struct capture *capture);

/*
 * capture_time - when @packet was recorded, in nanoseconds since the epoch. 0 if
 * it is not known, or is outside of what 64 bits hold.
 */
__u64 capture_time_any(const struct capture *capture, const struct capture_packet *packet);
static inline __u64 capture_time(const struct capture *capture, const struct capture_packet *packet)
{
	__u32 unit = capture->interfaces[packet->interface].unit;

	/* What nearly all are, without 128 bits. */
	if (packet->stamped && unit && packet->stamp <= INT64_MAX / CAPTURE_UNIT)
		return packet->stamp * unit;
	return capture_time_any(capture, packet);
}

#endif /* FLAGWALL_CAPTURE_H */

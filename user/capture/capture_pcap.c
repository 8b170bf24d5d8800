// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* pcap: a header of 24 bytes, and one of 16 before each packet. */
#include "capture_format.h"

#define FILE_HEADER 24
#define RECORD_HEADER 16

#define MAGIC_MICROSECONDS 0xa1b2c3d4U
#define MAGIC_NANOSECONDS 0xa1b23c4dU

/* As libpcap has it: snapshot lengths were often lower than what is there. */
#define LONGEST_LEAST 262144U

/* The link type is the lower 16 bits; above are the FCS's length, and reserved bits. */
#define LINK_TYPE 0x0000ffffU

static bool is_nanoseconds(const struct capture *capture, const __u8 *header)
{
	return capture_32(capture, header) == MAGIC_NANOSECONDS;
}

bool pcap_is(const __u8 magic[4], bool *swapped)
{
	struct capture own = {}, other = { .swapped = true };
	__u32 value = capture_32(&own, magic), turned = capture_32(&other, magic);

	*swapped = turned == MAGIC_MICROSECONDS || turned == MAGIC_NANOSECONDS;
	return *swapped || value == MAGIC_MICROSECONDS || value == MAGIC_NANOSECONDS;
}

int pcap_open(struct capture *capture)
{
	const __u8 *header = source_peek(capture->source, FILE_HEADER);
	struct capture_interface interface = {};
	__u16 major, minor;

	if (!header)
		return capture_short(capture, "the file's header");
	major = capture_16(capture, header + 4);
	minor = capture_16(capture, header + 6);
	/* Before 2.4 the lengths of a record stood in another order (1998). */
	if (major != 2 || minor != 4)
		return capture_damaged(capture, 4, "pcap version %u.%u, which nobody writes: 2.4 is",
				       major, minor);
	interface.snap_length = capture_32(capture, header + 16);
	interface.link_type = capture_32(capture, header + 20) & LINK_TYPE;
	interface.resolution = is_nanoseconds(capture, header) ? 9 : 6;
	capture->longest = interface.snap_length < LONGEST_LEAST   ? LONGEST_LEAST :
			   interface.snap_length > CAPTURE_LONGEST ? CAPTURE_LONGEST :
								     interface.snap_length;
	source_skip(capture->source, FILE_HEADER);
	return capture_interface_add(capture, &interface);
}

/* What its @header says of a packet's lengths. */
static inline void read_lengths(const struct capture *capture, const __u8 *header,
				struct capture_packet *packet)
{
	packet->captured = capture_32(capture, header + 8);
	packet->length = capture_32(capture, header + 12);
	if (packet->length < packet->captured)
		packet->length = packet->captured;
}

/* A packet of which all is there. */
static inline int take_packet(struct capture *capture, const __u8 *header,
			      struct capture_packet *packet)
{
	struct source *source = capture->source;
	__u64 fractions = capture->interfaces->resolution == 9 ? 1000000000 : 1000000;

	packet->stamp = capture_32(capture, header) * fractions + capture_32(capture, header + 4);
	packet->stamped = true;
	packet->data = header + RECORD_HEADER;
	packet->interface = 0;
	packet->offset = source->position;
	source_skip(source, RECORD_HEADER + (size_t)packet->captured);
	return capture_took(capture, packet);
}

/* The next one if it is not all there, or cannot be. */
static __attribute__((noinline)) int seldom_next(struct capture *capture,
						 struct capture_packet *packet)
{
	struct source *source = capture->source;
	const __u8 *header = source_peek(source, RECORD_HEADER);

	if (!header)
		return source->left || source->error || source->damage ?
			       capture_short(capture, "a packet's header") :
			       0;
	read_lengths(capture, header, packet);
	if (packet->captured > capture->longest)
		return capture_damaged(capture, source->position,
				       "a packet of %u bytes, and no more than %u can be",
				       packet->captured, capture->longest);
	header = source_peek(source, RECORD_HEADER + (size_t)packet->captured);
	if (!header)
		return capture_short(capture, "a packet");
	return take_packet(capture, header, packet);
}

int pcap_next(struct capture *capture, struct capture_packet *packet)
{
	const struct source *source = capture->source;

	/* Nearly always, without a call. */
	if (source->left >= RECORD_HEADER) {
		read_lengths(capture, source->at, packet);
		if (packet->captured <= capture->longest &&
		    packet->captured <= source->left - RECORD_HEADER)
			return take_packet(capture, source->at, packet);
	}
	return seldom_next(capture, packet);
}

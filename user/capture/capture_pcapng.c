// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pcapng: blocks, each with its type, its length before and behind it, and
 * perhaps options. Every section has a byte order and interfaces of its own.
 */
#include "capture_format.h"

#define SECTION_MAGIC 0x1a2b3c4dU

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_OBSOLETE_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
};

/* Bytes of a block without its body: type and length, and length again. */
#define BLOCK_HEAD 8
#define BLOCK_TAIL 4
#define BLOCK_LEAST (BLOCK_HEAD + BLOCK_TAIL)

/* Bytes of a body before its packet or its options. */
#define SECTION_BODY 16
#define INTERFACE_BODY 8
#define PACKET_BODY 20
#define SIMPLE_PACKET_BODY 4

enum interface_option {
	OPTION_END = 0,
	OPTION_RESOLUTION = 9,
	OPTION_TIME_OFFSET = 14,
};

/* A block's body, all of which is there. */
struct body {
	const __u8 *at;
	__u32 length;
	__u64 offset; /* of the block */
};

bool pcapng_is(const __u8 magic[4])
{
	const struct capture any = {};

	return capture_32(&any, magic) == BLOCK_SECTION;
}

static int check_length(struct capture *capture, __u32 length)
{
	if (length < BLOCK_LEAST || length % 4)
		return capture_damaged(capture, capture->source->position,
				       "a block of %u bytes: it would have at least 12, and a "
				       "multiple of 4",
				       length);
	return 0;
}

static int check_tail(struct capture *capture, __u64 offset, const __u8 *tail, __u32 length)
{
	if (capture_32(capture, tail) == length)
		return 0;
	return capture_damaged(capture, offset, "a block of %u bytes that says %u at its end",
			       length, capture_32(capture, tail));
}

/* Go on behind a block that has nothing for us, however long it is. */
static int skip_block(struct capture *capture, __u32 length)
{
	struct source *source = capture->source;
	__u64 offset = source->position;
	const __u8 *tail;

	if (!source_discard(source, length - BLOCK_TAIL) ||
	    !(tail = source_peek(source, BLOCK_TAIL)))
		return capture_short(capture, "a block");
	if (check_tail(capture, offset, tail, length))
		return -EINVAL;
	source_skip(source, BLOCK_TAIL);
	return 0;
}

/* The whole of a block of @length, and go on behind it: its body is valid until then. */
static int read_body(struct capture *capture, __u32 length, __u32 least, struct body *body)
{
	struct source *source = capture->source;
	const __u8 *block;

	if (length > CAPTURE_LONGEST)
		return capture_damaged(capture, source->position,
				       "a block of %u bytes, and no more than %u can be", length,
				       CAPTURE_LONGEST);
	if (length < BLOCK_LEAST + least)
		return capture_damaged(capture, source->position,
				       "a block of %u bytes, too short for its type", length);
	block = source_peek(source, length);
	if (!block)
		return capture_short(capture, "a block");
	if (check_tail(capture, source->position, block + length - BLOCK_TAIL, length))
		return -EINVAL;
	*body = (struct body){ .at = block + BLOCK_HEAD,
			       .length = length - BLOCK_LEAST,
			       .offset = source->position };
	source_skip(source, length);
	return 0;
}

/* A new section: its byte order is told by its own magic, before its length can be read. */
static int read_section(struct capture *capture)
{
	struct source *source = capture->source;
	const __u8 *head = source_peek(source, BLOCK_HEAD + 4);
	struct body body;
	__u32 length;
	__u16 major;
	int err;

	if (!head)
		return capture_short(capture, "a section's header");
	capture->swapped = false;
	if (capture_32(capture, head + BLOCK_HEAD) != SECTION_MAGIC) {
		capture->swapped = true;
		if (capture_32(capture, head + BLOCK_HEAD) != SECTION_MAGIC)
			return capture_damaged(capture, source->position,
					       "a section in no known byte order");
	}
	length = capture_32(capture, head + 4);
	if ((err = check_length(capture, length)) ||
	    (err = read_body(capture, length, SECTION_BODY, &body)))
		return err;
	major = capture_16(capture, body.at + 4);
	if (major != 1)
		return capture_damaged(capture, body.offset,
				       "pcapng version %u.%u, and 1.0 is known", major,
				       capture_16(capture, body.at + 6));
	capture->interface_count = 0;
	capture->section++;
	return 0;
}

/* The options in @length bytes at @at. What is cut off or too short is as if it were not there. */
static void read_options(const struct capture *capture, const __u8 *at, __u32 length,
			 struct capture_interface *interface)
{
	while (length >= 4) {
		__u16 code = capture_16(capture, at), size = capture_16(capture, at + 2);
		__u32 whole = 4 + ((size + 3U) & ~3U);

		if (code == OPTION_END || 4U + size > length)
			return;
		if (code == OPTION_RESOLUTION && size >= 1)
			interface->resolution = at[4];
		else if (code == OPTION_TIME_OFFSET && size >= 8)
			interface->time_offset = (__s64)capture_64(capture, at + 4);
		if (whole > length)
			return;
		at += whole;
		length -= whole;
	}
}

static int read_interface(struct capture *capture, __u32 length)
{
	struct capture_interface interface = { .resolution = 6 };
	struct body body;
	int err = read_body(capture, length, INTERFACE_BODY, &body);

	if (err)
		return err;
	interface.link_type = capture_16(capture, body.at);
	interface.snap_length = capture_32(capture, body.at + 4);
	read_options(capture, body.at + INTERFACE_BODY, body.length - INTERFACE_BODY, &interface);
	return capture_interface_add(capture, &interface);
}

/* Its interface must have been described, and its bytes must be in @body. */
static int check_packet(struct capture *capture, const struct body *body, __u32 before,
			struct capture_packet *packet)
{
	if (packet->interface >= capture->interface_count)
		return capture_damaged(capture, body->offset,
				       "a packet of interface %u, and %zu are described",
				       packet->interface, capture->interface_count);
	if (packet->captured > body->length - before)
		return capture_damaged(capture, body->offset,
				       "a packet of %u bytes in a block with room for %u",
				       packet->captured, body->length - before);
	if (packet->length < packet->captured)
		packet->length = packet->captured;
	packet->data = body->at + before;
	packet->offset = body->offset;
	return capture_took(capture, packet);
}

static int read_packet(struct capture *capture, enum block_type type, __u32 length,
		       struct capture_packet *packet)
{
	struct body body;
	int err = read_body(capture, length, PACKET_BODY, &body);

	if (err)
		return err;
	/* The obsolete one has 16 bits for the interface, and 16 for what was lost. */
	packet->interface = type == BLOCK_PACKET ? capture_32(capture, body.at) :
						   capture_16(capture, body.at);
	packet->stamp = (__u64)capture_32(capture, body.at + 4) << 32 |
			capture_32(capture, body.at + 8);
	packet->stamped = true;
	packet->captured = capture_32(capture, body.at + 12);
	packet->length = capture_32(capture, body.at + 16);
	return check_packet(capture, &body, PACKET_BODY, packet);
}

/* No time, and no length of what is there: it is padded, and cut at the snapshot length. */
static int read_simple_packet(struct capture *capture, __u32 length, struct capture_packet *packet)
{
	struct body body;
	__u32 snap, room;
	int err = read_body(capture, length, SIMPLE_PACKET_BODY, &body);

	if (err)
		return err;
	packet->interface = 0;
	packet->stamp = 0;
	packet->stamped = false;
	packet->length = capture_32(capture, body.at);
	packet->captured = packet->length;
	snap = capture->interface_count ? capture->interfaces->snap_length : 0;
	room = body.length - SIMPLE_PACKET_BODY;
	if (snap && packet->captured > snap)
		packet->captured = snap;
	/* Some writers leave the snapshot length 0 and cut all the same. */
	if (!snap && packet->captured > room)
		packet->captured = room;
	return check_packet(capture, &body, SIMPLE_PACKET_BODY, packet);
}

/* One block. Returns 1 if it was a packet, 0 if not, or -errno. */
static int read_block(struct capture *capture, const __u8 *head, struct capture_packet *packet)
{
	__u32 type = capture_32(capture, head), length = capture_32(capture, head + 4);
	int err;

	if (type == BLOCK_SECTION)
		return read_section(capture);
	if (!capture->section)
		return capture_damaged(capture, capture->source->position,
				       "a block before the first section");
	if ((err = check_length(capture, length)))
		return err;
	switch (type) {
	case BLOCK_INTERFACE:
		return read_interface(capture, length);
	case BLOCK_PACKET:
	case BLOCK_OBSOLETE_PACKET:
		return read_packet(capture, (enum block_type)type, length, packet);
	case BLOCK_SIMPLE_PACKET:
		return read_simple_packet(capture, length, packet);
	default:
		return skip_block(capture, length);
	}
}

int pcapng_next(struct capture *capture, struct capture_packet *packet)
{
	struct source *source = capture->source;

	for (;;) {
		const __u8 *head = source_peek(source, BLOCK_HEAD);
		int got;

		if (!head)
			return source->left || source->error || source->damage ?
				       capture_short(capture, "a block's header") :
				       0;
		got = read_block(capture, head, packet);
		if (got)
			return got;
	}
}

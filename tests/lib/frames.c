// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "frames.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "flagwall/outcome.h"
#include "reason.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* The IPv4 header's more-fragments bit, and its fragment offset. */
#define MF 0x2000
#define OFFSET 0x1fff
/* The two bits of an IPv6 fragment header between its offset and more. */
#define RESERVED 6

const char *const frame_group_names[FRAMES_GROUPS] = {
	[FRAMES_VALUES] = "every value",
	[FRAMES_CUTS] = "every length",
	[FRAMES_OFFSETS] = "every data offset",
};

static void put16(__u8 *at, unsigned int value)
{
	at[0] = (__u8)(value >> 8);
	at[1] = (__u8)value;
}

/* The protocol number of the extension header @index, or of what is behind them. */
static __u8 kind_of(const struct frame *frame, size_t index)
{
	if (index < frame->chain_length)
		return frame->shape->chain[index].kind;
	return frame->shape->other ? frame->shape->protocol : IPPROTO_TCP;
}

static void build_link(struct frame *frame)
{
	const struct shape *shape = frame->shape;
	size_t at = 12;

	memcpy(frame->data, "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01", 12);
	for (size_t i = 0; i < SHAPE_TAGS && shape->tags[i]; i++) {
		put16(frame->data + at, shape->tags[i]);
		put16(frame->data + at + 2, 0xa064 + (unsigned int)i);
		at += 4;
	}
	put16(frame->data + at, shape->type ? shape->type : shape->ip == 6 ? 0x86dd : 0x0800);
	frame->ip = at + 2;
}

/* Everything between the link and the IP header that TCP follows. */
static void build_layers(struct frame *frame)
{
	const struct layer *layer = frame->shape->layers;
	bool outermost = false;

	for (size_t i = 0; i < SHAPE_LAYERS && layer[i].size; i++) {
		if (layer[i].extension && outermost)
			frame->outer = frame->ip + 8;
		memcpy(frame->data + frame->ip, layer[i].bytes, layer[i].size);
		frame->ip += layer[i].size;
		if (layer[i].ip && !frame->outer)
			frame->outer = frame->ip;
		outermost = layer[i].ip || (layer[i].extension && outermost);
	}
}

/* The lengths of the layers, now that the packet ends at @end. */
static void build_layer_lengths(struct frame *frame, size_t end)
{
	const struct layer *layer = frame->shape->layers;
	size_t at = frame->link;

	frame->around = SIZE_MAX;
	for (size_t i = 0; i < SHAPE_LAYERS && layer[i].size; i++) {
		size_t from = at + layer[i].length_without;
		size_t length = layer[i].lies ? layer[i].claims : end - from;

		if (layer[i].length_at)
			put16(frame->data + at + layer[i].length_at, (unsigned int)length);
		if (layer[i].ip && from + length < frame->around)
			frame->around = from + length;
		at += layer[i].size;
	}
}

/* Two-byte-length options that mean nothing, as many as @size bytes take. */
static void pad_options(__u8 *at, size_t size)
{
	while (size) {
		size_t chunk = size > 256 ? 256 : size;

		at[0] = 1;
		at[1] = (__u8)(chunk - 2);
		memset(at + 2, 0, chunk - 2);
		at += chunk;
		size -= chunk;
	}
}

static void build_extension(struct frame *frame, size_t index, size_t at)
{
	const struct extension *extension = &frame->shape->chain[index];
	size_t claims = extension->claims ? extension->claims : extension->size;
	__u8 *header = frame->data + at;

	frame->chain[index] = at;
	memset(header, 0, extension->size);
	header[0] = kind_of(frame, index + 1);
	if (extension->kind == IPPROTO_FRAGMENT) {
		put16(header + 2, extension->fragment);
		put16(header + 6, 0xfafa);
		frame->first |= (extension->fragment & ~RESERVED) == 1;
	} else if (extension->kind == IPPROTO_AH) {
		memset(header + 2, 0xff, extension->size - 2u);
		header[1] = (__u8)(claims / 4 - 2);
	} else {
		if (extension->kind == IPPROTO_HOPOPTS || extension->kind == IPPROTO_DSTOPTS)
			pad_options(header + 2, extension->size - 2u);
		header[1] = (__u8)(claims / 8 - 1);
	}
}

/* The segment's first bytes, as many as it has: header, options, payload. */
static void build_segment(struct frame *frame)
{
	const struct segment *segment = &frame->segment;
	size_t header = segment->data_offset > 5 ? segment->data_offset * 4u : 20;
	__u8 whole[60] = { 0x9c, 0x40, 0x00, 0x09, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };

	put16(whole + 12, (unsigned int)segment->data_offset << 12 | segment->bits);
	put16(whole + 14, 0xfff7);
	memset(whole + 20, 1, sizeof(whole) - 20);
	memset(frame->data + frame->tcp, 0xee, segment->length);
	memcpy(frame->data + frame->tcp, whole, header < segment->length ? header : segment->length);
}

/* What the length field says of the @truth, and so where the packet ends. */
static unsigned int build_length(struct frame *frame, size_t truth, size_t counted_from)
{
	const struct shape *shape = frame->shape;
	size_t says = truth;

	if (shape->length == LENGTH_IS)
		says = shape->length_value;
	else if (shape->length == LENGTH_PLUS)
		says = truth + shape->length_value;
	frame->endless = !says;
	frame->end = counted_from + says;
	return (unsigned int)says;
}

static void build_ip(struct frame *frame, size_t end)
{
	const struct shape *shape = frame->shape;
	__u8 *header = frame->data + frame->ip;

	if (shape->ip == 4) {
		memset(header, 0, 20);
		header[0] = (__u8)(0x45 + shape->options / 4);
		put16(header + 2, build_length(frame, end - frame->ip, frame->ip));
		put16(header + 4, 0x1234);
		put16(header + 6, shape->fragment);
		header[8] = 64;
		header[9] = kind_of(frame, 0);
		memcpy(header + 12, "\xc0\x00\x02\x01\xc0\x00\x02\x02", 8);
		memset(header + 20, 1, shape->options);
		frame->first |= (shape->fragment & (MF | OFFSET)) == MF;
	} else {
		memset(header, 0, 40);
		header[0] = 0x60;
		put16(header + 4, build_length(frame, end - frame->ip - 40, frame->ip + 40));
		header[6] = kind_of(frame, 0);
		header[7] = 64;
		memcpy(header + 8, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
		memcpy(header + 24, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02", 16);
	}
	if (shape->start)
		header[0] = shape->start;
}

static size_t ip_header_size(const struct shape *shape)
{
	return shape->ip == 6 ? 40 : shape->ip == 4 ? 20u + shape->options : 0;
}

void frame_build(struct frame *frame, const struct shape *shape, const struct segment *segment)
{
	size_t at, end;

	frame->shape = shape;
	frame->segment = *segment;
	frame->endless = false;
	frame->first = false;
	frame->chain_length = 0;
	while (frame->chain_length < SHAPE_CHAIN && shape->chain[frame->chain_length].size)
		frame->chain_length++;

	frame->outer = 0;
	build_link(frame);
	frame->link = frame->ip;
	build_layers(frame);
	at = frame->ip + ip_header_size(shape);
	for (size_t i = 0; i < frame->chain_length; i++) {
		build_extension(frame, i, at);
		at += shape->chain[i].size;
	}
	frame->tcp = at;
	build_segment(frame);
	end = at + segment->length;
	if (shape->ip)
		build_ip(frame, end);
	else
		frame->end = end;
	build_layer_lengths(frame, end);

	frame->length = end + shape->padding;
	if (frame->length < shape->least)
		frame->length = shape->least;
	memset(frame->data + end, 0xff, frame->length - end);
}

const char *outcome_print(__u32 outcome, char text[64])
{
	if (outcome < FW_REASON_BASE)
		snprintf(text, 64, "signature 0x%03x", outcome);
	else if (outcome - FW_REASON_BASE < FW_REASON_COUNT)
		snprintf(text, 64, "reason %s", reason_texts[outcome - FW_REASON_BASE].name);
	else
		snprintf(text, 64, "nonsense %u", outcome);
	return text;
}

const char *frame_print(const struct frame *frame, size_t length, char text[256])
{
	snprintf(text, 256, "%s, bits 0x%03x, data offset %u, segment of %u, %zu of %zu bytes",
		 frame->shape->name, frame->segment.bits, frame->segment.data_offset,
		 frame->segment.length, length, frame->length);
	return text;
}

/* Who looks at the frames, and how many there were. */
struct visit {
	void (*check)(const struct frame *frame, size_t length, void *context);
	void *context;
	size_t count;
};

static void show(struct visit *visit, const struct frame *frame, size_t length)
{
	visit->count++;
	if (visit->check)
		visit->check(frame, length, visit->context);
}

static void visit_values(const struct shape *shape, struct visit *visit)
{
	struct segment segment = { .data_offset = 5 };
	struct frame frame;

	for (unsigned int payload = 0; payload < 2; payload++) {
		for (unsigned int bits = 0; bits < 4096; bits++) {
			segment.bits = (__u16)bits;
			segment.length = (__u16)(20 + payload);
			frame_build(&frame, shape, &segment);
			show(visit, &frame, frame.length);
		}
	}
}

static void visit_cuts(const struct shape *shape, struct visit *visit)
{
	static const struct segment segments[] = {
		{ .bits = 0x002, .data_offset = 5, .length = 20 },
		{ .bits = 0x011, .data_offset = 5, .length = 21 },
		{ .bits = 0xe18, .data_offset = 8, .length = 72 },
		{ .bits = 0x1c2, .data_offset = 15, .length = 60 },
	};
	struct frame frame;

	for (size_t i = 0; i < ARRAY_SIZE(segments); i++) {
		frame_build(&frame, shape, &segments[i]);
		for (size_t length = 0; length <= frame.length; length++)
			show(visit, &frame, length);
	}
}

static void visit_offsets(const struct shape *shape, struct visit *visit)
{
	static const __u16 bits[] = { 0x002, 0xfed };
	struct segment segment = {};
	struct frame frame;

	for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
		segment.bits = bits[i];
		for (segment.length = 0; segment.length <= 64; segment.length++) {
			for (segment.data_offset = 0; segment.data_offset < 16;
			     segment.data_offset++) {
				frame_build(&frame, shape, &segment);
				show(visit, &frame, frame.length);
			}
		}
	}
}

size_t frames_visit(const struct shape *shape, enum frame_group group,
		    void (*check)(const struct frame *frame, size_t length, void *context),
		    void *context)
{
	static void (*const visits[FRAMES_GROUPS])(const struct shape *shape,
						   struct visit *visit) = {
		[FRAMES_VALUES] = visit_values,
		[FRAMES_CUTS] = visit_cuts,
		[FRAMES_OFFSETS] = visit_offsets,
	};
	struct visit visit = { .check = check, .context = context };

	visits[group](shape, &visit);
	return visit.count;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "mutants.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define ROOM (2 * FRAME_MOST)
#define MOST_PARTS (SHAPE_LAYERS + SHAPE_CHAIN + 8)

/* A frame on the operating table. */
struct draft {
	__u64 state; /* of the random numbers */
	__u8 data[ROOM];
	size_t length;
	size_t parts[MOST_PARTS]; /* where headers start; they may have moved since */
	size_t part_count;
	char *how;
	size_t told;
};

static void __attribute__((format(printf, 2, 3))) tell(struct draft *draft, const char *format, ...)
{
	va_list arguments;

	if (!draft->how || draft->told >= MUTANT_HOW)
		return;
	va_start(arguments, format);
	draft->told += (size_t)vsnprintf(draft->how + draft->told, MUTANT_HOW - draft->told, format,
					 arguments);
	va_end(arguments);
}

/* splitmix64: a good number from any state. */
static __u64 next(struct draft *draft)
{
	__u64 z = (draft->state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* One of 0 to @count - 1; @count is not 0. */
static size_t below(struct draft *draft, size_t count)
{
	return (size_t)((next(draft) >> 32) * count >> 32);
}

static bool chance(struct draft *draft, unsigned int percent)
{
	return below(draft, 100) < percent;
}

static void put16(__u8 *at, size_t value)
{
	at[0] = (__u8)(value >> 8);
	at[1] = (__u8)value;
}

/* Headers stand at these places; nothing depends on it that all are found. */
static void find_parts(struct draft *draft, const struct frame *frame)
{
	size_t at = frame->link;

	draft->part_count = 0;
	draft->parts[draft->part_count++] = 12;
	for (size_t i = 0; i < SHAPE_LAYERS && frame->shape->layers[i].size; i++) {
		draft->parts[draft->part_count++] = at;
		at += frame->shape->layers[i].size;
	}
	draft->parts[draft->part_count++] = frame->ip;
	for (size_t i = 0; i < frame->chain_length; i++)
		draft->parts[draft->part_count++] = frame->chain[i];
	draft->parts[draft->part_count++] = frame->tcp;
	draft->parts[draft->part_count++] = frame->tcp + 12;
}

/* A frame of any shape, with a segment of any kind. */
static void breed(struct draft *draft)
{
	struct segment segment = { .bits = (__u16)below(draft, 4096), .data_offset = 5 };
	const struct shape *shape = shape_at(below(draft, shape_count()));
	static struct frame frame;

	if (chance(draft, 25))
		segment.data_offset = (__u8)below(draft, 16);
	segment.length = (__u16)(chance(draft, 75) ? 20 + below(draft, 3) : below(draft, 65));
	frame_build(&frame, shape, &segment);
	memcpy(draft->data, frame.data, frame.length);
	draft->length = frame.length;
	find_parts(draft, &frame);
	tell(draft, "%s, bits 0x%03x, data offset %u, segment of %u", shape->name, segment.bits,
	     segment.data_offset, segment.length);
}

/* Somewhere in the frame; mostly in or near the beginning of a header. */
static size_t place(struct draft *draft)
{
	size_t at = below(draft, draft->length);

	if (chance(draft, 80))
		at = draft->parts[below(draft, draft->part_count)] + below(draft, 24);
	return at < draft->length ? at : draft->length - 1;
}

static void flip(struct draft *draft)
{
	size_t at = place(draft), bit = below(draft, 8);

	draft->data[at] ^= (__u8)(1 << bit);
	tell(draft, "; bit %zu of byte %zu flipped", bit, at);
}

/* Values that mean something somewhere: versions, protocols, lengths, types. */
static void set_byte(struct draft *draft)
{
	static const __u8 values[] = { 0,    1,    2,   3,   4,    5,    6,    7,    8,
				       15,   17,   41,  43,  44,   47,   50,   51,   59,
				       60,   135,  139, 140, 0x40, 0x44, 0x45, 0x46, 0x4f,
				       0x50, 0x60, 127, 128, 0xf0, 255 };
	size_t at = place(draft);

	draft->data[at] = values[below(draft, ARRAY_SIZE(values))];
	tell(draft, "; byte %zu set to 0x%02x", at, draft->data[at]);
}

static void set_type(struct draft *draft)
{
	static const __u16 values[] = { 0x0800, 0x86dd, 0x8100, 0x88a8, 0x9100, 0x8847, 0x8848,
					0x8864, 0x88e7, 0x8926, 0x893f, 0x8909, 0x6558, 0x88be,
					0x880b, 0x0021, 0x0057, 0xaaaa, 0x4242, 2152,   3544,
					4789,   6081,   8472,   0x0001, 0x2001, 0x4000, 0xffff };
	size_t at = place(draft), value = values[below(draft, ARRAY_SIZE(values))];

	if (at + 2 > draft->length)
		return;
	put16(draft->data + at, value);
	tell(draft, "; bytes %zu and %zu set to 0x%04zx", at, at + 1, value);
}

/* As a length field would count to the end, or past it, or not as far. */
static void set_length(struct draft *draft)
{
	size_t at = place(draft), value;

	if (at + 2 > draft->length)
		return;
	value = draft->length - at + below(draft, 48) - 24;
	if (chance(draft, 25))
		value = below(draft, 96);
	if (chance(draft, 25)) {
		draft->data[at] = (__u8)value;
		tell(draft, "; byte %zu set to 0x%02x", at, draft->data[at]);
		return;
	}
	put16(draft->data + at, value);
	tell(draft, "; bytes %zu and %zu set to 0x%04zx", at, at + 1, value & 0xffff);
}

static void cut(struct draft *draft)
{
	size_t length = chance(draft, 50) ? below(draft, draft->length) : place(draft);

	if (length < MUTANT_LEAST)
		return;
	draft->length = length;
	tell(draft, "; cut at %zu", length);
}

static void lengthen(struct draft *draft)
{
	size_t more = 1 + below(draft, 64);

	if (draft->length + more > ROOM)
		return;
	for (size_t i = 0; i < more; i++)
		draft->data[draft->length + i] = (__u8)next(draft);
	draft->length += more;
	tell(draft, "; %zu bytes more", more);
}

/* Some bytes once more, before those at @at. */
static void repeat(struct draft *draft)
{
	size_t from = place(draft), at = place(draft), size = 1 + below(draft, 48);
	__u8 part[48];

	if (chance(draft, 75))
		size = (size + 7) & ~7UL;
	if (size > sizeof(part) || from + size > draft->length || draft->length + size > ROOM)
		return;
	memcpy(part, draft->data + from, size);
	memmove(draft->data + at + size, draft->data + at, draft->length - at);
	memcpy(draft->data + at, part, size);
	draft->length += size;
	tell(draft, "; %zu bytes at %zu repeated at %zu", size, from, at);
}

static void take_out(struct draft *draft)
{
	size_t at = place(draft), size = 1 + below(draft, 48);

	if (chance(draft, 75))
		size = (size + 3) & ~3UL;
	if (at + size > draft->length || draft->length - size < MUTANT_LEAST)
		return;
	memmove(draft->data + at, draft->data + at + size, draft->length - at - size);
	draft->length -= size;
	tell(draft, "; %zu bytes at %zu taken out", size, at);
}

/* The beginning of this one and the end of another, both cut where headers start. */
static void splice(struct draft *draft)
{
	static struct draft other;
	size_t head, tail;

	other.state = next(draft);
	other.how = draft->how;
	other.told = draft->told;
	tell(&other, "; spliced with ");
	breed(&other);
	head = draft->parts[below(draft, draft->part_count)];
	tail = other.parts[below(draft, other.part_count)];
	draft->told = other.told;
	if (head > draft->length || tail > other.length ||
	    head + other.length - tail < MUTANT_LEAST || head + other.length - tail > ROOM)
		return;
	memcpy(draft->data + head, other.data + tail, other.length - tail);
	draft->length = head + other.length - tail;
	tell(draft, ", %zu bytes and that from %zu on", head, tail);
}

void mutant_make(struct mutant *mutant)
{
	static void (*const operations[])(struct draft * draft) = {
		flip,       flip, flip,     set_byte, set_byte, set_type, set_length,
		set_length, cut,  lengthen, repeat,   take_out, splice,   splice,
	};
	static struct draft draft;

	draft.state = mutant->seed;
	draft.state = next(&draft) ^ mutant->number * 0xd1342543de82ef95;
	draft.how = mutant->how;
	draft.told = 0;
	breed(&draft);
	do {
		operations[below(&draft, ARRAY_SIZE(operations))](&draft);
	} while (chance(&draft, 50));

	mutant->length = draft.length < MUTANT_MOST ? draft.length : MUTANT_MOST;
	memcpy(mutant->data, draft.data, mutant->length);
}

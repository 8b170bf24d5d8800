// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "made.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void put(struct made *made, const void *data, size_t length)
{
	assert_true(made->length + length <= sizeof(made->data));
	memcpy(made->data + made->length, data, length);
	made->length += length;
}

void put_16(struct made *made, __u16 value)
{
	value = made->swapped ? __builtin_bswap16(value) : value;
	put(made, &value, sizeof(value));
}

void put_32(struct made *made, __u32 value)
{
	value = made->swapped ? __builtin_bswap32(value) : value;
	put(made, &value, sizeof(value));
}

/* @count bytes that are not zero, and nothing that has a meaning. */
static void put_bytes(struct made *made, size_t count)
{
	while (count--)
		put(made, "\x55", 1);
}

static void end_packet(struct made *made)
{
	made->packet_ends[made->packets++] = made->length;
	made->whole[made->length] = true;
}

void make_pcap(struct made *made, bool swapped, __u32 magic)
{
	*made = (struct made){ .swapped = swapped };
	put_32(made, magic);
	put_16(made, 2);
	put_16(made, 4);
	put_32(made, 0);
	put_32(made, 0);
	put_32(made, 65535);
	put_32(made, 1);
	made->whole[made->length] = true;
	for (__u32 i = 0; i < 5; i++) {
		put_32(made, 1000 + i);
		put_32(made, 7 * i);
		put_32(made, 13 * i);
		put_32(made, 20 * i);
		put_bytes(made, 13 * i);
		end_packet(made);
	}
}

void put_section(struct made *made, bool swapped)
{
	made->swapped = swapped;
	put_32(made, 0x0a0d0d0a);
	put_32(made, 28);
	put_32(made, 0x1a2b3c4d);
	put_16(made, 1);
	put_16(made, 0);
	put_32(made, ~0U);
	put_32(made, ~0U);
	put_32(made, 28);
	made->whole[made->length] = true;
}

static void put_interface(struct made *made, __u16 link_type, __u32 snap, __u8 resolution)
{
	put_32(made, 1);
	put_32(made, 32);
	put_16(made, link_type);
	put_16(made, 0);
	put_32(made, snap);
	put_16(made, 9);
	put_16(made, 1);
	put(made, &resolution, 1);
	put(made, "\0\0\0", 3);
	put_32(made, 0); /* the end of the options */
	put_32(made, 32);
	made->whole[made->length] = true;
}

/* @type 6 or 2. */
static void put_packet(struct made *made, __u32 type, __u32 interface, __u32 captured)
{
	__u32 room = (captured + 3) & ~3U;

	put_32(made, type);
	put_32(made, 32 + room);
	if (type == 6) {
		put_32(made, interface);
	} else {
		put_16(made, (__u16)interface);
		put_16(made, 99);
	}
	put_32(made, 1);
	put_32(made, 2);
	put_32(made, captured);
	put_32(made, captured + 100);
	put_bytes(made, room);
	put_32(made, 32 + room);
	end_packet(made);
}

static void put_simple(struct made *made, __u32 length, __u32 snap)
{
	__u32 kept = snap && snap < length ? snap : length, room = (kept + 3) & ~3U;

	put_32(made, 3);
	put_32(made, 16 + room);
	put_32(made, length);
	put_bytes(made, room);
	put_32(made, 16 + room);
	end_packet(made);
}

void make_pcapng(struct made *made)
{
	*made = (struct made){};
	put_section(made, false);
	put_interface(made, 1, 10, 6);
	put_packet(made, 6, 0, 7);
	put_interface(made, 101, 0, 9);
	put_packet(made, 2, 1, 21);
	put_simple(made, 33, 10);
	put_32(made, 0x80000001); /* nobody knows it */
	put_32(made, 112);
	put_bytes(made, 100);
	put_32(made, 112);
	made->whole[made->length] = true;
	put_section(made, true);
	put_interface(made, 113, 0, 0x80 | 10);
	put_packet(made, 6, 0, 0);
	put_packet(made, 2, 0, 40);
	put_simple(made, 9, 0);
}

static volatile unsigned int looked_at;
__u32 link_types[MOST_PACKETS]; /* by number */

int read_all(const __u8 *data, size_t length, struct capture *capture, __u64 *damage_offset)
{
	__u8 *copy = malloc(length ? length : 1);
	struct capture_packet packet;
	struct source source;
	struct capture closing;
	int got;

	assert_non_null(copy);
	memcpy(copy, data, length);
	got = source_memory(&source, copy, length);
	if (!got)
		got = capture_open(capture, &source);
	else
		*capture = (struct capture){};
	while (!got && (got = capture_next(capture, &packet)) > 0) {
		assert_true(packet.captured <= packet.length);
		assert_true(packet.interface < capture->interface_count);
		assert_int_equal(packet.number, capture->packets);
		link_types[packet.number % MOST_PACKETS] =
			capture->interfaces[packet.interface].link_type;
		for (__u32 i = 0; i < packet.captured; i++)
			looked_at += packet.data[i];
		capture_time(capture, &packet);
		got = 0;
	}
	if (got == -EINVAL)
		assert_true(*capture->damage);
	*damage_offset = capture->damage_offset;
	source_close(&source);
	closing = *capture; /* the caller has questions yet */
	capture_close(&closing);
	capture->interfaces = NULL;
	free(copy);
	return got;
}

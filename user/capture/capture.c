// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What both formats have in common. */
#include "capture.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture_format.h"

#define NANOSECONDS 1000000000ULL

void capture_damage(struct capture *capture, __u64 offset, const char *format, ...)
{
	va_list arguments;

	capture->damage_offset = offset;
	va_start(arguments, format);
	vsnprintf(capture->damage, sizeof(capture->damage), format, arguments);
	va_end(arguments);
}

void capture_tell_short(struct capture *capture, const char *what)
{
	const struct source *source = capture->source;

	if (source->error)
		return;
	if (source->damage)
		capture_damage(capture, source->position + source->left, "%s", source->damage);
	else
		capture_damage(capture, source->position,
			       "the file ends in the middle of %s: %zu %s", what, source->left,
			       source->left == 1 ? "byte of it is there" : "bytes of it are there");
}

/* See struct capture_interface. */
static __u32 unit_of(const struct capture_interface *interface)
{
	if (interface->time_offset)
		return 0;
	return interface->resolution == 9 ? 1 : interface->resolution == 6 ? CAPTURE_UNIT : 0;
}

int capture_interface_add(struct capture *capture, const struct capture_interface *interface)
{
	size_t room = capture->interface_room;

	if (capture->interface_count >= CAPTURE_INTERFACES)
		return capture_damaged(capture, capture->source->position,
				       "more than %d interfaces in one section", CAPTURE_INTERFACES);
	if (capture->interface_count == room) {
		struct capture_interface *larger;

		room = room ? 2 * room : 4;
		larger = reallocarray(capture->interfaces, room, sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		capture->interfaces = larger;
		capture->interface_room = room;
	}
	capture->interfaces[capture->interface_count] = *interface;
	capture->interfaces[capture->interface_count++].unit = unit_of(interface);
	return 0;
}

int capture_open(struct capture *capture, struct source *source)
{
	const __u8 *magic;

	*capture = (struct capture){ .source = source };
	magic = source_peek(source, 4);
	if (!magic && !source->left && !source->error && !source->damage)
		return capture_damaged(capture, 0, "the file is empty");
	if (!magic)
		return capture_short(capture, "what tells a capture's format");
	if (pcapng_is(magic)) {
		capture->blocks = true;
		return 0;
	}
	if (pcap_is(magic, &capture->swapped))
		return pcap_open(capture);
	return capture_damaged(capture, 0,
			       "neither pcap nor pcapng: it begins with %02x %02x %02x %02x",
			       magic[0], magic[1], magic[2], magic[3]);
}

int capture_next(struct capture *capture, struct capture_packet *packet)
{
	return capture->blocks ? pcapng_next(capture, packet) : pcap_next(capture, packet);
}

void capture_close(struct capture *capture)
{
	free(capture->interfaces);
	*capture = (struct capture){};
}

static unsigned __int128 power(unsigned int base, unsigned int exponent)
{
	unsigned __int128 value = 1;

	while (exponent--)
		value *= base;
	return value;
}

__u64 capture_time_any(const struct capture *capture, const struct capture_packet *packet)
{
	const struct capture_interface *interface = &capture->interfaces[packet->interface];
	unsigned int exponent = interface->resolution & 0x7f;
	__int128 time;

	if (!packet->stamped)
		return 0;
	/* 64 bits of 10^-38 seconds, or of 2^-64, are none. */
	if (interface->resolution & 0x80)
		time = exponent > 64 ? 0 :
				       (__int128)((unsigned __int128)packet->stamp * NANOSECONDS >>
						  exponent);
	else
		time = exponent > 38 ? 0 :
				       (__int128)((unsigned __int128)packet->stamp * NANOSECONDS /
						  power(10, exponent));
	time += (__int128)interface->time_offset * (__int128)NANOSECONDS;
	return time < 0 || time > (__int128)INT64_MAX ? 0 : (__u64)time;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "pcapng_write.h"

#include <errno.h>
#include <string.h>

#include "version.h"

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
	SECTION_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	/* Of a section. */
	OPTION_APPLICATION = 4,
	/* Of an interface. */
	OPTION_NAME = 2,
	OPTION_DESCRIPTION = 3,
	OPTION_RESOLUTION = 9,
	OPTION_TIME_OFFSET = 14,
	/* Of statistics. */
	OPTION_RECEIVED = 4,
	OPTION_DROPPED = 5,
};

static __u32 padded(__u32 length)
{
	return (length + 3) & ~3U;
}

static void put(struct pcapng *pcapng, const void *data, size_t length)
{
	errno = EIO;
	if (!pcapng->error && length && fwrite(data, length, 1, pcapng->file) != 1)
		pcapng->error = -errno;
}

static void put_16(struct pcapng *pcapng, __u16 value)
{
	put(pcapng, &value, sizeof(value));
}

static void put_32(struct pcapng *pcapng, __u32 value)
{
	put(pcapng, &value, sizeof(value));
}

/* The upper half first, whatever the byte order: so the format has it. */
static void put_stamp(struct pcapng *pcapng, __u64 stamp)
{
	put_32(pcapng, (__u32)(stamp >> 32));
	put_32(pcapng, (__u32)stamp);
}

static void put_padded(struct pcapng *pcapng, const void *data, __u32 length)
{
	static const __u8 zeros[4];

	put(pcapng, data, length);
	put(pcapng, zeros, padded(length) - length);
}

/* What an option takes: its own four bytes, and its padded value. */
static __u32 option_size(size_t length)
{
	return 4 + padded((__u32)length);
}

static __u32 text_size(const char *text)
{
	return text ? option_size(strlen(text)) : 0;
}

static void put_option(struct pcapng *pcapng, __u16 code, const void *value, size_t length)
{
	put_16(pcapng, code);
	put_16(pcapng, (__u16)length);
	put_padded(pcapng, value, (__u32)length);
}

static void put_text(struct pcapng *pcapng, __u16 code, const char *text)
{
	if (text)
		put_option(pcapng, code, text, strlen(text));
}

static void put_end(struct pcapng *pcapng, __u32 block_length)
{
	put_option(pcapng, OPTION_END, NULL, 0);
	put_32(pcapng, block_length);
}

void pcapng_section(struct pcapng *pcapng)
{
	char application[64];
	__u32 length;

	snprintf(application, sizeof(application), "flagwall %s", flagwall_version);
	length = 28 + text_size(application) + option_size(0);
	put_32(pcapng, BLOCK_SECTION);
	put_32(pcapng, length);
	put_32(pcapng, SECTION_MAGIC);
	put_16(pcapng, 1);
	put_16(pcapng, 0);
	put_32(pcapng, ~0U); /* the section's length is not told */
	put_32(pcapng, ~0U);
	put_text(pcapng, OPTION_APPLICATION, application);
	put_end(pcapng, length);
}

__u32 pcapng_interface(struct pcapng *pcapng, const struct pcapng_interface *interface)
{
	__u32 length = 20 + text_size(interface->name) + text_size(interface->description) +
		       option_size(1) + option_size(8) + option_size(0);

	put_32(pcapng, BLOCK_INTERFACE);
	put_32(pcapng, length);
	put_16(pcapng, (__u16)interface->link_type);
	put_16(pcapng, 0);
	put_32(pcapng, interface->snap_length);
	put_text(pcapng, OPTION_NAME, interface->name);
	put_text(pcapng, OPTION_DESCRIPTION, interface->description);
	put_option(pcapng, OPTION_RESOLUTION, &interface->resolution, 1);
	put_option(pcapng, OPTION_TIME_OFFSET, &interface->time_offset, 8);
	put_end(pcapng, length);
	return pcapng->interfaces++;
}

void pcapng_packet(struct pcapng *pcapng, const struct pcapng_packet *packet)
{
	__u32 length = 32 + padded(packet->captured) + text_size(packet->comment) + option_size(0);

	put_32(pcapng, BLOCK_PACKET);
	put_32(pcapng, length);
	put_32(pcapng, packet->interface);
	put_stamp(pcapng, packet->stamp);
	put_32(pcapng, packet->captured);
	put_32(pcapng, packet->length);
	put_padded(pcapng, packet->data, packet->captured);
	put_text(pcapng, OPTION_COMMENT, packet->comment);
	put_end(pcapng, length);
}

void pcapng_statistics(struct pcapng *pcapng, __u32 interface, __u64 stamp, __u64 received,
		       __u64 missing)
{
	__u32 length = 24 + 2 * option_size(8) + option_size(0);

	put_32(pcapng, BLOCK_STATISTICS);
	put_32(pcapng, length);
	put_32(pcapng, interface);
	put_stamp(pcapng, stamp);
	put_option(pcapng, OPTION_RECEIVED, &received, 8);
	put_option(pcapng, OPTION_DROPPED, &missing, 8);
	put_end(pcapng, length);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "flagged.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "reason.h"
#include "version.h"

/* Blocks and options of pcapng; in the byte order of this machine. */
enum {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
	SECTION_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_APPLICATION = 4, /* of a section */
	OPTION_RESOLUTION = 9,  /* of an interface */
	OPTION_TIME_OFFSET = 14,
};

#define COMMENT 128 /* bytes: the longest name of a pattern has 31 */

static __u32 padded(__u32 length)
{
	return (length + 3) & ~3U;
}

static void put(struct flagged *flagged, const void *data, size_t length)
{
	errno = EIO;
	if (!flagged->error && length && fwrite(data, length, 1, flagged->outfile.file) != 1)
		flagged->error = -errno;
}

static void put_16(struct flagged *flagged, __u16 value)
{
	put(flagged, &value, sizeof(value));
}

static void put_32(struct flagged *flagged, __u32 value)
{
	put(flagged, &value, sizeof(value));
}

static void put_padded(struct flagged *flagged, const void *data, __u32 length)
{
	static const __u8 zeros[4];

	put(flagged, data, length);
	put(flagged, zeros, padded(length) - length);
}

/* What an option takes: its own four bytes, and its padded value. */
static __u32 option_size(__u32 length)
{
	return 4 + padded(length);
}

static void put_option(struct flagged *flagged, __u16 code, const void *value, __u16 length)
{
	put_16(flagged, code);
	put_16(flagged, length);
	put_padded(flagged, value, length);
}

static void put_end(struct flagged *flagged, __u32 block_length)
{
	put_option(flagged, OPTION_END, NULL, 0);
	put_32(flagged, block_length);
}

static void put_section(struct flagged *flagged)
{
	char application[64];
	int size = snprintf(application, sizeof(application), "flagwall %s", flagwall_version);
	__u32 length = 28 + option_size((__u32)size) + option_size(0);

	put_32(flagged, BLOCK_SECTION);
	put_32(flagged, length);
	put_32(flagged, SECTION_MAGIC);
	put_16(flagged, 1);
	put_16(flagged, 0);
	put_32(flagged, ~0U); /* the section's length is not told */
	put_32(flagged, ~0U);
	put_option(flagged, OPTION_APPLICATION, application, (__u16)size);
	put_end(flagged, length);
}

static void put_interface(struct flagged *flagged, const struct capture_interface *interface)
{
	__u32 length = 20 + option_size(1) + option_size(8) + option_size(0);

	put_32(flagged, BLOCK_INTERFACE);
	put_32(flagged, length);
	put_16(flagged, (__u16)interface->link_type);
	put_16(flagged, 0);
	put_32(flagged, interface->snap_length);
	put_option(flagged, OPTION_RESOLUTION, &interface->resolution, 1);
	put_option(flagged, OPTION_TIME_OFFSET, &interface->time_offset, 8);
	put_end(flagged, length);
}

/* The number that @interface of @capture has here; it gets one with its first packet. */
static __u32 interface_of(struct flagged *flagged, const struct capture *capture, __u32 interface)
{
	if (capture->section != flagged->section) {
		flagged_begin(flagged);
		flagged->section = capture->section;
	}
	if (interface >= flagged->room) {
		size_t room = capture->interface_room;
		__u32 *larger = reallocarray(flagged->interfaces, room, sizeof(*larger));

		if (!larger) {
			flagged->error = flagged->error ? flagged->error : -ENOMEM;
			return 0;
		}
		memset(larger + flagged->room, 0, (room - flagged->room) * sizeof(*larger));
		flagged->interfaces = larger;
		flagged->room = room;
	}
	if (!flagged->interfaces[interface]) {
		put_interface(flagged, &capture->interfaces[interface]);
		flagged->interfaces[interface] = ++flagged->count;
	}
	return flagged->interfaces[interface] - 1;
}

static int comment(char text[COMMENT], const struct policy *policy, const struct verdict *verdict)
{
	const char *name = verdict->outcome < FW_SIGNATURES ?
				   policy_pattern(policy, verdict->outcome)->name :
				   reason_texts[verdict->outcome - FW_REASON_BASE].name;

	return snprintf(text, COMMENT, "%s: %s%s", name, policy_action_name(verdict->action),
			verdict->excepted ? ", passes by an exception" : "");
}

void flagged_add(struct flagged *flagged, const struct capture *capture,
		 const struct capture_packet *packet, const struct policy *policy,
		 const struct verdict *verdict)
{
	char text[COMMENT];
	int size = comment(text, policy, verdict);
	__u32 interface = interface_of(flagged, capture, packet->interface);
	__u32 length = 32 + padded(packet->captured) + option_size((__u32)size) + option_size(0);

	put_32(flagged, BLOCK_PACKET);
	put_32(flagged, length);
	put_32(flagged, interface);
	put_32(flagged, (__u32)(packet->stamp >> 32));
	put_32(flagged, (__u32)packet->stamp);
	put_32(flagged, packet->captured);
	put_32(flagged, packet->length);
	put_padded(flagged, packet->data, packet->captured);
	put_option(flagged, OPTION_COMMENT, text, (__u16)size);
	put_end(flagged, length);
}

int flagged_open(struct flagged *flagged, const char *path)
{
	int err;

	*flagged = (struct flagged){};
	err = outfile_open(&flagged->outfile, "write-flagged", path);
	if (err)
		return err;
	put_section(flagged);
	return 0;
}

void flagged_begin(struct flagged *flagged)
{
	free(take_ptr(flagged->interfaces));
	flagged->room = 0;
	flagged->section = 0;
}

int flagged_commit(struct flagged *flagged)
{
	return outfile_commit(&flagged->outfile, flagged->error);
}

void flagged_cancel(struct flagged *flagged)
{
	outfile_cancel(&flagged->outfile);
	free(take_ptr(flagged->interfaces));
}

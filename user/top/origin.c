// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "origin.h"

#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "endpoints.h"
#include "frame.h"
#include "json.h"
#include "linktype.h"

#include "flagwall/ethernet.h"

/* The third word: what the first two are, and behind it the pattern's number + 1. */
#define WHAT 0xff
#define PART_SHIFT 16

#define PREFIX_BYTES 8 /* of IPv6: a /64, which is one site's, or less */
#define MAC_BYTES 6
#define MAC_OFFSET 6
#define TAG_BYTES 4

const char *const origin_names[ORIGIN_KINDS] = {
	[ORIGIN_SOURCE] = "source",
	[ORIGIN_MAC] = "source_mac",
	[ORIGIN_VLAN] = "vlans",
};

static struct heavy_key source_of(const struct event *event)
{
	struct heavy_key key = {};
	struct endpoints ends;

	endpoints_read(LINKTYPE_ETHERNET, &event->packet, &ends);
	key.word[2] = ends.family;
	if (ends.family)
		memcpy(key.word, ends.source, ends.family == 4 ? 4 : PREFIX_BYTES);
	return key;
}

static struct heavy_key mac_of(const struct event *event)
{
	struct heavy_key key = {};

	if (event->bare || event->packet.captured < MAC_OFFSET + MAC_BYTES)
		return key;
	memcpy(key.word, event->packet.data + MAC_OFFSET, MAC_BYTES);
	key.word[2] = MAC_BYTES;
	return key;
}

/* As many tags as the parser follows, each of 16 bits. */
static struct heavy_key vlan_of(const struct event *event)
{
	const __u8 *type = event->packet.data + ETH_HLEN - 2;
	__u32 left = event->packet.captured;
	__u16 tags[FW_MAX_VLANS] = {};
	struct heavy_key key = {};
	__u64 count = 0;

	if (event->bare || left < ETH_HLEN)
		return key;
	left -= ETH_HLEN;
	for (; count < FW_MAX_VLANS && left >= TAG_BYTES && fw_is_vlan(fw_load_be16(type));
	     type += TAG_BYTES, left -= TAG_BYTES)
		tags[count++] = fw_load16(type + 2) & 0x0fff;
	memcpy(key.word, tags, sizeof(tags));
	key.word[2] = count;
	return key;
}

struct heavy_key origin_of(enum origin_kind kind, const struct event *event)
{
	static struct heavy_key (*const of[ORIGIN_KINDS])(const struct event *) = {
		[ORIGIN_SOURCE] = source_of,
		[ORIGIN_MAC] = mac_of,
		[ORIGIN_VLAN] = vlan_of,
	};

	return of[kind](event);
}

struct heavy_key origin_part(struct heavy_key origin, unsigned int number)
{
	origin.word[2] |= (__u64)(number + 1) << PART_SHIFT;
	return origin;
}

int origin_pattern(const struct heavy_key *key)
{
	return (int)(key->word[2] >> PART_SHIFT) - 1;
}

struct heavy_key origin_whole(struct heavy_key key)
{
	key.word[2] &= WHAT;
	return key;
}

static const __u8 *bytes_of(const struct heavy_key *key)
{
	return (const __u8 *)key->word;
}

static __u16 tag_of(const struct heavy_key *key, size_t number)
{
	__u16 tag;

	memcpy(&tag, bytes_of(key) + number * sizeof(tag), sizeof(tag));
	return tag;
}

/* NULL: it did not say. */
static const char *print_source(const struct heavy_key *key, char text[ORIGIN_TEXT])
{
	const __u8 family = key->word[2] & WHAT;
	__u8 address[16] = {};
	char plain[ADDRESS_TEXT];

	if (!family)
		return NULL;
	memcpy(address, key->word, family == 4 ? 4 : PREFIX_BYTES);
	snprintf(text, ORIGIN_TEXT, "%s%s", address_print(family, address, plain),
		 family == 4 ? "" : "/64");
	return text;
}

static const char *print_mac(const struct heavy_key *key, char text[ORIGIN_TEXT])
{
	return key->word[2] & WHAT ? mac_print(bytes_of(key), text) : NULL;
}

static const char *print_vlans(const struct heavy_key *key, char text[ORIGIN_TEXT])
{
	const size_t count = key->word[2] & WHAT;
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(text + used, ORIGIN_TEXT - used, "%s%u", i ? "." : "",
					 tag_of(key, i));
	return count ? text : NULL;
}

/* NULL: it did not say. */
static const char *print(enum origin_kind kind, const struct heavy_key *key, char text[ORIGIN_TEXT])
{
	static const char *(*const prints[ORIGIN_KINDS])(const struct heavy_key *, char *) = {
		[ORIGIN_SOURCE] = print_source,
		[ORIGIN_MAC] = print_mac,
		[ORIGIN_VLAN] = print_vlans,
	};

	return prints[kind](key, text);
}

const char *origin_print(enum origin_kind kind, const struct heavy_key *key, char text[ORIGIN_TEXT])
{
	const char *printed = print(kind, key, text);

	return printed ? printed : "(none)";
}

json_t *origin_json(enum origin_kind kind, const struct heavy_key *key)
{
	const size_t count = key->word[2] & WHAT;
	char text[ORIGIN_TEXT];
	json_t *tags;

	if (kind != ORIGIN_VLAN)
		return json_text(print(kind, key, text));
	tags = json_array();
	for (size_t i = 0; tags && i < count; i++)
		if (json_array_append_new(tags, json_integer(tag_of(key, i)))) {
			json_decref(tags);
			return NULL;
		}
	return tags;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a flagged packet came from, as far as it says. Pure. */
#ifndef FLAGWALL_ORIGIN_H
#define FLAGWALL_ORIGIN_H

#include <jansson.h>

#include "hearing.h"
#include "heavy.h"

enum origin_kind {
	ORIGIN_SOURCE, /* the address of the outermost IP header; of IPv6 its /64 */
	ORIGIN_MAC,    /* of the neighbour that handed it over */
	ORIGIN_VLAN,   /* all of its tags */
	ORIGIN_KINDS,
};

/* The longest text: an IPv6 network. */
#define ORIGIN_TEXT 64

/* origin_of - where @event came from. Two packets of one origin have the same key. */
struct heavy_key origin_of(enum origin_kind kind, const struct event *event);

/*
 * origin_part - what came from @origin of pattern @number alone, which is the caller's, up
 * to 65534: another key. origin_pattern() says the number, or -1 of a whole origin.
 */
struct heavy_key origin_part(struct heavy_key origin, unsigned int number);
int origin_pattern(const struct heavy_key *key);

/* origin_whole - the origin that @key is, or is a part of. */
struct heavy_key origin_whole(struct heavy_key key);

/* origin_print - for people; "(none)" if the packets did not say. Returns @text. */
const char *origin_print(enum origin_kind kind, const struct heavy_key *key, char text[ORIGIN_TEXT]);

/*
 * origin_json - its value, which the caller owns: a string, or null if the packets did
 * not say; of VLANs an array of numbers, the outermost first.
 */
json_t *origin_json(enum origin_kind kind, const struct heavy_key *key);

/* origin_names - of @kind in JSON: "source", "source_mac", "vlans". */
extern const char *const origin_names[ORIGIN_KINDS];

#endif /* FLAGWALL_ORIGIN_H */

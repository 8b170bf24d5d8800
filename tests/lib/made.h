/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Captures for the tests, made in memory, and read from there. */
#ifndef FLAGWALL_TESTS_MADE_H
#define FLAGWALL_TESTS_MADE_H

#include "capture.h"

#define MOST_PACKETS 16

/* A capture that is being made, and where it may end without damage. */
struct made {
	__u8 data[4096];
	size_t length;
	bool swapped;
	size_t packet_ends[MOST_PACKETS]; /* behind each packet */
	size_t packets;
	bool whole[4097]; /* nothing is missing if it ends here */
};

void put_16(struct made *made, __u16 value);
void put_32(struct made *made, __u32 value);

/* Five packets. @magic as of the byte order that is not swapped. */
void make_pcap(struct made *made, bool swapped, __u32 magic);

/* The header of a section, in the other byte order or not. */
void put_section(struct made *made, bool swapped);

/*
 * Two sections in both byte orders; six packets in blocks of all three kinds, a
 * block that nobody knows, and interfaces 1, 101 and 113.
 */
void make_pcapng(struct made *made);

/* Link types of what read_all() read last, by the numbers of the packets. */
extern __u32 link_types[MOST_PACKETS];

/*
 * All packets of @length bytes at @data, from memory of their own; every byte of
 * them is looked at.
 *
 * Returns as capture_next() at the end, with @capture as it was then (closed), and
 * where the damage is.
 */
int read_all(const __u8 *data, size_t length, struct capture *capture, __u64 *damage_offset);

#endif /* FLAGWALL_TESTS_MADE_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the readers of the two formats share; capture.h is for all others. */
#ifndef FLAGWALL_CAPTURE_FORMAT_H
#define FLAGWALL_CAPTURE_FORMAT_H

#include <errno.h>
#include <string.h>

#include "capture.h"

/* A field at any address, in the byte order of the file. */
static inline __u16 capture_16(const struct capture *capture, const __u8 *at)
{
	__u16 value;

	memcpy(&value, at, sizeof(value));
	return capture->swapped ? __builtin_bswap16(value) : value;
}

static inline __u32 capture_32(const struct capture *capture, const __u8 *at)
{
	__u32 value;

	memcpy(&value, at, sizeof(value));
	return capture->swapped ? __builtin_bswap32(value) : value;
}

static inline __u64 capture_64(const struct capture *capture, const __u8 *at)
{
	__u64 value;

	memcpy(&value, at, sizeof(value));
	return capture->swapped ? __builtin_bswap64(value) : value;
}

/* capture_damaged - say what is wrong at @offset: a format and its arguments. -EINVAL. */
#define capture_damaged(capture, offset, ...)                                                      \
	(capture_damage(capture, offset, __VA_ARGS__), -EINVAL)
void capture_damage(struct capture *capture, __u64 offset, const char *format, ...)
	__attribute__((format(printf, 3, 4), cold));

/*
 * capture_short - there are too few bytes for @what, at the offset where it begins:
 * say why. Returns -EINVAL, or the -errno of a read that failed.
 */
void capture_tell_short(struct capture *capture, const char *what) __attribute__((cold));
static inline int capture_short(struct capture *capture, const char *what)
{
	capture_tell_short(capture, what);
	return capture->source->error < 0 ? capture->source->error : -EINVAL;
}

/* capture_took - @packet is all there. Returns 1. */
static inline int capture_took(struct capture *capture, struct capture_packet *packet)
{
	packet->number = ++capture->packets;
	return 1;
}

/* capture_interface_add - one more, or -ENOMEM, or -EINVAL if there are too many. */
int capture_interface_add(struct capture *capture, const struct capture_interface *interface);

/* As capture_open() and capture_next(), of each format. */
bool pcap_is(const __u8 magic[4], bool *swapped);
int pcap_open(struct capture *capture);
int pcap_next(struct capture *capture, struct capture_packet *packet);

bool pcapng_is(const __u8 magic[4]);
int pcapng_next(struct capture *capture, struct capture_packet *packet);

#endif /* FLAGWALL_CAPTURE_FORMAT_H */

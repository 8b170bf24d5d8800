// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The readers of captures, packed or not, and the judge of what they read. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture.h"
#include "endpoints.h"
#include "fuzz.h"
#include "judge.h"
#include "policy.h"

#define MOST_PACKETS 4096 /* of which notes are kept */

/* What was read of one input. */
struct notes {
	size_t packets;
	__u64 sums[MOST_PACKETS]; /* of what is known of each packet */
	int end;                  /* what the last call returned */
};

static struct policy policy;
static struct judge judge;

/* FNV-1a over @length bytes, every one of which must be readable. */
static __u64 add(__u64 sum, const void *data, size_t length)
{
	const unsigned char *at = data;

	while (length--)
		sum = (sum ^ *at++) * 0x100000001b3;
	return sum;
}

static __u64 check_packet(const struct capture *capture, const struct capture_packet *packet)
{
	const struct capture_interface *interface;
	struct endpoints endpoints = {};
	struct verdict verdict = {};
	__u64 sum, time;

	HOLDS(packet->captured <= CAPTURE_LONGEST);
	HOLDS(packet->length >= packet->captured);
	HOLDS(packet->number == capture->packets);
	HOLDS(packet->offset < capture->source->position);
	HOLDS(packet->interface < capture->interface_count);
	interface = &capture->interfaces[packet->interface];
	time = capture_time(capture, packet);
	HOLDS(packet->stamped || !time);
	endpoints_read(interface->link_type, packet, &endpoints);
	HOLDS(endpoints.family == 0 || endpoints.family == 4 || endpoints.family == 6);
	if (judge_packet(&judge, interface->link_type, packet, &verdict))
		HOLDS(verdict.outcome < FW_REASON_BASE + FW_REASON_COUNT);
	sum = add(0xcbf29ce484222325, packet->data, packet->captured);
	sum = add(sum, &packet->length, sizeof(packet->length));
	sum = add(sum, &verdict.outcome, sizeof(verdict.outcome));
	return add(sum, &time, sizeof(time));
}

static void read_source(struct source *source, struct notes *notes)
{
	struct capture_packet packet;
	struct capture capture;
	int err;

	notes->packets = 0;
	err = capture_open(&capture, source);
	while (!err) {
		__u64 sum;

		notes->end = capture_next(&capture, &packet);
		if (notes->end != 1)
			break;
		sum = check_packet(&capture, &packet);
		if (notes->packets < MOST_PACKETS)
			notes->sums[notes->packets] = sum;
		notes->packets++;
	}
	if (err)
		notes->end = err;
	HOLDS(notes->end == 0 || notes->end == -EINVAL);
	if (notes->end) {
		size_t length = strnlen(capture.damage, sizeof(capture.damage));

		HOLDS(length && length < sizeof(capture.damage));
		HOLDS(capture.damage_offset <= source->position + source->left);
	}
	capture_close(&capture);
}

static void read_memory(const uint8_t *data, size_t size, struct notes *notes)
{
	struct source source;

	HOLDS(!source_memory(&source, data, size));
	read_source(&source, notes);
	source_close(&source);
}

/* The same bytes as a file. */
static void read_file(const uint8_t *data, size_t size, struct notes *notes)
{
	static int fd = -1;
	struct source source;

	if (fd < 0)
		fd = memfd_create("capture", MFD_CLOEXEC);
	HOLDS(fd >= 0 && !ftruncate(fd, 0));
	HOLDS(pwrite(fd, data, size, 0) == (ssize_t)size);
	HOLDS(!lseek(fd, 0, SEEK_SET));
	HOLDS(!source_file(&source, fd));
	read_source(&source, notes);
	source_close(&source);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char text[] = "pattern bad syn,fin drop\npattern rest any pass\n"
				   "reason truncated count\nexcept from 192.0.2.0/24\n"
				   "except to 2001:db8::/32 bad\n";
	struct policy_error error;

	(void)argc;
	(void)argv;
	HOLDS(!policy_parse("fuzz", text, sizeof(text) - 1, &policy, &error));
	HOLDS(!judge_open(&judge, &policy));
	return 0;
}

/* @less is @whole, or a beginning of it. */
static void check_beginning(const struct notes *less, const struct notes *whole)
{
	HOLDS(less->packets <= whole->packets);
	for (size_t i = 0; i < less->packets && i < MOST_PACKETS; i++)
		HOLDS(less->sums[i] == whole->sums[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct notes whole, other;

	read_memory(data, size, &whole);
	read_file(data, size, &other);
	HOLDS(other.packets == whole.packets && other.end == whole.end);
	check_beginning(&other, &whole);
	if (size < 2)
		return 0;
	/* Of a file that ends too early, all that is there is read. */
	read_memory(data, size - 1 - data[size - 1] % (size - 1), &other);
	check_beginning(&other, &whole);
	return 0;
}

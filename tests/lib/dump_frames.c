// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * dump_frames PCAP TSV: some frames of every shape, for judges that are not
 * ours, and what each must be judged as. The table has, for each frame, its
 * number, its shape, which variant of it, the twelve bits on the wire, the
 * outcome ("signature" or the reason) and 1 if it carries payload, else 0.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "flagwall/outcome.h"
#include "frames.h"
#include "reason.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct output {
	FILE *pcap;
	FILE *table;
	unsigned int frames;
};

static int write_header(FILE *pcap)
{
	static const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, accuracy, longest, link;
	} header = { 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1 /* Ethernet */ };

	return fwrite(&header, sizeof(header), 1, pcap) == 1 ? 0 : -1;
}

/* The first @length bytes of @frame. */
static int dump(struct output *output, const struct frame *frame, size_t length, const char *variant)
{
	__u32 outcome = frame_expected(frame, length, true);
	bool signature = outcome < FW_REASON_BASE;
	size_t wire = length;
	uint32_t record[4];

	/* Where the IP header says more than there is, the capture says so too. */
	if (!frame->endless && wire < frame->end)
		wire = frame->end;
	memcpy(record, (uint32_t[4]){ output->frames, 0, (uint32_t)length, (uint32_t)wire },
	       sizeof(record));

	output->frames++;
	fprintf(output->table, "%u\t%s\t%s\t0x%03x\t%s\t%u\n", output->frames, frame->shape->name,
		variant, frame->segment.bits,
		signature ? "signature" : reason_texts[outcome - FW_REASON_BASE].name,
		signature && (outcome & 0x400));
	if (fwrite(record, sizeof(record), 1, output->pcap) != 1)
		return -1;
	return fwrite(frame->data, 1, length, output->pcap) == length ? 0 : -1;
}

static int dump_values(struct output *output, const struct shape *shape)
{
	static const __u16 values[] = { 0x000, 0x001, 0x002, 0x003, 0x004, 0x010,
					0x011, 0x012, 0x018, 0x029, 0x03f, 0x0c2,
					0x100, 0x1c2, 0x200, 0xe04, 0xfff };
	struct frame frame;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(values) && !err; i++) {
		struct segment segment = { .bits = values[i],
					   .data_offset = 5,
					   .length = (__u16)(i % 2 ? 23 : 20) };

		frame_build(&frame, shape, &segment);
		err = dump(output, &frame, frame.length, "whole");
	}
	return err;
}

static int dump_offsets(struct output *output, const struct shape *shape)
{
	static const struct {
		const char *name;
		struct segment segment;
	} variants[] = {
		{ "data offset 0", { .bits = 0x002, .data_offset = 0, .length = 20 } },
		{ "data offset 4", { .bits = 0x1c2, .data_offset = 4, .length = 40 } },
		{ "data offset 8", { .bits = 0x012, .data_offset = 8, .length = 32 } },
		{ "data offset 15", { .bits = 0xe12, .data_offset = 15, .length = 61 } },
		{ "data offset past the segment",
		  { .bits = 0x012, .data_offset = 6, .length = 20 } },
		{ "segment of 14", { .bits = 0x011, .data_offset = 5, .length = 14 } },
		{ "segment of 13", { .bits = 0x011, .data_offset = 5, .length = 13 } },
	};
	struct frame frame;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(variants) && !err; i++) {
		frame_build(&frame, shape, &variants[i].segment);
		err = dump(output, &frame, frame.length, variants[i].name);
	}
	return err;
}

/* Frames that end in the TCP header though the IP header says otherwise. */
static int dump_cuts(struct output *output, const struct shape *shape)
{
	static const struct segment segment = { .bits = 0x012, .data_offset = 5, .length = 24 };
	struct frame frame;
	int err;

	frame_build(&frame, shape, &segment);
	err = dump(output, &frame, frame.tcp + 13, "cut at 13");
	if (!err)
		err = dump(output, &frame, frame.tcp + 14, "cut at 14");
	if (!err)
		err = dump(output, &frame, frame.tcp + 20, "cut at 20");
	return err;
}

static int dump_all(struct output *output)
{
	int err = write_header(output->pcap);

	for (size_t i = 0; i < shape_count() && !err; i++) {
		err = dump_values(output, shape_at(i));
		if (!err)
			err = dump_offsets(output, shape_at(i));
		if (!err)
			err = dump_cuts(output, shape_at(i));
	}
	return err;
}

int main(int argc, char **argv)
{
	struct output output = {};
	int err;

	if (argc != 3) {
		fprintf(stderr, "usage: dump_frames PCAP TSV\n");
		return 1;
	}
	output.pcap = fopen(argv[1], "we");
	output.table = fopen(argv[2], "we");
	if (!output.pcap || !output.table) {
		perror("dump_frames");
		return 1;
	}
	err = dump_all(&output);
	err |= fclose(output.pcap);
	err |= fclose(output.table);
	return err ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The reader over a frame in memory, for Frama-C's Eva (make prove): whatever it is
 * asked for, of a frame of any length up to 256 bytes with any bytes in it, what it
 * gives lies in the frame.
 */
#include <linux/types.h>
#include <stdlib.h>

#include "__fc_builtin.h"

#include "frame.h"

#define LONGEST 256

static void check(const struct fw_packet *packet, __u64 length)
{
	__u64 offset = Frama_C_unsigned_long_interval(0, ~0UL);
	const __u8 *slice = fw_packet_slice(packet, offset, length);

	/*@ assert there: slice == \null || \valid_read(slice + (0 .. length - 1)); */
	if (!slice)
		return;
	slice = fw_packet_beyond(packet, slice, Frama_C_unsigned_long_interval(0, 2048), length);
	/*@ assert beyond: slice == \null || \valid_read(slice + (0 .. length - 1)); */
	(void)slice;
}

int main(void)
{
	/* As in parser.c, which shows that the parser asks for no others. */
	static const __u64 asked[11] = { 1, 2, 3, 4, 7, 8, 14, 18, 20, 34, 40 };

	/*@ loop unroll 257; */
	for (__u64 length = 0; length <= LONGEST; length++) {
		__u8 *data = malloc(length);
		struct fw_packet packet = { .data = data, .length = length };

		if (!data)
			return 1;
		Frama_C_make_unknown((char *)data, length);
		/*@ loop unroll 11; */
		for (int i = 0; i < 11; i++)
			check(&packet, asked[i]);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cover.h"

/* By mask and value: what a cube needs, and the bit to halve it by. */
struct half {
	__u8 count;
	__u8 bit; /* 0: it is whole or empty */
	__u8 known;
};

struct halves {
	__u64 set;
	struct half of[COVER_VALUES][COVER_VALUES];
};

static __u64 members(struct cube cube)
{
	__u64 all = 0;

	for (unsigned int value = 0; value < COVER_VALUES; value++)
		if ((value & cube.mask) == cube.value)
			all |= 1ULL << value;
	return all;
}

static struct cube below(struct cube cube, unsigned int bit, unsigned int set)
{
	return (struct cube){ (__u8)(cube.mask | bit), (__u8)(cube.value | (set ? bit : 0)) };
}

static unsigned int halve(struct halves *halves, struct cube cube)
{
	struct half *half = &halves->of[cube.mask][cube.value];
	__u64 all = members(cube), wanted = all & halves->set;

	if (half->known)
		return half->count;
	half->known = 1;
	half->count = wanted != 0;
	if (!wanted || wanted == all)
		return half->count;
	half->count = COVER_VALUES + 1;
	for (unsigned int bit = 1; bit < COVER_VALUES; bit <<= 1) {
		unsigned int count;

		if (cube.mask & bit)
			continue;
		count = halve(halves, below(cube, bit, 0)) + halve(halves, below(cube, bit, 1));
		if (count >= half->count)
			continue;
		half->count = (__u8)count;
		half->bit = (__u8)bit;
	}
	return half->count;
}

static size_t collect(const struct halves *halves, struct cube cube, struct cube *cubes)
{
	const struct half *half = &halves->of[cube.mask][cube.value];
	size_t count;

	if (!half->count)
		return 0;
	if (!half->bit) {
		*cubes = cube;
		return 1;
	}
	count = collect(halves, below(cube, half->bit, 0), cubes);
	return count + collect(halves, below(cube, half->bit, 1), cubes + count);
}

size_t cover_disjoint(__u64 set, struct cube cubes[COVER_VALUES])
{
	struct halves halves = { .set = set };

	halve(&halves, (struct cube){});
	return collect(&halves, (struct cube){}, cubes);
}

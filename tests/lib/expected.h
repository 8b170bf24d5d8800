/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the design says that the default policy does, from the fixture. */
#ifndef FLAGWALL_TESTS_EXPECTED_H
#define FLAGWALL_TESTS_EXPECTED_H

#include <linux/types.h>

#define EXPECTED_CONTROL 64
#define EXPECTED_REASONS 11

struct expected_row {
	__u32 value; /* six control bits, or a reason's outcome number */
	char flags[16];
	char name[32]; /* of the pattern or of the reason */
	char action[8];
};

struct expected {
	struct expected_row control[EXPECTED_CONTROL];
	struct expected_row reasons[EXPECTED_REASONS];
};

/*
 * expected_read - read tests/fixtures/default_patterns.tsv.
 *
 * Returns 0, or -1 with a message on stderr: the file is not there, or does
 * not hold each row once and in order.
 */
int expected_read(struct expected *expected);

/* expected_row - what is done with @outcome; NULL if nothing is known of it. */
const struct expected_row *expected_row(const struct expected *expected, __u32 outcome);

#endif /* FLAGWALL_TESTS_EXPECTED_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "expected.h"

#include <stdio.h>
#include <string.h>

#define FIXTURE "tests/fixtures/default_patterns.tsv"
#define FIRST_REASON 2048

/* Where the row number @row goes, and the value it must have. */
static struct expected_row *row_at(struct expected *expected, unsigned int row, __u32 *value)
{
	if (row < EXPECTED_CONTROL) {
		*value = row;
		return &expected->control[row];
	}
	row -= EXPECTED_CONTROL;
	*value = FIRST_REASON + row;
	return row < EXPECTED_REASONS ? &expected->reasons[row] : NULL;
}

static int read_rows(struct expected *expected, FILE *file)
{
	unsigned int row = 0;
	char line[256];
	__u32 value;

	while (fgets(line, sizeof(line), file)) {
		struct expected_row *at;

		if (line[0] == '#')
			continue;
		at = row_at(expected, row, &value);
		if (!at ||
		    sscanf(line, "%u\t%15[^\t]\t%31[^\t]\t%7[a-z]", &at->value, at->flags, at->name,
			   at->action) != 4 ||
		    at->value != value) {
			fprintf(stderr, FIXTURE ": row %u is not what it should be: %s", row, line);
			return -1;
		}
		row++;
	}
	if (row != EXPECTED_CONTROL + EXPECTED_REASONS) {
		fprintf(stderr, FIXTURE ": %u rows\n", row);
		return -1;
	}
	return 0;
}

int expected_read(struct expected *expected)
{
	FILE *file = fopen(FIXTURE, "re");
	int err;

	memset(expected, 0, sizeof(*expected));
	if (!file) {
		perror(FIXTURE " (tests run from the top of the tree)");
		return -1;
	}
	err = read_rows(expected, file);
	fclose(file);
	return err;
}

const struct expected_row *expected_row(const struct expected *expected, __u32 outcome)
{
	if (outcome < FIRST_REASON)
		return &expected->control[outcome % EXPECTED_CONTROL];
	if (outcome - FIRST_REASON < EXPECTED_REASONS)
		return &expected->reasons[outcome - FIRST_REASON];
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The first and last flagged packet of each pattern and reason. */
#ifndef FLAGWALL_SAMPLES_H
#define FLAGWALL_SAMPLES_H

#include "reading.h"

#define SAMPLE_ROWS (PATTERNS_MOST + FW_REASON_COUNT)

/* One pattern or reason, with the samples of all its outcomes. */
struct sample_row {
	const char *name;
	struct fw_sample first, last;
	unsigned int first_outcome, last_outcome;
};

/*
 * samples_rows - the patterns and reasons that have samples, in the policy's
 * order. @rows has room for SAMPLE_ROWS. Returns how many. Pure.
 */
size_t samples_rows(const struct policy *policy, const struct fw_samples *samples,
		    struct sample_row *rows);

/* samples_text - print them for people. */
void samples_text(const struct reading *reading);

/* samples_json - an array of them; the caller owns it. */
json_t *samples_json(const struct reading *reading);

#endif /* FLAGWALL_SAMPLES_H */

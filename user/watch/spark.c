// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "spark.h"

#include <string.h>

#define HEIGHTS 8

static const char *const blocks_of[HEIGHTS + 1] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const ascii_of[HEIGHTS + 1] = { " ", ".", ":", "-", "=", "+", "*", "%", "#" };

unsigned int spark_cells(unsigned int room)
{
	unsigned int seconds = 1;

	if (!room)
		return 0;
	while (RATES_SECONDS % seconds || RATES_SECONDS / seconds > room)
		seconds++;
	return RATES_SECONDS / seconds;
}

static float highest(const float *values, unsigned int count)
{
	float most = 0;

	for (unsigned int i = 0; i < count; i++)
		if (values[i] > most)
			most = values[i];
	return most;
}

const char *spark_print(const float minute[RATES_SECONDS], unsigned int cells, bool blocks,
			char text[SPARK_TEXT])
{
	unsigned int shown = spark_cells(cells), each = shown ? RATES_SECONDS / shown : 0;
	float most = highest(minute, RATES_SECONDS);
	char *end = text;

	*text = '\0';
	for (unsigned int i = 0; i < shown; i++) {
		float value = highest(minute + (size_t)i * each, each);
		unsigned int height = value > 0 ? 1 + (unsigned int)(value / most * (HEIGHTS - 1)) :
						  0;

		end = stpcpy(end, blocks ? blocks_of[height] : ascii_of[height]);
	}
	return text;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The last minute as a line of small bars. Pure. */
#ifndef FLAGWALL_SPARK_H
#define FLAGWALL_SPARK_H

#include <stdbool.h>

#include "rates.h"

/* The longest that spark_print() writes, with its NUL. */
#define SPARK_TEXT (3 * RATES_SECONDS + 1)

/*
 * spark_print - @minute as rates_minute() has it, in at most @cells characters: the
 * whole of it, each the highest of the seconds it stands for, as a part of the
 * highest of all. A space is nothing; anything at all is a bar. In UTF-8 if
 * @blocks, or else in ASCII. Returns @text.
 */
const char *spark_print(const float minute[RATES_SECONDS], unsigned int cells, bool blocks,
			char text[SPARK_TEXT]);

/* spark_cells - how many characters that are: RATES_SECONDS divided by a whole number. */
unsigned int spark_cells(unsigned int room);

#endif /* FLAGWALL_SPARK_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Rates of readings at times of any kind, and bars of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "rates.h"
#include "spark.h"

#define SECOND 1000000000ULL
#define BOOTED (1000 * SECOND) /* the clock of a machine that is up for a while */

static __u16 one_row[RATES_SLOTS]; /* all of them in row 0 */
static const struct fw_count no_states[FW_STATE_SLOTS];

/* Outcome 3 has @packets, outcome 5 one in ten of them, which are dropped. */
static void add(struct rates *rates, double seconds, __u64 packets)
{
	static struct fw_count counts[FW_OUTCOMES];

	counts[3] = (struct fw_count){ .packets = packets, .bytes = 60 * packets };
	counts[5] = (struct fw_count){ .packets = packets / 10, .dropped = packets / 10 };
	assert_int_equal(rates_add(rates, BOOTED + (__u64)(seconds * 1e9), counts, no_states), 0);
}

static void minute_of(const struct rates *rates, float minute[RATES_SECONDS])
{
	float rows[1][RATES_SECONDS];

	assert_int_equal(rates_minute(rates, one_row, 1, rows), 0);
	memcpy(minute, rows[0], sizeof(rows[0]));
}

static void near(double a, double b)
{
	assert_true(a - b < 0.01 && b - a < 0.01);
}

static void test_recent(void **state)
{
	struct rates rates = {};

	(void)state;
	add(&rates, 0, 1000);
	near(rates.seconds, 0);
	add(&rates, 0.5, 1100);
	near(rates.seconds, 0.5);
	assert_int_equal(rates.recent[3].packets, 100);
	assert_int_equal(rates.recent[3].bytes, 6000);
	assert_int_equal(rates.recent[5].packets, 10);
	assert_int_equal(rates.recent[5].dropped, 10);
	assert_int_equal(rates.recent[4].packets, 0);
	rates_reset(&rates);
}

/* However often somebody reads, the minute is the same. */
static void test_minute(void **state)
{
	static const double steps[] = { 0.1, 0.25, 0.999, 1, 1.001, 2.5, 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct rates rates = {};
		float minute[RATES_SECONDS];
		double time;

		/* 110 packets a second for as long as 500 seconds. */
		for (time = 0; time < 500; time += steps[i])
			add(&rates, time, (__u64)(time * 1000) * 10 / 100);
		minute_of(&rates, minute);
		for (int k = 0; k < RATES_SECONDS; k++)
			assert_true(minute[k] > 105 && minute[k] < 115);
		rates_reset(&rates);
	}
}

/* What nobody read is not known; what came in a second stands there. */
static void test_young(void **state)
{
	struct rates rates = {};
	float minute[RATES_SECONDS];

	(void)state;
	add(&rates, 0, 0);
	minute_of(&rates, minute);
	assert_true(minute[RATES_SECONDS - 1] < 0);
	add(&rates, 1, 0);
	add(&rates, 2, 100);
	add(&rates, 3, 100);
	minute_of(&rates, minute);
	near(minute[RATES_SECONDS - 1], 0);
	near(minute[RATES_SECONDS - 2], 110);
	near(minute[RATES_SECONDS - 3], 0);
	assert_true(minute[RATES_SECONDS - 4] < 0);
	assert_true(minute[0] < 0);
	rates_reset(&rates);
}

static void test_begins_anew(void **state)
{
	struct rates rates = {};
	float minute[RATES_SECONDS];

	(void)state;
	add(&rates, 0, 5000);
	add(&rates, 1, 6000);
	add(&rates, 2, 10); /* fewer than there were: another filter */
	near(rates.seconds, 0);
	minute_of(&rates, minute);
	assert_true(minute[RATES_SECONDS - 1] < 0);
	add(&rates, 3, 20);
	assert_int_equal(rates.recent[3].packets, 10);
	rates_reset(&rates);
}

/* A clock that began less than a minute ago. */
static void test_early(void **state)
{
	static struct fw_count counts[FW_OUTCOMES];
	struct rates rates = {};
	float minute[RATES_SECONDS];

	(void)state;
	assert_int_equal(rates_add(&rates, SECOND, counts, no_states), 0);
	counts[3].packets = 7;
	assert_int_equal(rates_add(&rates, 2 * SECOND, counts, no_states), 0);
	minute_of(&rates, minute);
	near(minute[RATES_SECONDS - 1], 7);
	assert_true(minute[0] < 0);
	rates_reset(&rates);
}

static void test_rows(void **state)
{
	struct rates rates = {};
	static __u16 row_of[RATES_SLOTS];
	float rows[2][RATES_SECONDS];

	(void)state;
	for (unsigned int i = 0; i < RATES_SLOTS; i++)
		row_of[i] = i == 3 ? 1 : i == 5 ? 0 : 2; /* 2: nobody asked */
	add(&rates, 0, 0);
	add(&rates, 1, 100);
	assert_int_equal(rates_minute(&rates, row_of, 2, rows), 0);
	near(rows[0][RATES_SECONDS - 1], 10);
	near(rows[1][RATES_SECONDS - 1], 100);
	rates_reset(&rates);
}

/* What was counted by state is behind the outcomes, and becomes less by itself as well. */
static void test_states(void **state)
{
	static struct fw_count counts[FW_OUTCOMES], states[FW_STATE_SLOTS];
	static __u16 row_of[RATES_SLOTS];
	const unsigned int last = FW_STATE_USED - 1;
	float rows[1][RATES_SECONDS];
	struct rates rates = {};

	(void)state;
	for (unsigned int i = 0; i < RATES_SLOTS; i++)
		row_of[i] = i != RATES_STATES + last;
	assert_int_equal(rates_add(&rates, BOOTED, counts, states), 0);
	states[last].packets = 9;
	assert_int_equal(rates_add(&rates, BOOTED + SECOND, counts, states), 0);
	assert_int_equal(rates.recent[RATES_STATES + last].packets, 9);
	assert_int_equal(rates_minute(&rates, row_of, 1, rows), 0);
	near(rows[0][RATES_SECONDS - 1], 9);
	states[last].packets = 8;
	assert_int_equal(rates_add(&rates, BOOTED + 2 * SECOND, counts, states), 0);
	near(rates.seconds, 0);
	rates_reset(&rates);
}

static void test_bars(void **state)
{
	float minute[RATES_SECONDS];
	char text[SPARK_TEXT];

	(void)state;
	for (int i = 0; i < RATES_SECONDS; i++)
		minute[i] = i < 30 ? -1 : 0;
	minute[57] = 0.01F;
	minute[58] = 50;
	minute[59] = 100;
	assert_int_equal(strlen(spark_print(minute, 60, false, text)), 60);
	assert_string_equal(text + 56, " .=#");
	assert_string_equal(spark_print(minute, 60, true, text) + 56, " ▁▄█");
	/* The whole minute in what room there is. */
	assert_string_equal(spark_print(minute, 29, false, text), "                   #");
	assert_string_equal(spark_print(minute, 2, false, text), " #");
	assert_string_equal(spark_print(minute, 1, false, text), "#");
	assert_string_equal(spark_print(minute, 0, false, text), "");
	assert_int_equal(spark_cells(200), 60);
	assert_int_equal(spark_cells(59), 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recent), cmocka_unit_test(test_minute),
		cmocka_unit_test(test_young),  cmocka_unit_test(test_begins_anew),
		cmocka_unit_test(test_early),  cmocka_unit_test(test_rows),
		cmocka_unit_test(test_states), cmocka_unit_test(test_bars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

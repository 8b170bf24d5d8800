// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a listener counts, read while the kernel counts on: the number of those that were
 * told of may be newer than the number of all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "listen_totals.h"

static struct listen_totals totals_of(const struct fw_event_count *count)
{
	struct listen_totals totals = {};

	listen_totals_add(&totals, count);
	return totals;
}

static void test_still(void **state)
{
	const struct fw_event_count count = { .seen = 100, .told = 40, .lost = 7, .suppressed = 20 };
	const struct listen_totals totals = totals_of(&count), none = {};
	const struct listen_rise rise = listen_totals_since(&none, &totals);

	(void)state;
	assert_int_equal(totals.told, 40);
	assert_int_equal(totals.lost, 7);
	assert_int_equal(totals.suppressed, 20);
	assert_int_equal(totals.left_out, 33);
	assert_int_equal(rise.told, 40);
	assert_int_equal(rise.missed, 27);
	assert_int_equal(rise.untold, 60);
}

/* From the 91st on nothing of the rate was left. */
static void test_quiet(void **state)
{
	const struct fw_event_count count = {
		.seen = 100, .told = 80, .lost = 4, .quiet = 91, .suppressed = 6
	};
	const struct listen_totals totals = totals_of(&count);

	(void)state;
	assert_int_equal(totals.suppressed, 16);
	assert_int_equal(totals.left_out, 0);
}

/* All parts go down at once: nothing came, and not 2^64 - 1. */
static void test_torn(void **state)
{
	const struct fw_event_count before = { .seen = 100, .told = 90, .lost = 4, .suppressed = 6 };
	const struct fw_event_count torn = { .seen = 101, .told = 92, .lost = 4, .suppressed = 6 };
	const struct fw_event_count taken_back = {
		.seen = 101, .told = 89, .lost = 6, .suppressed = 6
	};
	const struct fw_event_count ahead = { .seen = 101, .told = 103, .lost = 4, .suppressed = 6 };
	const struct listen_totals first = totals_of(&before);
	struct listen_totals second = totals_of(&torn);
	struct listen_rise rise = listen_totals_since(&first, &second);

	(void)state;
	assert_int_equal(rise.told, 2);
	assert_int_equal(rise.missed, 0);
	assert_int_equal(rise.untold, 0);
	second = totals_of(&taken_back);
	rise = listen_totals_since(&first, &second);
	assert_int_equal(rise.told, 0);
	assert_int_equal(rise.missed, 2);
	second = totals_of(&ahead);
	assert_int_equal(second.lost + second.suppressed + second.left_out, 0);
	rise = listen_totals_since(&first, &second);
	assert_int_equal(rise.told, 13);
	assert_int_equal(rise.missed + rise.untold, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_still),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_torn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

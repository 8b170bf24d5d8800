// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The heaviest of many keys: exact while there is room, and within what is promised in
 * whatever order they come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "heavy.h"

#define CAPACITY 1024U
#define SEED 0x5eed
#define LIGHT 400000U /* keys that come once */

static const struct heavy_key heavy_one = { { 7, 7, 7 } }, heavy_two = { { 7, 7, 8 } };

static struct heavy_key key(__u64 number)
{
	return (struct heavy_key){ { number << 20, ~number, 1 } };
}

static void add(struct heavy *heavy, struct heavy_key one, unsigned int times)
{
	while (times--)
		heavy_add(heavy, &one, 1);
}

static void open_one(struct heavy *heavy)
{
	assert_int_equal(heavy_open(heavy, CAPACITY, SEED), 0);
}

/* The entry of @one is within what is promised of its true @count, of @all. */
static void assert_holds(const struct heavy *heavy, const struct heavy_key *one, double count,
			 double all)
{
	const struct heavy_entry *entry = heavy_find(heavy, one);

	assert_non_null(entry);
	assert_true(entry->count >= count);
	assert_true(heavy_certain(entry) <= count);
	assert_true(entry->error <= 2 * all / CAPACITY);
	assert_true(heavy->floor <= 2 * all / CAPACITY);
	assert_true(heavy->used <= CAPACITY);
}

static void test_exact(void **state)
{
	const struct heavy_entry *list[CAPACITY + 1];
	struct heavy heavy;

	(void)state;
	open_one(&heavy);
	assert_int_equal(heavy_top(&heavy, heavy_certain, list, 5), 0);
	for (unsigned int round = 0; round < CAPACITY; round++)
		for (unsigned int i = round; i < CAPACITY; i++)
			add(&heavy, key(i), 1);
	assert_int_equal(heavy_top(&heavy, heavy_certain, list, CAPACITY + 1), CAPACITY);
	for (unsigned int i = 0; i < CAPACITY; i++) {
		const struct heavy_key expected = key(CAPACITY - 1 - i);

		assert_memory_equal(&list[i]->key, &expected, sizeof(expected));
		assert_true(list[i]->count == CAPACITY - i && list[i]->error == 0 &&
			    list[i]->sampled == 0 && list[i]->variance == 0);
	}
	assert_int_equal(heavy_top(&heavy, heavy_certain, list, 3), 3);
	assert_true(list[2]->count == CAPACITY - 2);
	assert_int_equal(heavy_top(&heavy, heavy_certain, list, 0), 0);
	heavy_clear(&heavy);
	assert_int_equal(heavy_top(&heavy, heavy_certain, list, 3), 0);
	assert_null(heavy_find(&heavy, &list[0]->key));
	heavy_close(&heavy);
}

/* All that come once, and only then the heavy one: all have been thrown out for each other. */
static void test_late(void **state)
{
	const struct heavy_entry *list[1];
	struct heavy heavy;

	(void)state;
	open_one(&heavy);
	for (unsigned int i = 0; i < LIGHT; i++)
		add(&heavy, key(i), 1);
	add(&heavy, heavy_one, LIGHT / 100);
	assert_holds(&heavy, &heavy_one, LIGHT / 100, LIGHT * 1.01);
	assert_int_equal(heavy_top(&heavy, heavy_certain, list, 1), 1);
	assert_memory_equal(&list[0]->key, &heavy_one, sizeof(heavy_one));
	heavy_close(&heavy);
}

/* The heavy one first, and nothing of it any more. */
static void test_early(void **state)
{
	struct heavy heavy;

	(void)state;
	open_one(&heavy);
	add(&heavy, heavy_one, LIGHT / 100);
	for (unsigned int i = 0; i < LIGHT; i++)
		add(&heavy, key(i), 1);
	assert_holds(&heavy, &heavy_one, LIGHT / 100, LIGHT * 1.01);
	assert_true(heavy_find(&heavy, &heavy_one)->error == 0);
	heavy_close(&heavy);
}

/* One in a hundred, evenly; and one that comes only in bursts, far apart. */
static void test_between(void **state)
{
	struct heavy heavy;

	(void)state;
	open_one(&heavy);
	for (unsigned int i = 0; i < LIGHT; i++) {
		add(&heavy, key(i), 1);
		if (i % 100 == 99)
			add(&heavy, heavy_one, 1);
		if (i % (LIGHT / 8) == LIGHT / 16)
			add(&heavy, heavy_two, LIGHT / 800);
	}
	assert_holds(&heavy, &heavy_one, LIGHT / 100, LIGHT * 1.02);
	assert_holds(&heavy, &heavy_two, LIGHT / 100, LIGHT * 1.02);
	heavy_close(&heavy);
}

/*
 * Who knows how it works: as many keys as there is room for, each as often as it takes
 * to stay, again and again.
 */
static void test_adversary(void **state)
{
	double all = 0;
	struct heavy heavy;
	__u64 next = 0;

	(void)state;
	open_one(&heavy);
	for (unsigned int round = 1; round < 40; round++) {
		for (unsigned int i = 0; i < CAPACITY; i++)
			add(&heavy, key(next + i), round), all += round;
		next += CAPACITY / 2 + round;
		add(&heavy, heavy_one, CAPACITY), all += CAPACITY;
		assert_true(heavy.floor <= 2 * all / CAPACITY);
	}
	assert_holds(&heavy, &heavy_one, 39.0 * CAPACITY, all);
	heavy_close(&heavy);
}

/* Any keys in any order, of any weight, against counts of all of them. */
static void test_random(void **state)
{
	static double truth[8 * CAPACITY];
	const double weights[] = { 1, 2, 16, 1.25 };

	(void)state;
	for (unsigned int run = 0; run < 5; run++) {
		struct heavy heavy;
		double all = 0;

		memset(truth, 0, sizeof(truth));
		srandom(run);
		open_one(&heavy);
		for (unsigned int i = 0; i < 200000; i++) {
			/* The product has small numbers far more often than large ones. */
			const double share = (double)random() / RAND_MAX * (double)random() /
					     RAND_MAX * (double)random() / RAND_MAX;
			const size_t number = (size_t)(share * (8 * CAPACITY - 1));
			const double weight = weights[(unsigned long)random() % 4];
			const struct heavy_key one = key(number);

			heavy_add(&heavy, &one, weight);
			truth[number] += weight;
			all += weight;
		}
		for (size_t i = 0; i < 8 * CAPACITY; i++) {
			const struct heavy_key one = key(i);

			if (truth[i] > 2 * all / CAPACITY)
				assert_holds(&heavy, &one, truth[i], all);
			if (heavy_find(&heavy, &one))
				assert_holds(&heavy, &one, truth[i], all);
		}
		heavy_close(&heavy);
	}
}

static void test_recent(void **state)
{
	const struct heavy_entry *list[2];
	struct heavy heavy;

	(void)state;
	open_one(&heavy);
	add(&heavy, heavy_one, 1000);
	add(&heavy, heavy_two, 10);
	assert_int_equal(heavy_top(&heavy, heavy_recent, list, 2), 0);
	heavy_mark(&heavy);
	add(&heavy, heavy_one, 2);
	heavy_add(&heavy, &heavy_two, 5);
	heavy_mark(&heavy);
	assert_int_equal(heavy_top(&heavy, heavy_recent, list, 2), 2);
	assert_memory_equal(&list[0]->key, &heavy_two, sizeof(heavy_two));
	assert_true(heavy_recent(list[0]) == 5 && heavy_recent(list[1]) == 2);
	assert_true(list[0]->sampled == 5 && list[0]->variance == 20 && list[1]->variance == 0);
	/* What comes anew when something has gone has nothing of what went. */
	for (unsigned int i = 0; i < 4 * CAPACITY; i++)
		add(&heavy, key(i), 1);
	heavy_mark(&heavy);
	add(&heavy, key(LIGHT), 3);
	heavy_mark(&heavy);
	assert_int_equal(heavy_top(&heavy, heavy_recent, list, 2), 1);
	assert_true(heavy_recent(list[0]) == 3);
	heavy_close(&heavy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),     cmocka_unit_test(test_late),
		cmocka_unit_test(test_early),     cmocka_unit_test(test_between),
		cmocka_unit_test(test_adversary), cmocka_unit_test(test_random),
		cmocka_unit_test(test_recent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

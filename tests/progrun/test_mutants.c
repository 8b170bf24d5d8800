// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The program in the kernel against the native parser (tests/lib/agree.h), in turn
 * in each way that the program can be loaded, over frames that nobody thought of
 * (tests/lib/mutants.h).
 *
 * Every run has another seed, and names it. To have the same one again:
 *
 *	SEED=0x1234 test_mutants		all of that run
 *	SEED=0x1234 FIRST=56 COUNT=1 test_mutants	one frame
 *
 * COUNT is how many frames, FIRST the number of the first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include <cmocka.h>

#include "agree.h"
#include "mutants.h"

#define COUNT 2000000

/* Of so many frames, each reason and most signatures must have occurred. */
#define ENOUGH 1000000

_Static_assert(MUTANT_LEAST >= KERNEL_SHORTEST && MUTANT_MOST <= KERNEL_LONGEST,
	       "mutants that the kernel does not take");

static __u64 seed, first, count;

static void print_frame(const struct mutant *mutant)
{
	struct mutant again = { .seed = mutant->seed, .number = mutant->number };
	char how[MUTANT_HOW];

	again.how = how;
	mutant_make(&again);
	print_error("SEED=0x%llx FIRST=%llu COUNT=1: %s\n", again.seed, again.number, how);
	for (size_t i = 0; i < again.length; i++)
		print_error("%02x%s", again.data[i], i % 32 == 31 ? "\n" : "");
	print_error("\n");
}

static void test_mutants(void **state)
{
	static struct mutant mutant;
	char text[256];

	(void)state;
	mutant.seed = seed;
	for (mutant.number = first; mutant.number < first + count; mutant.number++) {
		mutant_make(&mutant);
		if (agree(&kernels[mutant.number % KERNELS], mutant.data, mutant.length, text))
			continue;
		print_frame(&mutant);
		fail_msg("%s", text);
	}
}

static void test_sum(void **state)
{
	__u64 all = 0;
	char text[256];

	(void)state;
	for (size_t i = 0; i < KERNELS; i++) {
		if (!agree_sum(&kernels[i], text))
			fail_msg("%s", text);
		all += kernels[i].frames_run;
	}
	assert_int_equal(all, count);
}

/* Mutants that are all judged alike would prove nothing. */
static void test_variety(void **state)
{
	(void)state;
	if (count < ENOUGH)
		skip();
	for (size_t i = 0; i < KERNELS; i++) {
		const struct fw_count *counted = kernels[i].counted;
		unsigned int signatures = 0;
		__u64 judged = 0;

		for (unsigned int reason = 0; reason < FW_REASON_COUNT; reason++)
			if (counted[FW_REASON_BASE + reason].packets < ENOUGH / 1000)
				fail_msg("reason %u%s: only %llu", reason, kernels[i].name,
					 counted[FW_REASON_BASE + reason].packets);
		for (__u32 signature = 0; signature < FW_SIGNATURES; signature++) {
			signatures += counted[signature].packets != 0;
			judged += counted[signature].packets;
		}
		assert_in_range(signatures, FW_SIGNATURES * 9 / 10, FW_SIGNATURES);
		assert_in_range(judged, kernels[i].frames_run / 10, kernels[i].frames_run * 9 / 10);
	}
}

/* A number from the environment, or @otherwise. */
static __u64 number(const char *name, __u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* test_mutants [OBJECT] */
int main(int argc, char **argv)
{
	char name[96];
	const struct CMUnitTest tests[] = {
		{ .name = name, .test_func = test_mutants },
		{ .name = "each grew one slot by one", .test_func = test_sum },
		{ .name = "they are judged in every way", .test_func = test_variety },
	};
	int failures;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
		perror("getrandom");
		return 1;
	}
	seed = number("SEED", seed);
	first = number("FIRST", 0);
	count = number("COUNT", COUNT);
	if (agree_prepare(argc > 1 ? argv[1] : "build/flagwall.bpf.o"))
		return 1;
	snprintf(name, sizeof(name), "%llu mutants, SEED=0x%llx: the kernel says what we say",
		 count, seed);
	failures = cmocka_run_group_tests_name("mutants", tests, NULL, NULL);
	kernels_close();
	return failures;
}

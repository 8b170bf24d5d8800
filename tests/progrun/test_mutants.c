// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The program in the kernel against the native parser, over frames that nobody
 * thought of (tests/lib/mutants.h). Each runs in the kernel by itself, in turn in
 * each way that the program can be loaded: the slot of the outcome that the native
 * parser tells must have grown by this frame, and the verdict must be what the
 * default policy says of it. At the end no other slot has grown.
 *
 * The native parser sees each frame at the end of a page that nothing follows.
 *
 * Every run has another seed, and names it. To have the same one again:
 *
 *	SEED=0x1234 test_mutants		all of that run
 *	SEED=0x1234 FIRST=56 COUNT=1 test_mutants	one frame
 *
 * COUNT is how many frames, FIRST the number of the first.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cmocka.h>

#include "frame.h" /* before the parser */

#include "expected.h"
#include "flagwall/layout.h"
#include "flagwall/parse.h"
#include "kernels.h"
#include "mutants.h"

#define COUNT 2000000

/* Of so many frames, each reason and most signatures must have occurred. */
#define ENOUGH 1000000

_Static_assert(MUTANT_LEAST >= KERNEL_SHORTEST && MUTANT_MOST <= KERNEL_LONGEST,
	       "mutants that the kernel does not take");

static struct expected expected;
static bool dropped[FW_OUTCOMES]; /* by the default policy */
static __u64 seed, first, count;
static __u8 *page_end; /* nothing may be read from here on */

/* The outcome of @frame, which is put where reading behind it is a crash. */
static __u32 parse(const struct mutant *mutant, bool tunnels)
{
	const struct fw_packet packet = {
		.data = page_end - mutant->length,
		.length = mutant->length,
		.tunnels = tunnels,
	};

	return fw_parse(&packet);
}

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

/* Which slot grew, if not that of @told? */
static void blame(const struct kernel *kernel, const struct mutant *mutant, __u32 told)
{
	char text[64], other[64];
	struct fw_count now;

	print_frame(mutant);
	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		if (kernel_read_slot(kernel, outcome, &now))
			fail_msg("slot %u: %s", outcome, strerror(errno));
		if (outcome != told && memcmp(&now, &kernel->counted[outcome], sizeof(now)))
			fail_msg("native: %s; the kernel%s: %s", outcome_print(told, text),
				 kernel->name, outcome_print(outcome, other));
	}
	fail_msg("%s in the kernel%s: packets, bytes or dropped are not what they should be",
		 outcome_print(told, text), kernel->name);
}

static void check(struct kernel *kernel, const struct mutant *mutant)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = mutant->data,
		    .data_size_in = (__u32)mutant->length, .repeat = 1);
	__u32 outcome = parse(mutant, kernel->switches.tunnels);
	struct fw_count *counted = &kernel->counted[outcome];
	struct fw_count now;
	int err;

	err = bpf_prog_test_run_opts(kernel->loaded.program, &options);
	if (err) {
		print_frame(mutant);
		fail_msg("test run: %s", strerror(-err));
	}
	kernel->frames_run++;
	counted->packets++;
	counted->bytes += mutant->length;
	counted->dropped += dropped[outcome];
	if (kernel_read_slot(kernel, outcome, &now) || memcmp(&now, counted, sizeof(now)) ||
	    options.retval != (dropped[outcome] ? XDP_DROP : XDP_PASS))
		blame(kernel, mutant, outcome);
}

static void test_mutants(void **state)
{
	static struct mutant mutant;

	(void)state;
	mutant.seed = seed;
	for (mutant.number = first; mutant.number < first + count; mutant.number++) {
		mutant_make(&mutant);
		memcpy(page_end - mutant.length, mutant.data, mutant.length);
		check(&kernels[mutant.number % KERNELS], &mutant);
	}
}

/* Each frame grew one slot, by one. */
static void test_sum(void **state)
{
	__u64 all = 0;

	(void)state;
	for (size_t i = 0; i < KERNELS; i++) {
		__u64 sum = 0;

		for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++) {
			struct fw_count now;

			assert_int_equal(kernel_read_slot(&kernels[i], outcome, &now), 0);
			assert_memory_equal(&now, &kernels[i].counted[outcome], sizeof(now));
			sum += now.packets;
		}
		assert_int_equal(sum, kernels[i].frames_run);
		all += sum;
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

static int prepare(const char *path)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	__u8 *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || page < MUTANT_MOST || mprotect(pages + page, page, PROT_NONE)) {
		perror("mmap");
		return -1;
	}
	page_end = pages + page;
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
		perror("getrandom");
		return -1;
	}
	seed = number("SEED", seed);
	first = number("FIRST", 0);
	count = number("COUNT", COUNT);
	if (expected_read(&expected))
		return -1;
	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		const struct expected_row *row = expected_row(&expected, outcome);

		dropped[outcome] = row && !strcmp(row->action, "drop");
	}
	return kernels_load(path);
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

	if (prepare(argc > 1 ? argv[1] : "build/flagwall.bpf.o"))
		return 1;
	snprintf(name, sizeof(name), "%llu mutants, SEED=0x%llx: the kernel says what we say",
		 count, seed);
	failures = cmocka_run_group_tests_name("mutants", tests, NULL, NULL);
	kernels_close();
	return failures;
}

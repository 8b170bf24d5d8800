/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One XDP program whose packets are timed. */
#ifndef FLAGWALL_BENCH_MEASURED_H
#define FLAGWALL_BENCH_MEASURED_H

#include <linux/types.h>
#include <stddef.h>

struct measured {
	const char *name;
	int program;
};

/*
 * measured_load - the program that @argument names (speed.c says how), loaded and attached
 * to a device of this network namespace, its @number-th.
 *
 * Returns 0, or -errno after a sentence on standard error. @argument is changed, and stays
 * the name's owner.
 */
int measured_load(struct measured *program, char *argument, int number);

/*
 * measured_run - the frame @bytes of @length through @program, @repeat times.
 *
 * Returns 0 with what one took (CPU time of this thread) in @ns and the XDP code in
 * @verdict, or -errno.
 */
int measured_run(const struct measured *program, const __u8 *bytes, size_t length, int repeat,
		 double *ns, __u32 *verdict);

/*
 * measured_print - a line of JSON: its instructions as the verifier left them, how many the
 * verifier walked, and bytes of machine code.
 */
void measured_print(const struct measured *program);

#endif /* FLAGWALL_BENCH_MEASURED_H */

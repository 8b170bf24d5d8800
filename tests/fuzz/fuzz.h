/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the fuzz targets share. A target is one file here, fuzz_NAME.c, and a
 * folder of inputs that once were interesting, corpus/NAME. libFuzzer calls it
 * (make fuzz), and so does replay.c, over the corpus, in make test.
 */
#ifndef FLAGWALL_TESTS_FUZZ_H
#define FLAGWALL_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* LLVMFuzzerInitialize - once, before all inputs. Returns 0. Not every target has it. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* LLVMFuzzerTestOneInput - try one input. Returns 0, or does not return. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the input. Says which it was: stderr may be closed to the code. */
#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			dprintf(2, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);  \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif /* FLAGWALL_TESTS_FUZZ_H */

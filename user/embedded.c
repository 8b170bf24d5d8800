// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * By .incbin and not by a bpftool skeleton: bpftool 7.1 makes none of a
 * big-endian object, and the build needs one tool less.
 */
#include "embedded.h"

#define EMBED(symbol, file)                                                                        \
	__asm__(".section .rodata\n"                                                               \
		".balign 16\n" #symbol "_start:\n"                                                 \
		".incbin \"" file "\"\n" #symbol "_end:\n"                                         \
		".byte 0\n"                                                                        \
		".previous\n");                                                                    \
	extern const char symbol##_start[], symbol##_end[];                                        \
	const struct embedded symbol = { symbol##_start, symbol##_end }

EMBED(embedded_object, EMBED_OBJECT);
EMBED(embedded_default_policy, "policies/default.policy");

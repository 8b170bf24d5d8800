// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * By .incbin and not by a bpftool skeleton: bpftool 7.1 makes none of a
 * big-endian object, and the build needs one tool less.
 */
#include "embedded.h"

#define EMBED(symbol, path)                                                                        \
	__asm__(".section .rodata\n"                                                               \
		".balign 16\n" #symbol "_start:\n"                                                 \
		".incbin \"" path "\"\n" #symbol "_end:\n"                                         \
		".byte 0\n"                                                                        \
		".previous\n");                                                                    \
	extern const char symbol##_start[], symbol##_end[]

EMBED(xdp, EMBED_XDP);
const struct embedded embedded_xdp = { xdp_start, xdp_end };

EMBED(tc, EMBED_TC);
const struct embedded embedded_tc = { tc_start, tc_end };

EMBED(tc_entry, EMBED_TC_ENTRY);
const struct embedded embedded_tc_entry = { tc_entry_start, tc_entry_end };

EMBED(match, EMBED_MATCH);
const struct embedded embedded_match = { match_start, match_end };

EMBED(netfilter, EMBED_NETFILTER);
const struct embedded embedded_netfilter = { netfilter_start, netfilter_end };

EMBED(entry, EMBED_ENTRY);
const struct embedded embedded_entry = { entry_start, entry_end };

EMBED(trial, EMBED_TRIAL);
const struct embedded embedded_trial = { trial_start, trial_end };

/* The build lists policies/ there: POLICY(symbol, "name", "path") a line. */
#define POLICY(symbol, name, path) EMBED(symbol, path);
#include "policies.inc"
#undef POLICY

const struct embedded_policy embedded_policies[] = {
#define POLICY(symbol, name, path) { name, { symbol##_start, symbol##_end } },
#include "policies.inc"
#undef POLICY
};

const size_t embedded_policy_count = sizeof(embedded_policies) / sizeof(embedded_policies[0]);

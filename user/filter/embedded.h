/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files that the tool carries inside itself. */
#ifndef FLAGWALL_EMBEDDED_H
#define FLAGWALL_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *start;
	const char *end;
};

extern const struct embedded embedded_xdp;       /* xdp.bpf.o */
extern const struct embedded embedded_tc;        /* tc.bpf.o */
extern const struct embedded embedded_tc_entry;  /* tc_entry.bpf.o */
extern const struct embedded embedded_match;     /* match.bpf.o */
extern const struct embedded embedded_netfilter; /* netfilter.bpf.o */
extern const struct embedded embedded_entry;     /* netfilter_entry.bpf.o */
extern const struct embedded embedded_trial;     /* trial.bpf.o */

/* policies/NAME.policy */
struct embedded_policy {
	const char *name;
	struct embedded file;
};

extern const struct embedded_policy embedded_policies[];
extern const size_t embedded_policy_count;

static inline size_t embedded_size(const struct embedded *file)
{
	return (size_t)(file->end - file->start);
}

#endif /* FLAGWALL_EMBEDDED_H */

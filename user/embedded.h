/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files that the tool carries inside itself. */
#ifndef FLAGWALL_EMBEDDED_H
#define FLAGWALL_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *start;
	const char *end;
};

extern const struct embedded embedded_object;         /* flagwall.bpf.o */
extern const struct embedded embedded_default_policy; /* policies/default.policy */

static inline size_t embedded_size(const struct embedded *file)
{
	return (size_t)(file->end - file->start);
}

#endif /* FLAGWALL_EMBEDDED_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The filter's object in the kernel, as it is switched: of this tree or of another. */
#ifndef FLAGWALL_TESTS_OBJECT_H
#define FLAGWALL_TESTS_OBJECT_H

#include <stddef.h>

#include "flagwall/layout.h"

struct bpf_object;

/* Release it by object_close(). */
struct loaded_object {
	struct bpf_object *object;
	int program;
	char *log; /* for the verifier's words; NULL: none */
	size_t log_size;
};

/*
 * object_load - load @path with @switches, as many of them as it knows: an older
 * object has fewer. Returns 0, or -errno in silence.
 */
int object_load(const char *path, const struct fw_switches *switches, struct loaded_object *object);
void object_close(struct loaded_object *object);

#endif /* FLAGWALL_TESTS_OBJECT_H */

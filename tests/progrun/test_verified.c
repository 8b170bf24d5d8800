// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the verifier walks to accept the program, as it says itself: far enough
 * from its limit that another compiler or kernel does not meet it. The lines
 * "# verified:" are for docs/kernels.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "object.h"

#define LIMIT 1000000 /* BPF_COMPLEXITY_LIMIT_INSNS in linux/bpf.h */

struct variant {
	const char *name;
	struct fw_switches switches;
};

static const struct variant variants[] = {
	{ "plain", {} },
	{ "exceptions", { .exceptions = true } },
	{ "tunnels", { .tunnels = true } },
	{ "both", { .exceptions = true, .tunnels = true } },
	{ "listener", { .exceptions = true, .tunnels = true, .events = true } },
	{ "states", { .states = true } },
	{ "all", { .exceptions = true, .tunnels = true, .states = true, .events = true } },
};

#define VARIANTS (sizeof(variants) / sizeof(*variants))

static void test_variant(void **state)
{
	static char log[1 << 16];
	struct loaded_object object = { .log = log, .log_size = sizeof(log) };
	const struct variant *variant = *state;
	const char *build = getenv("BUILD");
	unsigned int walked = 0;
	const char *line;
	char path[4096];
	int err;

	snprintf(path, sizeof(path), "%s/flagwall.bpf.o", build ? build : "build");
	err = object_load(path, &variant->switches, &object);
	if (err)
		fail_msg("%s: %s: %s", path, strerror(-err), log);
	line = strstr(log, "processed ");
	if (!line || sscanf(line, "processed %u insns", &walked) != 1)
		fail_msg("%s: the verifier does not say how far it went: %s", path, log);
	printf("# verified: %s %u\n", variant->name, walked);
	assert_in_range(walked, 1, LIMIT / 2);
	object_close(&object);
}

int main(void)
{
	static char names[VARIANTS][64];
	struct CMUnitTest tests[VARIANTS];

	for (size_t i = 0; i < VARIANTS; i++) {
		snprintf(names[i], sizeof(names[i]), "%s: half of the verifier's limit is left",
			 variants[i].name);
		tests[i] = (struct CMUnitTest){ .name = names[i],
						.test_func = test_variant,
						.initial_state = (void *)(uintptr_t)&variants[i] };
	}
	return _cmocka_run_group_tests("verified", tests, VARIANTS, NULL, NULL);
}

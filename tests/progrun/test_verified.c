// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the verifier walks to accept each program, as it says itself: far enough
 * from its limit that another compiler or kernel does not meet it. The lines
 * "# verified:" are for docs/kernels.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <cmocka.h>

#include "flagwall/layout.h"

#define STATISTICS 4   /* BPF_LOG_STATS in linux/bpf_verifier.h */
#define LIMIT 1000000U /* BPF_COMPLEXITY_LIMIT_INSNS in linux/bpf.h */

struct program {
	const char *what, *file, *name;
	bool exceptions;
};

static const struct program programs[] = {
	{ "flagwall", "flagwall.bpf.o", "flagwall", false },
	{ "with exceptions", "flagwall.bpf.o", "flagwall", true },
	{ "window", "window.bpf.o", "flagwall_window", false },
};

/* fw_switches in .rodata, which the test may write before loading; NULL: has none. */
static struct fw_switches *switches_of(struct bpf_object *object)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata");
	const struct btf *btf = bpf_object__btf(object);
	const struct btf_type *section =
		btf__type_by_id(btf,
				(__u32)btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC));
	const struct btf_var_secinfo *info = section ? btf_var_secinfos(section) : NULL;
	size_t size = 0;
	char *data = map ? (char *)(uintptr_t)bpf_map__initial_value(map, &size) : NULL;

	for (unsigned int i = 0; data && info && i < btf_vlen(section); i++) {
		const struct btf_type *variable = btf__type_by_id(btf, info[i].type);

		if (!strcmp(btf__name_by_offset(btf, variable->name_off), "fw_switches") &&
		    info[i].offset + sizeof(struct fw_switches) <= size)
			return (struct fw_switches *)(data + info[i].offset);
	}
	return NULL;
}

static void test_program(void **state)
{
	static char log[1 << 16];
	LIBBPF_OPTS(bpf_object_open_opts, options, .kernel_log_level = STATISTICS,
		    .kernel_log_buf = log, .kernel_log_size = sizeof(log));
	const struct program *program = *state;
	const char *build = getenv("BUILD");
	struct fw_switches *switches;
	struct bpf_object *object;
	unsigned int walked = 0;
	const char *line;
	char path[4096];

	log[0] = '\0';
	snprintf(path, sizeof(path), "%s/%s", build ? build : "build", program->file);
	object = bpf_object__open_file(path, &options);
	assert_non_null(object);
	if (program->exceptions) {
		switches = switches_of(object);
		assert_non_null(switches);
		switches->exceptions = true;
	}
	if (bpf_object__load(object))
		fail_msg("%s: the kernel refused it: %s", path, log);
	assert_non_null(bpf_object__find_program_by_name(object, program->name));
	line = strstr(log, "processed ");
	if (!line || sscanf(line, "processed %u insns", &walked) != 1)
		fail_msg("%s: the verifier does not say how far it went: %s", path, log);
	printf("# verified: %s %u\n", program->what, walked);
	assert_in_range(walked, 1, LIMIT / 2);
	bpf_object__close(object);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(programs) / sizeof(*programs)];
	char names[sizeof(programs) / sizeof(*programs)][64];

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		snprintf(names[i], sizeof(names[i]), "%s: half of the verifier's limit is left",
			 programs[i].what);
		tests[i] = (struct CMUnitTest){ .name = names[i],
						.test_func = test_program,
						.initial_state = (void *)(uintptr_t)&programs[i] };
	}
	return _cmocka_run_group_tests("verified", tests, sizeof(programs) / sizeof(*programs),
				       NULL, NULL);
}

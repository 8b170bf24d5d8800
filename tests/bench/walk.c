// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * walk [OBJECT...]: how many instructions the verifier walks to load each
 * object (default: build/flagwall.bpf.o), with tunnels, exceptions and states off
 * and on, by its own word. Ends with 1 if one does not load, and shows why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "object.h"

#define LOG_SIZE (16 << 20)

/* The number in "processed N insns", which kernels say since long before 5.10. */
static unsigned long walked(const char *log)
{
	const char *at = strstr(log, "processed ");

	return at ? strtoul(at + strlen("processed "), NULL, 10) : 0;
}

static int walk(const char *path, const char *kernel, const struct fw_switches *switches)
{
	static char log[LOG_SIZE];
	struct loaded_object object = { .log = log, .log_size = sizeof(log) };
	int err = object_load(path, switches, &object);

	if (err)
		fprintf(stderr, "%s: %s: %s\n%.4000s\n", kernel, path, strerror(-err), log);
	else
		printf("%s\t%s\texceptions %s\ttunnels %s\tstates %s\t%lu\n", kernel, path,
		       switches->exceptions ? "on" : "off", switches->tunnels ? "on" : "off",
		       switches->states ? "on" : "off", walked(log));
	object_close(&object);
	return err;
}

static int walk_all(const char *path, const char *kernel)
{
	int failed = 0;

	for (__u32 which = 0; which < 8; which++) {
		struct fw_switches switches = { .exceptions = which & 1,
						.tunnels = which >> 1 & 1,
						.states = which >> 2 };

		failed |= walk(path, kernel, &switches) != 0;
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct utsname system;
	int failed = 0;

	uname(&system);
	if (argc == 1)
		return walk_all("build/flagwall.bpf.o", system.release);
	for (int i = 1; i < argc; i++)
		failed |= walk_all(argv[i], system.release);
	return failed;
}

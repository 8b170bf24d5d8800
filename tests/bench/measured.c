// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "measured.h"

#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "object.h"

static double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int measured_run(const struct measured *program, const __u8 *bytes, size_t length, int repeat,
		 double *ns, __u32 *verdict)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = bytes, .data_size_in = (__u32)length,
		    .repeat = repeat);
	double start = cpu_ns();
	int err = bpf_prog_test_run_opts(program->program, &options);

	*ns = (cpu_ns() - start) / repeat;
	*verdict = options.retval;
	return err;
}

/* A program that no device runs waits for a grace period in every test run. */
static int attach(int program, int number)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);
	char command[128], name[IF_NAMESIZE];

	snprintf(name, sizeof(name), "bench%d", number);
	snprintf(command, sizeof(command), "ip link add %s type veth peer name p%s", name, name);
	if (system(command))
		return -ENODEV;
	return bpf_link_create(program, (int)if_nametoindex(name), BPF_XDP, &options) < 0 ? -errno :
											    0;
}

/* Of any object; only ours has switches. */
static int load_function(const char *path, const char *function, struct measured *program)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_program *found = NULL, *each;
	int err;

	if (!object)
		return -errno;
	bpf_object__for_each_program(each, object)
	{
		if (strcmp(bpf_program__name(each), function))
			bpf_program__set_autoload(each, false);
		else
			found = each;
	}
	err = found ? bpf_object__load(object) : -ENOENT;
	program->program = err ? -1 : bpf_program__fd(found);
	return err;
}

static int load(struct measured *program, char *path)
{
	char *function = strchr(path, '@'), *letters = strchr(path, ':');
	struct fw_switches switches = {};
	struct loaded_object object = {};
	int err;

	if (!strncmp(path, "id:", 3)) {
		program->program = bpf_prog_get_fd_by_id((__u32)atoi(path + 3));
		return program->program < 0 ? -errno : 0;
	}
	if (function) {
		*function++ = '\0';
		return load_function(path, function, program);
	}
	if (letters) {
		*letters++ = '\0';
		switches.tunnels = strchr(letters, 't') != NULL;
		switches.exceptions = strchr(letters, 'e') != NULL;
		switches.events = strchr(letters, 'l') != NULL;
	}
	err = object_load(path, &switches, &object);
	program->program = object.program;
	return err;
}

int measured_load(struct measured *program, char *argument, int number)
{
	char *path = strchr(argument, '='), *copy;
	int err;

	program->name = argument;
	if (path)
		*path++ = '\0';
	copy = strdup(path ? path : argument);
	if (!copy)
		return -ENOMEM;
	err = load(program, copy);
	if (!err)
		err = attach(program->program, number);
	if (err)
		fprintf(stderr, "%s: %s: %s\n", program->name, copy, strerror(-err));
	free(copy);
	return err;
}

void measured_print(const struct measured *program)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(program->program, &info, &size))
		return;
	printf("{\"program\": \"%s\", \"id\": %u, \"instructions\": %zu, \"walked\": %u, "
	       "\"machine_bytes\": %u}\n",
	       program->name, info.id, info.xlated_prog_len / sizeof(struct bpf_insn),
	       info.verified_insns, info.jited_prog_len);
}

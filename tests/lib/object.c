// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "object.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

/* The variable of that name in .rodata. */
static const struct btf_var_secinfo *find_variable(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC);
	const struct btf_type *section = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;

	for (unsigned int i = 0; section && i < btf_vlen(section); i++) {
		const struct btf_var_secinfo *info = &btf_var_secinfos(section)[i];
		const struct btf_type *variable = btf__type_by_id(btf, info->type);

		if (!strcmp(btf__name_by_offset(btf, variable->name_off), name))
			return info;
	}
	return NULL;
}

static int set_switches(struct bpf_object *object, const struct fw_switches *switches)
{
	const struct btf_var_secinfo *info = find_variable(bpf_object__btf(object), "fw_switches");
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata");
	size_t size = 0, known = sizeof(*switches);
	const void *initial = map ? bpf_map__initial_value(map, &size) : NULL;
	char *data;
	int err;

	if (!initial || !info)
		return -EPROTO;
	if (known > info->size)
		known = info->size;
	data = malloc(size);
	if (!data)
		return -ENOMEM;
	memcpy(data, initial, size);
	memcpy(data + info->offset, switches, known);
	err = bpf_map__set_initial_value(map, data, size);
	free(data);
	return err;
}

int object_load(const char *path, const struct fw_switches *switches, struct loaded_object *object)
{
	struct bpf_program *program;
	int err;

	libbpf_set_print(quiet);
	object->object = bpf_object__open_file(path, NULL);
	if (!object->object)
		return -errno;
	program = bpf_object__find_program_by_name(object->object, "flagwall");
	err = program ? set_switches(object->object, switches) : -EPROTO;
	if (err)
		return err;
	if (object->log) {
		object->log[0] = '\0';
		bpf_program__set_log_buf(program, object->log, object->log_size);
		bpf_program__set_log_level(program, 4); /* statistics only */
	}
	err = bpf_object__load(object->object);
	object->program = err ? -1 : bpf_program__fd(program);
	return err;
}

void object_close(struct loaded_object *object)
{
	bpf_object__close(object->object);
	object->object = NULL;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "program.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "embedded.h"
#include "kernel.h"
#include "probe.h"
#include "report.h"

#define PROGRAM_TYPE_NETFILTER 32 /* BPF_PROG_TYPE_NETFILTER, since Linux 6.4 */

static struct bpf_object *open_object(const struct embedded *file, const char *name)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name);
	struct bpf_object *object;

	kernel_forget();
	object = bpf_object__open_mem(file->start, embedded_size(file), &options);
	if (!object)
		kernel_refused(errno, "cannot read the BPF object inside this program");
	return object;
}

static int refuse_damaged(void)
{
	return fail(EPROTO,
		    "a map is missing in the BPF object inside this program: build it again");
}

/* Where in its section the variable @name of @size bytes stands; NULL: nowhere. */
static const struct btf_var_secinfo *find_variable(const struct btf *btf, const char *section,
						   const char *name, size_t size)
{
	const struct btf_type *type =
		btf__type_by_id(btf, (__u32)btf__find_by_name_kind(btf, section, BTF_KIND_DATASEC));

	for (unsigned int i = 0; type && i < btf_vlen(type); i++) {
		const struct btf_var_secinfo *info = &btf_var_secinfos(type)[i];
		const struct btf_type *variable = btf__type_by_id(btf, info->type);

		if (info->size == size &&
		    !strcmp(btf__name_by_offset(btf, variable->name_off), name))
			return info;
	}
	return NULL;
}

/* Set the constant @name before the verifier sees it. The compiler may have others beside it. */
static int set_constant(struct bpf_object *object, const char *name, const void *value, size_t size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata");
	const struct btf_var_secinfo *info =
		find_variable(bpf_object__btf(object), ".rodata", name, size);
	size_t room = 0;
	const void *initial = map ? bpf_map__initial_value(map, &room) : NULL;
	_cleanup_free_ char *data = initial ? malloc(room) : NULL;

	if (!data || !info || info->offset + size > room)
		return refuse_damaged();
	memcpy(data, initial, room);
	memcpy(data + info->offset, value, size);
	return bpf_map__set_initial_value(map, data, room) ? refuse_damaged() : 0;
}

/* libbpf 1.1 does not know what is younger than it. */
static void take_type(struct bpf_program *program, enum hook hook)
{
	if (hook != HOOK_NETFILTER)
		return;
	bpf_program__set_type(program, (enum bpf_prog_type)PROGRAM_TYPE_NETFILTER);
	bpf_program__set_expected_attach_type(program, hook_attach_type(hook));
}

/* Why programs at netfilter cannot be, where the kernel's own words say nothing. */
static int refuse_load(enum hook hook, int error)
{
	if (hook != HOOK_NETFILTER || kernel_verifier_words() || error == EPERM)
		return kernel_refused(error, "the kernel did not load the program");
	if (kernel_number() < 604)
		return fail(
			error,
			"the hook netfilter takes Linux 6.4 or newer, and this is %s: 'flagwall rule "
			"nft' or 'flagwall rule iptables' works here",
			kernel_release());
	return fail(
		error,
		"the kernel did not load the program: %s; the hook netfilter takes a kernel %s that was "
		"built with CONFIG_NETFILTER_BPF_LINK and CONFIG_DEBUG_INFO_BTF",
		strerror(error), kernel_release());
}

static void take_frags(struct bpf_object *object, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);

	bpf_program__set_flags(program, bpf_program__flags(program) | PROBE_HAS_FRAGS);
}

void program_close(struct program *program)
{
	bpf_object__close(program->object);
	program->object = NULL;
}

static int reuse(struct bpf_map *map, int fd)
{
	return fd < 0 ? 0 : bpf_map__reuse_fd(map, fd);
}

/* Without exceptions the trie is not made, and nothing of the program asks it. */
static int prepare_exceptions(struct bpf_map *map, int fd, __u32 count)
{
	if (!count)
		return bpf_map__set_autocreate(map, false);
	return fd < 0 ? bpf_map__set_max_entries(map, count) : bpf_map__reuse_fd(map, fd);
}

static const struct embedded *file_for(const struct program_maps *maps)
{
	if (maps->match)
		return &embedded_match;
	if (maps->hook == HOOK_NETFILTER)
		return &embedded_netfilter;
	return maps->hook == HOOK_XDP ? &embedded_xdp : &embedded_tc;
}

/* For a listener, or none: nothing of the program asks for them then. */
static int prepare_events(struct bpf_object *object, const struct program_maps *maps)
{
	for (unsigned int i = 0; i < EVENT_MAPS; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, event_maps_objects[i]);
		int err;

		/* What rules ask tells nobody. */
		if (!map && !maps->ring)
			continue;
		err = map ? bpf_map__set_autocreate(map, maps->ring != 0) : -ENOENT;
		if (!err && maps->ring && maps->events)
			err = bpf_map__reuse_fd(map, maps->events->fd[i]);
		else if (!err && maps->ring && i == EVENT_RING)
			err = bpf_map__set_max_entries(map, maps->ring);
		if (err)
			return err;
	}
	return 0;
}

/* The descriptors stay the object's. */
static struct event_maps events_of(const struct bpf_object *object, bool there)
{
	struct event_maps events = EVENT_MAPS_NONE;

	for (unsigned int i = 0; there && i < EVENT_MAPS; i++)
		events.fd[i] = bpf_object__find_map_fd_by_name(object, event_maps_objects[i]);
	return events;
}

static struct fw_switches switches_of(const struct program_maps *maps, const struct fw_config *state)
{
	struct fw_switches switches = { .exceptions = state->exceptions > 0,
					.tunnels = state->tunnels,
					.frags = maps->frags,
					.bare = maps->bare,
					.events = maps->ring != 0,
					.states = state->states > 0 &&
						  hook_asks_states(maps->hook) && !maps->match };

	memcpy(switches.mac, maps->mac, sizeof(switches.mac));
	return switches;
}

int program_load(const struct program_maps *maps, const struct fw_config *state,
		 struct program *program)
{
	const struct fw_switches switches = switches_of(maps, state);
	_cleanup_(program_close) struct program loaded = {};
	struct bpf_map *config, *samples, *counters, *states, *exceptions;
	int err;

	loaded.object = open_object(file_for(maps), "flagwall");
	if (!loaded.object)
		return -EPROTO;
	config = bpf_object__find_map_by_name(loaded.object, ".data");
	samples = bpf_object__find_map_by_name(loaded.object, "fw_samples");
	counters = bpf_object__find_map_by_name(loaded.object, "fw_counters");
	states = bpf_object__find_map_by_name(loaded.object, "fw_states");
	exceptions = bpf_object__find_map_by_name(loaded.object, "fw_exceptions");
	if (!config || (!samples && !maps->match) || !counters || (!states && !maps->match) ||
	    !exceptions)
		return refuse_damaged();
	err = set_constant(loaded.object, "fw_switches", &switches, sizeof(switches));
	if (err)
		return err;
	if ((samples && (err = reuse(samples, maps->samples))) ||
	    (states && (err = reuse(states, maps->states))) ||
	    (err = reuse(counters, maps->counters)) ||
	    (err = prepare_exceptions(exceptions, maps->exceptions, state->exceptions)) ||
	    (err = prepare_events(loaded.object, maps)))
		return kernel_refused(-err, "cannot take over the pinned maps");
	if (maps->frags)
		take_frags(loaded.object, "flagwall");
	take_type(bpf_object__find_program_by_name(loaded.object, "flagwall"), maps->hook);
	err = bpf_object__load(loaded.object);
	if (err)
		return refuse_load(maps->hook, -err);

	loaded.frags = maps->frags;
	loaded.bare = maps->bare;
	loaded.fd = bpf_program__fd(bpf_object__find_program_by_name(loaded.object, "flagwall"));
	loaded.config = bpf_map__fd(config);
	loaded.samples = samples ? bpf_map__fd(samples) : -1;
	loaded.counters = bpf_map__fd(counters);
	loaded.states = states ? bpf_map__fd(states) : -1;
	loaded.exceptions = state->exceptions ? bpf_map__fd(exceptions) : -1;
	loaded.events = events_of(loaded.object, maps->ring != 0);
	*program = loaded;
	loaded.object = NULL;
	return 0;
}

int program_configure(int config, const struct fw_config *state)
{
	__u32 zero = 0;

	if (bpf_map_update_elem(config, &zero, state, BPF_ANY))
		return kernel_refused(errno, "cannot write the action table");
	return 0;
}

int program_except(int trie, const struct exception *exceptions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct exception *exception = &exceptions[i];
		struct fw_except_key key = {
			.prefixlen = FW_EXCEPT_BITS + exception->prefix,
			.direction = exception->direction,
			.family = exception->family,
		};
		struct fw_except value;

		memcpy(key.address, exception->address, sizeof(key.address));
		memcpy(value.classes, exception->classes, sizeof(value.classes));
		if (bpf_map_update_elem(trie, &key, &value, BPF_ANY))
			return kernel_refused(errno, "cannot write exception %zu of %zu", i + 1,
					      count);
	}
	return 0;
}

void entry_close(struct entry_program *entry)
{
	bpf_object__close(entry->object);
	entry->object = NULL;
}

int entry_load(enum hook hook, unsigned int ifindex, int program, struct entry_program *entry)
{
	_cleanup_(entry_close) struct entry_program loaded = {};
	const struct fw_entry constant = { .ifindex = ifindex };
	struct bpf_program *caller;
	struct bpf_map *table;
	__u32 zero = 0;
	int err;

	loaded.object = open_object(hook == HOOK_NETFILTER ? &embedded_entry : &embedded_tc_entry,
				    "flagwall_entry");
	if (!loaded.object)
		return -EPROTO;
	caller = bpf_object__find_program_by_name(loaded.object, "flagwall_entry");
	table = bpf_object__find_map_by_name(loaded.object, "fw_program");
	if (!caller || !table)
		return refuse_damaged();
	/* A hook of tc is an interface's own. */
	err = hook == HOOK_NETFILTER ?
		      set_constant(loaded.object, "fw_entry", &constant, sizeof(constant)) :
		      0;
	if (err)
		return err;
	take_type(caller, hook);
	err = bpf_object__load(loaded.object);
	if (err)
		return refuse_load(hook, -err);
	loaded.fd = bpf_program__fd(caller);
	loaded.table = bpf_map__fd(table);
	if (bpf_map_update_elem(loaded.table, &zero, &program, BPF_ANY))
		return kernel_refused(errno, "cannot put the program where %s calls it",
				      hook == HOOK_NETFILTER ? "netfilter" : "tc");
	*entry = loaded;
	loaded.object = NULL;
	return 0;
}

void trial_close(struct trial_program *program)
{
	bpf_object__close(program->object);
	program->object = NULL;
}

void trial_quiesce(void)
{
	const struct timespec longer_than_any_packet = { .tv_nsec = 20 * 1000 * 1000 };

	/* A grace period of RCU; refused where CPUs run without ticks, and by some sandboxes. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&longer_than_any_packet, NULL);
}

int trial_load(const struct fw_trial *trial, const int programs[FW_TRIAL_SLOTS], enum hook hook,
	       bool frags, struct trial_program *program)
{
	const char *wanted = hook == HOOK_XDP       ? "flagwall_trial" :
			     hook == HOOK_NETFILTER ? "flagwall_trial_nf" :
						      "flagwall_trial_tc";
	_cleanup_(trial_close) struct trial_program loaded = {};
	struct bpf_program *each;
	struct bpf_map *map;
	int err;

	loaded.object = open_object(&embedded_trial, "flagwall_trial");
	if (!loaded.object)
		return -EPROTO;
	map = bpf_object__find_map_by_name(loaded.object, "fw_programs");
	if (!map)
		return refuse_damaged();
	err = set_constant(loaded.object, "fw_trial", trial, sizeof(*trial));
	if (err)
		return err;
	bpf_object__for_each_program(each, loaded.object)
		bpf_program__set_autoload(each, !strcmp(bpf_program__name(each), wanted));
	take_type(bpf_object__find_program_by_name(loaded.object, wanted), hook);
	if (frags)
		take_frags(loaded.object, wanted);
	err = bpf_object__load(loaded.object);
	if (err)
		return kernel_refused(-err, "the kernel did not load the program that holds two");
	loaded.fd = bpf_program__fd(bpf_object__find_program_by_name(loaded.object, wanted));
	loaded.trial = bpf_map__fd(bpf_object__find_map_by_name(loaded.object, ".rodata"));
	loaded.programs = bpf_map__fd(map);
	for (__u32 slot = 0; slot < FW_TRIAL_SLOTS; slot++)
		if (bpf_map_update_elem(loaded.programs, &slot, &programs[slot], BPF_ANY))
			return kernel_refused(errno, "cannot put two programs side by side");
	*program = loaded;
	loaded.object = NULL;
	return 0;
}

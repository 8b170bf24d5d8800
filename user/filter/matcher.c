// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "matcher.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "cleanup.h"
#include "json.h"
#include "kernel.h"
#include "map.h"
#include "netns.h"
#include "report.h"
#include "text.h"
#include "version.h"

#define MAPS_MOST 16 /* of one program */

/* A matcher that is there, opened. Release it by matcher_close(). */
struct matcher {
	int program, config, counters, exceptions; /* -1: none that we could use */
	bool whole;                                /* program and config belong together */
	struct fw_config state;                    /* if it is */
};

#define MATCHER_NONE                                                                               \
	{                                                                                          \
		.program = -1, .config = -1, .counters = -1, .exceptions = -1                      \
	}

static void matcher_close(const struct matcher *matcher)
{
	cleanup_close(&matcher->program);
	cleanup_close(&matcher->config);
	cleanup_close(&matcher->counters);
	cleanup_close(&matcher->exceptions);
}

/* That of all matches in this network namespace: the first has a name that boots do not change. */
static const char *folder(char path[PINS_PATH])
{
	if (netns_is_first())
		snprintf(path, PINS_PATH, PINS_ROOT "/match");
	else
		snprintf(path, PINS_PATH, PINS_ROOT "/match-%llu",
			 (unsigned long long)netns_inode());
	return path;
}

/* The path of @pin of the match @name; "": its folder. */
static const char *pin_path(const char *name, const char *pin, char path[PINS_PATH])
{
	size_t length = strlen(folder(path));

	snprintf(path + length, PINS_PATH - length, "/%s%s%s", name, *pin ? "/" : "", pin);
	return path;
}

const char *matcher_path(const char *name, char path[PINS_PATH])
{
	return pin_path(name, "program", path);
}

bool matcher_there(const char *name)
{
	char path[PINS_PATH];

	return !access(matcher_path(name, path), F_OK);
}

static int open_pin(const char *name, const char *pin)
{
	char path[PINS_PATH];

	return bpf_obj_get(pin_path(name, pin, path));
}

/* Is @map one of those that @program works with? */
static bool has_map(int program, int map)
{
	__u32 ids[MAPS_MOST] = {};
	struct bpf_prog_info info = { .map_ids = (__u64)(unsigned long)ids,
				      .nr_map_ids = MAPS_MOST };
	struct bpf_map_info wanted = {};
	__u32 size = sizeof(info), map_size = sizeof(wanted);

	if (bpf_obj_get_info_by_fd(program, &info, &size) ||
	    bpf_obj_get_info_by_fd(map, &wanted, &map_size))
		return false;
	for (__u32 i = 0; i < info.nr_map_ids && i < MAPS_MOST; i++)
		if (ids[i] == wanted.id)
			return true;
	return false;
}

/*
 * In the place of an interface's name, which a match has not: a namespace that is gone may
 * have left pins under the number of this one.
 */
static void tell_namespace(char field[16])
{
	char text[24];

	snprintf(text, sizeof(text), "%llx", netns_cookie());
	text_set(field, sizeof(((struct fw_config *)0)->interface), text);
}

static bool is_of_namespace(const struct fw_config *state)
{
	char here[sizeof(state->interface)];

	tell_namespace(here);
	return !memcmp(here, state->interface, sizeof(here));
}

/* What cannot be used stays closed: it is replaced. */
static void open_matcher(const char *name, struct matcher *matcher)
{
	__u32 zero = 0;

	matcher->program = open_pin(name, "program");
	matcher->config = open_pin(name, "config");
	matcher->counters = open_pin(name, "counters");
	matcher->exceptions = open_pin(name, "exceptions");
	matcher->whole = matcher->program >= 0 && matcher->config >= 0 && matcher->counters >= 0 &&
			 map_fits(matcher->counters, BPF_MAP_TYPE_PERCPU_ARRAY,
				  sizeof(struct fw_count), FW_OUTCOMES) &&
			 map_fits(matcher->config, BPF_MAP_TYPE_ARRAY, sizeof(matcher->state), 1) &&
			 !bpf_map_lookup_elem(matcher->config, &zero, &matcher->state) &&
			 matcher->state.layout == FW_LAYOUT && is_of_namespace(&matcher->state) &&
			 has_map(matcher->program, matcher->config) &&
			 has_map(matcher->program, matcher->counters);
}

/* Does the pinned program do for @state? Then only its table is exchanged. */
static bool fits(const struct matcher *matcher, const struct fw_config *state)
{
	return matcher->whole && !matcher->state.exceptions && !state->exceptions &&
	       matcher->state.tunnels == state->tunnels &&
	       !strncmp(matcher->state.version, flagwall_version, sizeof(matcher->state.version));
}

static int describe(const struct matcher *matcher, const struct attach_request *request,
		    const struct selection *only, struct fw_config *state)
{
	int err;

	*state = (struct fw_config){ .attached_since = time_now() };
	if (matcher->whole)
		*state = matcher->state;
	state->layout = FW_LAYOUT;
	text_set(state->version, sizeof(state->version), flagwall_version);
	tell_namespace(state->interface);
	err = change_state(request, state);
	if (err || !only)
		return err;
	memcpy(state->action, only->action, sizeof(state->action));
	if (!only->excepts)
		state->exceptions = 0;
	return 0;
}

static int make_folder(const char *name)
{
	char path[PINS_PATH];

	if (mkdir(folder(path), 0700) && errno != EEXIST)
		return -errno;
	return mkdir(pin_path(name, "", path), 0700) && errno != EEXIST ? -errno : 0;
}

/* Pin @fd in the place of what is there: whoever opens it has the old or the new one. */
static int pin_over(const char *name, int fd, const char *pin)
{
	char path[PINS_PATH], next[PINS_PATH];

	pin_path(name, "next", next);
	if (unlink(next) && errno != ENOENT) /* of one that was killed */
		return -errno;
	if (bpf_obj_pin(fd, next) || rename(next, pin_path(name, pin, path)))
		return -errno;
	return 0;
}

/* The program last: what it works with is there by then. */
static int pin_all(const char *name, const struct program *program)
{
	char path[PINS_PATH];
	int err;

	if ((err = make_folder(name)) || (err = pin_over(name, program->counters, "counters")) ||
	    (err = pin_over(name, program->config, "config")))
		return err;
	if (program->exceptions >= 0)
		err = pin_over(name, program->exceptions, "exceptions");
	else if (unlink(pin_path(name, "exceptions", path)) && errno != ENOENT)
		err = -errno;
	return err ?: pin_over(name, program->fd, "program");
}

/* Another program on the same counters. */
static int exchange(const char *name, const struct matcher *matcher, const struct policy *policy,
		    const struct fw_config *state)
{
	const struct program_maps maps = { .samples = -1,
					   .counters = matcher->whole ? matcher->counters : -1,
					   .exceptions = matcher->whole ? matcher->exceptions : -1,
					   .match = true };
	_cleanup_(change_close) struct change change = {};
	int err;

	err = change_load(&maps, state, state->exceptions ? policy : NULL, &change);
	if (err)
		return err;
	err = pin_all(name, &change.program);
	return err ? kernel_refused(-err, "cannot pin the match under " PINS_ROOT) : 0;
}

/* A pin that could not be made leaves folders behind. */
static void tidy(const char *name)
{
	char path[PINS_PATH];

	rmdir(pin_path(name, "", path));
	rmdir(folder(path));
}

int matcher_pin(const char *name, const struct attach_request *request,
		const struct selection *only, struct fw_config *state)
{
	_cleanup_(matcher_close) struct matcher matcher = MATCHER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	struct attach_request wanted = *request;
	int err;

	if (lock < 0)
		return lock;
	open_matcher(name, &matcher);
	if (!matcher.whole && !wanted.policy)
		wanted.policy = wanted.first;
	err = describe(&matcher, &wanted, only, state);
	if (err)
		return err;
	if (fits(&matcher, state))
		return program_configure(matcher.config, state);
	err = exchange(name, &matcher, wanted.policy, state);
	if (err)
		tidy(name);
	return err ?: matcher.program >= 0;
}

int matcher_unpin(const char *name)
{
	_cleanup_(pins_unlock) int lock = -1;
	char path[PINS_PATH];
	int err;

	/* Look before locking: that makes a directory, and there may be none. */
	if (access(pin_path(name, "", path), F_OK) && errno == ENOENT)
		return 0;
	lock = pins_lock();
	if (lock < 0)
		return lock;
	err = pins_empty(path);
	if (err || (rmdir(path) && errno != ENOENT))
		return kernel_refused(err ? -err : errno, "cannot remove the pins under %s", path);
	rmdir(folder(path)); /* of the last one */
	return 0;
}

int matcher_counts(const char *name, struct fw_config *state, struct fw_count counts[FW_OUTCOMES])
{
	_cleanup_(matcher_close) struct matcher matcher = MATCHER_NONE;
	struct filter filter = FILTER_NONE;

	open_matcher(name, &matcher);
	if (!matcher.whole)
		return fail(ENOENT,
			    "no match '%s' of this version is pinned in this network namespace: "
			    "'flagwall rule iptables' pins them",
			    name);
	*state = matcher.state;
	filter.counters = matcher.counters;
	return filter_counts(&filter, counts);
}

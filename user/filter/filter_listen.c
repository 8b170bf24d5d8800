// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "filter_listen.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "cleanup.h"
#include "filter_exchange.h"
#include "generation.h"
#include "kernel.h"
#include "report.h"
#include "text.h"
#include "trial_listen.h"
#include "version.h"

/* Bytes of a ring: no less, whatever the rate, and no more. */
#define RING_LEAST (1U << 18)
#define RING_MOST (1U << 24)

/* Events at once: more than there is room for in the largest ring. */
#define HEARD_MOST (RING_MOST / sizeof(struct fw_event))

/* More replacements in a row while one looks are no coincidence. */
#define LOOKS_MOST 100

/* How long whoever was killed has for putting the plain program back. */
#define CLAIM_TRIES 20
#define CLAIM_PAUSE (50 * 1000 * 1000) /* ns */

static int open_folder(const struct pins_key *key)
{
	char path[PINS_PATH];

	return open(pins_path(key, "", path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool filter_listened(const struct filter *filter)
{
	_cleanup_close_ int folder = open_folder(&filter->key);

	return folder >= 0 && flock(folder, LOCK_SH | LOCK_NB);
}

/* Is the filter at that place still the one of the claim? If nobody can tell, it is. */
static bool is_ours(const struct listener *listener)
{
	struct stat claimed, now;
	char path[PINS_PATH];

	if (fstat(listener->lock, &claimed))
		return false;
	if (stat(pins_path(&listener->key, "", path), &now))
		return errno != ENOENT;
	return claimed.st_ino == now.st_ino;
}

/* One listener a filter: the lock ends with its processes, however they end. */
static int claim(struct listener *listener)
{
	const struct timespec pause = { .tv_nsec = CLAIM_PAUSE };

	listener->lock = open_folder(&listener->key);
	if (listener->lock < 0)
		return kernel_refused(errno, "%s: cannot open its pins", listener->device->label);
	for (int i = 0; i < CLAIM_TRIES; i++) {
		if (!flock(listener->lock, LOCK_EX | LOCK_NB))
			return 0;
		nanosleep(&pause, NULL);
	}
	return fail(
		EBUSY,
		"%s: somebody listens to its %s filter already, and it takes one listener at a time",
		listener->device->label, hook_names[listener->device->hook]);
}

/* Each listener keeps five or six descriptors: let there be as many of them as there may be. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int filter_listen_claim(struct listener *listener)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	int err;

	allow_descriptors();
	err = filter_need(listener->device, &filter);
	if (err)
		return err;
	listener->key = filter.key;
	listener->state = filter.state;
	return claim(listener);
}

/* What waits between two beats, twice over, wherever it comes from. */
static __u32 ring_size(__u32 rate)
{
	__u64 most = 2ULL * (rate / LISTEN_BEATS + 1) *
		     (sizeof(struct fw_event) + FW_EVENT_HEADER) *
		     (__u64)libbpf_num_possible_cpus();
	__u32 size = RING_LEAST;

	while (size < most && size < RING_MOST)
		size *= 2;
	return size;
}

/* The same policy, by a program that tells or does not. */
static int exchange(const struct device *device, const struct filter *filter,
		    enum attach_listener what, __u32 ring)
{
	const struct attach_request request = { .listener = what, .ring = ring };
	struct fw_config state = filter->state;
	int done;

	if (filter->waiting)
		return trial_listen_exchange(device, filter, &request);
	text_set(state.version, sizeof(state.version), flagwall_version);
	done = filter_exchange(device, filter, &request, &state);
	return done < 0 ? done : 0;
}

static int hear(void *context, void *data, size_t size)
{
	struct listener *listener = context;
	int err;

	if (size < sizeof(struct fw_event))
		return -EPROTO;
	err = listener->request.hear(listener->request.context, data);
	/* Or it would never end, where packets come as fast as they are told. */
	return err || ++listener->heard < HEARD_MOST ? err : -EAGAIN;
}

static int open_ring(struct listener *listener)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	int err = filter_try(&listener->key, &filter);

	if (err)
		return kernel_refused(-err, "%s: cannot open the pins", listener->device->label);
	err = event_maps_open(&filter.key, filter.generation, &listener->maps);
	if (err)
		return event_maps_refuse(err, listener->device->label);
	listener->ring = ring_buffer__new(listener->maps.fd[EVENT_RING], hear, listener, NULL);
	if (!listener->ring)
		return kernel_refused(errno, "%s: cannot read events", listener->device->label);
	return 0;
}

int filter_listen_begin(struct listener *listener)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	int err;

	if (lock < 0)
		return lock;
	err = filter_try(&listener->key, &filter);
	if (err && err != -ENOENT)
		return kernel_refused(-err, "%s: cannot open the pins", listener->device->label);
	if (err || !filter.ifindex || !is_ours(listener))
		return fail(ENOENT, "%s: its filter was detached meanwhile",
			    listener->device->label);
	err = exchange(listener->device, &filter, LISTENER_BEGIN, ring_size(listener->request.rate));
	listener->begun = !err;
	/* The kernel's side begins with none: whatever is asked for is of a new beat. */
	listener->ask.beat = 1;
	return err ? err : open_ring(listener);
}

static __u32 map_id(int fd)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);

	return fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) ? 0 : info.id;
}

/* Are these the maps that we listen by? */
static bool are_ours(const struct listener *listener, const struct event_maps *maps)
{
	for (unsigned int i = 0; i < EVENT_MAPS; i++)
		if (map_id(maps->fd[i]) != map_id(listener->maps.fd[i]))
			return false;
	return true;
}

static int refuse_gone(const struct listener *listener)
{
	return fail(ENOENT, "%s: its filter is gone: there is nothing more to show",
		    listener->device->label);
}

/*
 * What is in force now, and the maps by which it tells. Returns 0; -EAGAIN if it was
 * replaced, and removed, while we looked; -ESTALE if it has no maps; or another -errno
 * after fail().
 */
static int look(const struct listener *listener, struct filter *filter, struct event_maps *maps)
{
	int err = filter_try(&listener->key, filter);

	if (err == -ENOENT || !is_ours(listener) || (!err && !filter->ifindex))
		return refuse_gone(listener);
	if (err)
		return kernel_refused(-err, "%s: cannot open the pins", listener->device->label);
	err = event_maps_open(&filter->key, filter->generation, maps);
	if (err && err != -ENOENT)
		return event_maps_refuse(err, listener->device->label);
	if (!err)
		return 0;
	/* Its configuration goes before its maps do. */
	return generation_has(&filter->key, filter->generation, "config") ? -ESTALE : -EAGAIN;
}

int filter_listen_look(struct listener *listener)
{
	int err = -EAGAIN;

	for (int i = 0; i < LOOKS_MOST && err == -EAGAIN; i++) {
		_cleanup_(event_maps_close) struct event_maps maps = EVENT_MAPS_NONE;
		_cleanup_(filter_close) struct filter filter = FILTER_NONE;

		err = look(listener, &filter, &maps);
		if (!err && !are_ours(listener, &maps))
			err = -ESTALE;
		if (!err)
			listener->state = filter.state;
	}
	if (err == -EAGAIN)
		return fail(EAGAIN, "%s: its program is replaced faster than it can be looked at",
			    listener->device->label);
	if (err == -ESTALE)
		return fail(ESTALE,
			    "%s: another version of flagwall replaced the program, and that one tells "
			    "nobody: listen again",
			    listener->device->label);
	return err;
}

/* Of the rate what this beat may have, so that those of a second add up to it. */
static __u32 share(__u32 rate, __u64 beat)
{
	__u64 place = beat % LISTEN_BEATS;

	return (__u32)(rate * (place + 1) / LISTEN_BEATS - rate * place / LISTEN_BEATS);
}

static void ask(struct listener *listener)
{
	__u32 zero = 0;

	listener->ask.sample = listener->request.sample;
	listener->ask.thin = listener->request.thin;
	listener->ask.untimed = listener->request.untimed;
	listener->ask.rate = share(listener->request.rate, listener->ask.beat);
	bpf_map_update_elem(listener->maps.fd[EVENT_LISTEN], &zero, &listener->ask, BPF_ANY);
}

void filter_listen_want(struct listener *listener, const __u8 wanted[FW_ACTION_SLOTS])
{
	memcpy(listener->ask.wanted, wanted, sizeof(listener->ask.wanted));
	ask(listener);
}

void filter_listen_beat(struct listener *listener)
{
	listener->ask.beat++;
	ask(listener);
}

void filter_listen_read(struct listener *listener)
{
	listener->heard = 0;
	ring_buffer__consume(listener->ring);
}

int filter_listen_totals(const struct listener *listener, struct listen_totals *totals)
{
	_cleanup_free_ struct fw_event_count *values = NULL;
	int cpus = libbpf_num_possible_cpus();
	__u32 zero = 0;

	*totals = (struct listen_totals){};
	values = cpus > 0 ? calloc((size_t)cpus, sizeof(*values)) : NULL;
	if (!values)
		return fail(ENOMEM, "no memory for the counters of %d CPUs", cpus);
	if (bpf_map_lookup_elem(listener->maps.fd[EVENT_COUNTS], &zero, values))
		return kernel_refused(errno, "%s: cannot read what became of the events",
				      listener->device->label);
	for (int i = 0; i < cpus; i++)
		listen_totals_add(totals, &values[i]);
	return 0;
}

static bool tells(const struct filter *filter)
{
	return filter->waiting ? trial_listen_tells(filter) :
				 generation_has(&filter->key, filter->generation, "events");
}

int filter_listen_end(const struct listener *listener)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(pins_unlock) int lock = pins_lock();
	int err;

	if (lock < 0)
		return lock;
	if (!is_ours(listener))
		return 0;
	err = filter_try(&listener->key, &filter);
	/* Of pins that are damaged it was said before. */
	if (err && err != -ENOENT && err != -EPROTO)
		return kernel_refused(-err, "%s: cannot open the pins", listener->device->label);
	if (err || !filter.ifindex || !tells(&filter))
		return 0;
	return exchange(listener->device, &filter, LISTENER_END, 0);
}

void filter_listen_deafen(struct listener *listener)
{
	ring_buffer__free(take_ptr(listener->ring));
	event_maps_close(&listener->maps);
}

void filter_listen_release(struct listener *listener)
{
	filter_listen_deafen(listener);
	cleanup_close(&listener->lock);
	listener->lock = -1;
}

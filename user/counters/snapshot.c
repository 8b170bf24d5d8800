// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cleanup.h"
#include "count.h"
#include "json.h"
#include "outfile.h"
#include "report.h"
#include "version.h"

/* All outcomes with the longest numbers take a third of this. */
#define LARGEST (1 << 20)

static void cleanup_json(json_t **object)
{
	json_decref(*object);
}

/* --- writing --- */

/* Of one map: what a reading has of it, and what a snapshot had. */
struct part {
	const char *slot; /* what its elements are known by */
	struct fw_count *counts, *base;
	unsigned int slots;
};

static struct part outcomes_of(struct reading *reading)
{
	return (struct part){ "outcome", reading->counts, reading->base, FW_OUTCOMES };
}

static struct part states_of(struct reading *reading)
{
	return (struct part){ "slot", reading->states, reading->states_base, FW_STATE_SLOTS };
}

/* As they are since attach. */
static json_t *counts_array(const struct part *part)
{
	json_t *array = json_array();

	for (unsigned int slot = 0; slot < part->slots; slot++) {
		struct fw_count count = part->counts[slot];

		count_add(&count, &part->base[slot]);
		if (!count.packets && !count.bytes && !count.dropped)
			continue;
		const struct json_member members[] = {
			{ part->slot, json_integer(slot) },
			{ "packets", json_integer((json_int_t)count.packets) },
			{ "bytes", json_integer((json_int_t)count.bytes) },
			{ "dropped", json_integer((json_int_t)count.dropped) },
			{ "excepted", json_integer((json_int_t)count.excepted) },
			{},
		};

		if (json_array_append_new(array, json_members(json_object(), members))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *to_json(struct reading *reading)
{
	const struct part counts = outcomes_of(reading), states = states_of(reading);
	const struct fw_config *state = &reading->filter.state;
	const struct json_member members[] = {
		{ "interface", json_string(reading->device.label) },
		{ "ifindex", json_integer(reading->device.ifindex) },
		{ "netns", json_integer((json_int_t)reading->device.netns) },
		{ "hook", json_string(hook_names[reading->device.hook]) },
		{ "layout", json_integer(FW_LAYOUT) },
		{ "boot_id", json_string(reading->boot_id) },
		{ "attached_since", json_integer((json_int_t)state->attached_since) },
		{ "time", json_time(reading->time) },
		{ "counts", counts_array(&counts) },
		{ "states", counts_array(&states) },
		{},
	};

	return json_members(json_document(), members);
}

int snapshot_save(struct reading *reading, const char *path)
{
	_cleanup_(outfile_cancel) struct outfile outfile = {};
	_cleanup_(cleanup_json) json_t *root = NULL;
	int err;

	if (!*reading->boot_id)
		return fail(
			EIO,
			"--save: this boot has no ID in /proc/sys/kernel/random/boot_id, and without it "
			"a snapshot could be taken for one of another boot");
	root = to_json(reading);
	if (!root)
		return fail(ENOMEM, "--save: no memory for the snapshot");
	err = outfile_open(&outfile, "save", path);
	if (err)
		return err;
	errno = EIO; /* for the errors of jansson's own */
	if (json_dumpf(root, outfile.file, JSON_INDENT(2)) || fputc('\n', outfile.file) == EOF)
		err = -errno;
	return outfile_commit(&outfile, err);
}

/* --- reading --- */

/* What a file says, before anything of it is believed. Texts belong to @root. */
struct content {
	json_int_t schema_version, ifindex, netns, layout, attached_since;
	const char *interface, *hook, *boot_id, *time;
	json_t *counts, *states;
};

static int damaged(const char *path, const char *why)
{
	return fail(EINVAL,
		    "--since: '%s' is not a snapshot, or is damaged: %s "
		    "('flagwall counters IFACE --save FILE' makes one)",
		    path, why);
}

/* The whole file, with its length. Returns 0 or -errno after fail(). */
static int read_file(const char *path, char **text, size_t *length)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	_cleanup_free_ char *buffer = NULL;
	struct stat status;
	size_t used = 0;
	ssize_t got;

	if (fd < 0 || fstat(fd, &status))
		return fail(errno, "--since: cannot read '%s': %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return fail(EINVAL, "--since: '%s' is not a regular file", path);
	if (status.st_size > LARGEST)
		return damaged(path, "it is larger than any snapshot");
	buffer = malloc(LARGEST + 1);
	if (!buffer)
		return fail(ENOMEM, "--since: no memory for the snapshot");
	while (used <= LARGEST) {
		got = read(fd, buffer + used, LARGEST + 1 - used);
		if (got < 0)
			return fail(errno, "--since: cannot read '%s': %s", path, strerror(errno));
		if (!got)
			break;
		used += (size_t)got;
	}
	if (used > LARGEST)
		return damaged(path, "it is larger than any snapshot");
	*text = take_ptr(buffer);
	*length = used;
	return 0;
}

static int parse(const char *path, json_t **root, struct content *content)
{
	_cleanup_free_ char *text = NULL;
	json_error_t error = {};
	char why[JSON_ERROR_TEXT_LENGTH + 64];
	size_t length = 0;
	int err = read_file(path, &text, &length);

	if (err)
		return err;
	*root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!*root) {
		snprintf(why, sizeof(why), "%s (line %d, column %d)", error.text, error.line,
			 error.column);
		return damaged(path, why);
	}
	if (json_unpack_ex(*root, &error, 0,
			   "{s:I, s:s, s:I, s:I, s:s, s:I, s:s, s:I, s:s, s:o, s:o}",
			   "schema_version", &content->schema_version, "interface",
			   &content->interface, "ifindex", &content->ifindex, "netns",
			   &content->netns, "hook", &content->hook, "layout", &content->layout,
			   "boot_id", &content->boot_id, "attached_since", &content->attached_since,
			   "time", &content->time, "counts", &content->counts, "states",
			   &content->states))
		return damaged(path, error.text);
	return 0;
}

/* Is it about the counters that @reading is about? */
static int check_origin(const char *path, const struct content *content,
			const struct reading *reading)
{
	const struct device *device = &reading->device;

	if (content->schema_version != JSON_SCHEMA_VERSION || content->layout != FW_LAYOUT)
		return fail(
			EPROTO,
			"--since: '%s' was saved by another version of flagwall (schema %lld, layout "
			"%lld; this one has %d and %d)",
			path, (long long)content->schema_version, (long long)content->layout,
			JSON_SCHEMA_VERSION, FW_LAYOUT);
	if (!*content->boot_id || strcmp(content->boot_id, reading->boot_id) != 0)
		return fail(
			ESTALE,
			"--since: '%s' is of another boot (%s, this one is %s): counters start again "
			"with every boot",
			path, content->boot_id, reading->boot_id);
	if ((ino_t)content->netns != device->netns)
		return fail(
			EINVAL,
			"--since: '%s' is of an interface in another network namespace (inode %lld, "
			"%s is in %llu)",
			path, (long long)content->netns, device->label,
			(unsigned long long)device->netns);
	/* Names may change; the number does not. */
	if (content->ifindex != device->ifindex ||
	    strcmp(content->hook, hook_names[device->hook]) != 0)
		return fail(EINVAL,
			    "--since: '%s' is of another interface (%s, ifindex %lld, hook %s; %s has "
			    "ifindex %u and hook %s)",
			    path, content->interface, (long long)content->ifindex, content->hook,
			    device->label, device->ifindex, hook_names[device->hook]);
	if ((__u64)content->attached_since != reading->filter.state.attached_since)
		return fail(
			ESTALE,
			"--since: '%s' is of a filter that is no more: %s was attached again since, and "
			"its counters started from zero",
			path, device->label);
	return 0;
}

static int read_time(const char *path, const char *text, __u64 *time)
{
	struct tm utc = {};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);
	time_t seconds = end && !*end ? timegm(&utc) : 0;

	if (seconds <= 0 || (__u64)seconds > ~0ULL / 1000000000)
		return damaged(path, "its time is no time");
	*time = (__u64)seconds * 1000000000;
	return 0;
}

/* One element of an array to its place in the base of @part, which is to be zero before. */
static int read_count(const char *path, json_t *element, const struct part *part)
{
	json_int_t slot, packets, bytes, dropped, excepted;
	json_error_t error;

	if (json_unpack_ex(element, &error, 0, "{s:I, s:I, s:I, s:I, s:I}", part->slot, &slot,
			   "packets", &packets, "bytes", &bytes, "dropped", &dropped, "excepted",
			   &excepted))
		return damaged(path, error.text);
	if (slot < 0 || slot >= part->slots)
		return damaged(path, "it has an outcome or a state that does not exist");
	if (packets < 0 || bytes < 0 || dropped < 0 || excepted < 0)
		return damaged(path, "it has a negative counter");
	if (part->base[slot].packets || part->base[slot].bytes || part->base[slot].dropped)
		return damaged(path, "it has an outcome or a state twice");
	part->base[slot] = (struct fw_count){
		.packets = (__u64)packets,
		.bytes = (__u64)bytes,
		.dropped = (__u64)dropped,
		.excepted = (__u64)excepted,
	};
	return 0;
}

static int read_counts(const char *path, const json_t *counts, const struct part *part)
{
	json_t *element;
	size_t i;
	int err;

	memset(part->base, 0, part->slots * sizeof(*part->base));
	if (!json_is_array(counts))
		return damaged(path, "its counts are no array");
	json_array_foreach(counts, i, element)
	{
		err = read_count(path, element, part);
		if (err)
			return err;
	}
	return 0;
}

static int subtract(const char *path, const struct part *part)
{
	for (unsigned int slot = 0; slot < part->slots; slot++) {
		struct fw_count *count = &part->counts[slot];
		const struct fw_count *base = &part->base[slot];

		if (base->packets > count->packets || base->bytes > count->bytes ||
		    base->dropped > count->dropped || base->excepted > count->excepted)
			return damaged(path, "it has counted more than there is now, and counters "
					     "only grow");
		count->packets -= base->packets;
		count->bytes -= base->bytes;
		count->dropped -= base->dropped;
		count->excepted -= base->excepted;
	}
	return 0;
}

int snapshot_since(const char *path, struct reading *reading)
{
	_cleanup_(cleanup_json) json_t *root = NULL;
	const struct part counts = outcomes_of(reading), states = states_of(reading);
	struct content content = {};
	int err;

	if ((err = parse(path, &root, &content)) || (err = check_origin(path, &content, reading)) ||
	    (err = read_time(path, content.time, &reading->since)) ||
	    (err = read_counts(path, content.counts, &counts)) ||
	    (err = read_counts(path, content.states, &states)) || (err = subtract(path, &counts)))
		return err;
	return subtract(path, &states);
}

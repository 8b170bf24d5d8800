// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "generation.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"

/* Everything that a generation may have. */
static const char *const pin_names[] = { "program",  "config", "exceptions", "trial",
					 "programs", "events", "listen",     "event_counts" };

static const char *path_of(const struct pins_key *key, __u32 number, const char *name,
			   char path[PINS_PATH])
{
	char below[32];

	snprintf(below, sizeof(below), "%u%s%s", number, *name ? "/" : "", name);
	return pins_path(key, below, path);
}

int generation_open(const struct pins_key *key, __u32 number, const char *name)
{
	char path[PINS_PATH];
	int fd = bpf_obj_get(path_of(key, number, name, path));

	return fd < 0 ? -errno : fd;
}

int generation_pin(int fd, const struct pins_key *key, __u32 number, const char *name)
{
	char path[PINS_PATH];

	return bpf_obj_pin(fd, path_of(key, number, name, path)) ? -errno : 0;
}

/* bpffs has folders, and pins of BPF objects, and nothing else: a folder is the mark. */
int generation_mark_frags(const struct pins_key *key, __u32 number)
{
	char path[PINS_PATH];

	return mkdir(path_of(key, number, "frags", path), 0700) ? -errno : 0;
}

bool generation_has(const struct pins_key *key, __u32 number, const char *name)
{
	char path[PINS_PATH];
	struct stat status;

	return !stat(path_of(key, number, name, path), &status);
}

bool generation_has_frags(const struct pins_key *key, __u32 number)
{
	return generation_has(key, number, "frags");
}

/* All numbers there are. Returns how many, *@numbers being the caller's; or -errno. */
static int list(const struct pins_key *key, __u32 **numbers)
{
	_cleanup_free_ __u32 *found = NULL;
	char path[PINS_PATH];
	struct dirent *entry;
	DIR *directory = opendir(pins_path(key, "", path));
	int count = 0, err;

	if (!directory)
		return -errno;
	for (errno = 0; (entry = readdir(directory)); errno = 0) {
		__u32 *grown, number;
		int end = 0;

		if (sscanf(entry->d_name, "%u%n", &number, &end) != 1 || entry->d_name[end])
			continue;
		grown = reallocarray(found, (size_t)count + 1, sizeof(*found));
		if (!grown) {
			closedir(directory);
			return -ENOMEM;
		}
		found = grown;
		found[count++] = number;
	}
	err = errno;
	closedir(directory);
	if (err)
		return -err;
	*numbers = take_ptr(found);
	return count;
}

int generation_make(const struct pins_key *key, __u32 *number)
{
	_cleanup_free_ __u32 *numbers = NULL;
	char path[PINS_PATH];
	int count = list(key, &numbers);

	if (count < 0)
		return count;
	*number = 0;
	for (int i = 0; i < count; i++)
		if (numbers[i] >= *number)
			*number = numbers[i] + 1;
	return mkdir(path_of(key, *number, "", path), 0700) ? -errno : 0;
}

static int is_of(const struct pins_key *key, __u32 number, __u32 program)
{
	_cleanup_close_ int fd = generation_open(key, number, "program");
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return -errno;
	return info.id == program;
}

int generation_find(const struct pins_key *key, __u32 program, __u32 *number)
{
	_cleanup_free_ __u32 *numbers = NULL;
	int count = list(key, &numbers);

	if (count < 0)
		return count;
	for (int i = 0; i < count; i++) {
		int is = is_of(key, numbers[i], program);

		if (is < 0)
			return is;
		*number = numbers[i];
		if (is)
			return 0;
	}
	return -ENOENT;
}

int generation_remove(const struct pins_key *key, __u32 number)
{
	char path[PINS_PATH];

	for (size_t i = 0; i < sizeof(pin_names) / sizeof(pin_names[0]); i++)
		if (unlink(path_of(key, number, pin_names[i], path)) && errno != ENOENT)
			return -errno;
	if (rmdir(path_of(key, number, "frags", path)) && errno != ENOENT)
		return -errno;
	return rmdir(path_of(key, number, "", path)) && errno != ENOENT ? -errno : 0;
}

static bool is_in(__u32 number, const __u32 *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

int generation_keep(const struct pins_key *key, const __u32 *numbers, size_t count)
{
	_cleanup_free_ __u32 *there = NULL;
	int found = list(key, &there);
	int err = found < 0 ? found : 0;

	for (int i = 0; there && i < found && !err; i++)
		if (!is_in(there[i], numbers, count))
			err = generation_remove(key, there[i]);
	return err;
}

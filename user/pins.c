// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "pins.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "kernel.h"
#include "report.h"

/* The link is last to be pinned and first to go: it alone makes a filter. */
static const char *const pin_names[] = { "link", "config", "samples", "counters" };

int pins_hidden(void)
{
	struct statfs status;

	return statfs(PINS_MOUNT, &status) || (unsigned long)status.f_type != BPF_FS_MAGIC;
}

/*
 * A mount made in a mount namespace of some process goes with that process,
 * and the filter with it. `ip netns exec` makes such a namespace.
 */
static int mount_would_last(void)
{
	struct stat own, init;

	return !stat("/proc/self/ns/mnt", &own) && !stat("/proc/1/ns/mnt", &init) &&
	       own.st_ino == init.st_ino;
}

static int mount_bpffs(void)
{
	if (!mount_would_last())
		return fail(
			ENOENT,
			"no BPF file system is visible at " PINS_MOUNT
			": under 'ip netns exec' use 'flagwall VERB --netns NAME' from outside instead; "
			"in a container, mount it from the host");
	if (mount("bpf", PINS_MOUNT, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700"))
		return fail(errno,
			    "no BPF file system at " PINS_MOUNT
			    ", and mounting it failed: %s; try: mount -t bpf bpf " PINS_MOUNT,
			    strerror(errno));
	note("mounted the BPF file system at " PINS_MOUNT);
	return 0;
}

/*
 * bpffs is often world-writable with the sticky bit: whoever comes first could
 * plant pins for us to trust.
 */
static int open_root(void)
{
	_cleanup_close_ int fd = open(PINS_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status))
		return -errno;
	if ((status.st_uid != 0 && status.st_uid != geteuid()) || (status.st_mode & 0022))
		return fail(EPERM,
			    PINS_ROOT
			    " belongs to user %u or is writable for others: somebody else made it; "
			    "remove it",
			    status.st_uid);
	return take_fd(&fd);
}

/* Is @fd still what the path leads to? The last detach removes the directory. */
static bool is_current(int fd)
{
	struct stat held, there;

	return !fstat(fd, &held) && !stat(PINS_ROOT, &there) && held.st_dev == there.st_dev &&
	       held.st_ino == there.st_ino;
}

int pins_lock(void)
{
	int err;

	if (pins_hidden()) {
		err = mount_bpffs();
		if (err)
			return err;
	}
	for (;;) {
		_cleanup_close_ int fd = -1;

		if (mkdir(PINS_ROOT, 0700) && errno != EEXIST)
			return kernel_refused(errno, "cannot create " PINS_ROOT);
		fd = open_root();
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fd == -EPERM ? fd : kernel_refused(-fd, "cannot open " PINS_ROOT);
		if (flock(fd, LOCK_EX))
			return kernel_refused(errno, "cannot lock " PINS_ROOT);
		if (is_current(fd))
			return take_fd(&fd);
	}
}

const char *pins_path(const struct pins_key *key, const char *name, char path[PINS_PATH])
{
	snprintf(path, PINS_PATH, PINS_ROOT "/%llu-%u/xdp%s%s", (unsigned long long)key->netns,
		 key->ifindex, *name ? "/" : "", name);
	return path;
}

/* The directory above the hook's. */
static const char *device_path(const struct pins_key *key, char path[PINS_PATH])
{
	pins_path(key, "", path);
	*strrchr(path, '/') = '\0';
	return path;
}

int pins_make(const struct pins_key *key)
{
	char path[PINS_PATH];

	if (mkdir(device_path(key, path), 0700) && errno != EEXIST)
		return -errno;
	if (mkdir(pins_path(key, "", path), 0700) && errno != EEXIST)
		return -errno;
	return 0;
}

int pins_remove(const struct pins_key *key)
{
	char path[PINS_PATH];

	for (size_t i = 0; i < sizeof(pin_names) / sizeof(pin_names[0]); i++)
		if (unlink(pins_path(key, pin_names[i], path)) && errno != ENOENT)
			return -errno;
	if (rmdir(pins_path(key, "", path)) && errno != ENOENT)
		return -errno;
	/* The device's directory may hold other hooks, the root other devices. */
	if (rmdir(device_path(key, path)) && errno != ENOENT && errno != ENOTEMPTY)
		return -errno;
	if (rmdir(PINS_ROOT) && errno != ENOTEMPTY)
		return -errno;
	return 0;
}

int pins_list(struct pins_key **keys)
{
	_cleanup_free_ struct pins_key *list = NULL;
	struct dirent *entry;
	DIR *directory;
	int count = 0;
	int fd;

	fd = open_root();
	if (fd < 0)
		return fd;
	directory = fdopendir(fd);
	if (!directory) {
		close(fd);
		return -ENOMEM;
	}
	while ((entry = readdir(directory))) {
		struct pins_key *grown;
		unsigned long long netns;
		unsigned int ifindex;
		char rest;

		if (sscanf(entry->d_name, "%llu-%u%c", &netns, &ifindex, &rest) != 2)
			continue;
		grown = reallocarray(list, (size_t)count + 1, sizeof(*list));
		if (!grown) {
			closedir(directory);
			return -ENOMEM;
		}
		list = grown;
		list[count++] = (struct pins_key){ (ino_t)netns, ifindex };
	}
	closedir(directory);
	*keys = take_ptr(list);
	return count;
}

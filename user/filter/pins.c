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
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cleanup.h"
#include "kernel.h"
#include "report.h"

static bool mounted(void)
{
	struct statfs status;

	return !statfs(PINS_MOUNT, &status) && (unsigned long)status.f_type == BPF_FS_MAGIC;
}

/*
 * A mount made in a mount namespace of some process goes with that process, and
 * the filter with it; nor does such a namespace show what there is. `ip netns
 * exec` makes one.
 */
static bool in_first_mount_namespace(void)
{
	struct stat own, init;

	return !stat("/proc/self/ns/mnt", &own) && !stat("/proc/1/ns/mnt", &init) &&
	       own.st_ino == init.st_ino;
}

static int refuse_hidden(void)
{
	return fail(ENODEV,
		    "no BPF file system is visible at " PINS_MOUNT
		    ": instead of 'ip netns exec NAME flagwall ...' use 'flagwall ... --netns NAME'; "
		    "in a container, mount the host's");
}

static int mount_bpffs(void)
{
	if (!in_first_mount_namespace())
		return refuse_hidden();
	if (mount("bpf", PINS_MOUNT, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700"))
		return fail(errno,
			    "no BPF file system at " PINS_MOUNT
			    ", and mounting it failed: %s; try: mount -t bpf bpf " PINS_MOUNT,
			    strerror(errno));
	note("mounted the BPF file system at " PINS_MOUNT);
	return 0;
}

/* Could somebody else have put pins below a directory with @status? */
static bool is_ours(const struct stat *status)
{
	return (status->st_uid == 0 || status->st_uid == geteuid()) && !(status->st_mode & 0022);
}

/*
 * bpffs is often world-writable with the sticky bit: whoever comes first could
 * plant pins for us to trust. Returns a descriptor; -ENOENT in silence if there
 * is no root; or -errno after fail().
 */
static int open_root(void)
{
	_cleanup_close_ int fd = open(PINS_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0 && errno == EACCES)
		return fail(EACCES,
			    "cannot open " PINS_ROOT
			    ": %s: only its owner may: run it as root (sudo)",
			    strerror(EACCES));
	if (fd < 0)
		return errno == ENOENT ? -ENOENT : kernel_refused(errno, "cannot open " PINS_ROOT);
	if (fstat(fd, &status))
		return kernel_refused(errno, "cannot look at " PINS_ROOT);
	if (!is_ours(&status))
		return fail(EPERM,
			    PINS_ROOT " belongs to user %u with mode %04o, so that others may have "
				      "written it: 'rm -r " PINS_ROOT "' ends what is there",
			    status.st_uid, status.st_mode & 07777);
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

	if (!mounted()) {
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
			return fd;
		if (flock(fd, LOCK_EX))
			return kernel_refused(errno, "cannot lock " PINS_ROOT);
		if (is_current(fd))
			return take_fd(&fd);
	}
}

void pins_unlock(const int *lock)
{
	if (*lock < 0)
		return;
	/* While it is locked, and only if it is empty. */
	rmdir(PINS_ROOT);
	close(*lock);
}

/* The directory of an interface; its hooks have one each below it. */
static const char *device_path(const struct pins_key *key, char path[PINS_PATH])
{
	int length = snprintf(path, PINS_PATH, PINS_ROOT "/%llu-%u", (unsigned long long)key->netns,
			      key->ifindex);

	if (key->place)
		snprintf(path + length, PINS_PATH - (size_t)length, "-%u", key->place);
	return path;
}

const char *pins_path(const struct pins_key *key, const char *name, char path[PINS_PATH])
{
	size_t length = strlen(device_path(key, path));

	snprintf(path + length, PINS_PATH - length, "/%s%s%s", hook_names[key->hook],
		 *name ? "/" : "", name);
	return path;
}

int pins_make(struct pins_key *key)
{
	char path[PINS_PATH];

	/* Another hook of the interface may have made the directory of both. */
	for (;; key->place++) {
		if (mkdir(device_path(key, path), 0700) && errno != EEXIST)
			return -errno;
		if (!mkdir(pins_path(key, "", path), 0700))
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
}

/* Other versions have other pins. */
int pins_empty(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int err = 0;

	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	for (errno = 0; !err && (entry = readdir(directory)); errno = 0) {
		char below[PINS_PATH + sizeof(entry->d_name) + 1];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		if (entry->d_type != DT_DIR)
			err = unlink(below) ? -errno : 0;
		else if (!(err = pins_empty(below)))
			err = rmdir(below) ? -errno : 0;
	}
	err = err ? err : -errno;
	closedir(directory);
	return err;
}

int pins_remove(const struct pins_key *key)
{
	char path[PINS_PATH];
	int err;

	/* First to go what makes a filter of the rest. */
	if (unlink(pins_path(key, "link", path)) && errno != ENOENT)
		return -errno;
	err = pins_empty(pins_path(key, "", path));
	if (err)
		return err;
	if (rmdir(pins_path(key, "", path)) && errno != ENOENT)
		return -errno;
	/* The device's directory may hold other hooks. */
	if (rmdir(device_path(key, path)) && errno != ENOENT && errno != ENOTEMPTY)
		return -errno;
	return 0;
}

static bool read_key(const char *name, struct pins_key *key)
{
	unsigned long long netns;
	unsigned int ifindex, place = 0;
	int end = 0;

	if (sscanf(name, "%llu-%u%n-%u%n", &netns, &ifindex, &end, &place, &end) < 2 || name[end])
		return false;
	*key = (struct pins_key){ .netns = (ino_t)netns, .ifindex = ifindex, .place = place };
	return true;
}

enum pins_state pins_look(void)
{
	struct statvfs mount;
	struct stat status;

	if (!mounted())
		return in_first_mount_namespace() ? PINS_UNMOUNTED : PINS_HIDDEN;
	if (!statvfs(PINS_MOUNT, &mount) && (mount.f_flag & ST_RDONLY))
		return PINS_READONLY;
	if (lstat(PINS_ROOT, &status))
		return errno == EACCES ? PINS_CLOSED : PINS_READY;
	if (!S_ISDIR(status.st_mode) || !is_ours(&status))
		return PINS_FOREIGN;
	return eaccess(PINS_ROOT, R_OK | W_OK | X_OK) ? PINS_CLOSED : PINS_READY;
}

/*
 * Put the hooks that the directory of @key has behind the @count keys in *@list.
 * A directory without any, which a killed attach left, counts as one of XDP.
 * Returns how many there are then, or -ENOMEM.
 */
static int add_hooks(struct pins_key key, struct pins_key **list, int count)
{
	struct pins_key *grown = reallocarray(*list, (size_t)count + HOOK_COUNT, sizeof(**list));
	char path[PINS_PATH];
	int before = count;

	if (!grown)
		return -ENOMEM;
	*list = grown;
	for (key.hook = 0; key.hook < HOOK_COUNT; key.hook++)
		if (!access(pins_path(&key, "", path), F_OK))
			grown[count++] = key;
	key.hook = HOOK_XDP;
	if (count == before)
		grown[count++] = key;
	return count;
}

bool pins_visible(void)
{
	return !eaccess(PINS_ROOT, R_OK | X_OK);
}

int pins_list(struct pins_key **keys)
{
	_cleanup_free_ struct pins_key *list = NULL;
	struct dirent *entry;
	DIR *directory;
	int count = 0;
	int fd, err;

	if (!mounted())
		return in_first_mount_namespace() ? -ENOENT : refuse_hidden();
	fd = open_root();
	if (fd < 0)
		return fd;
	directory = fdopendir(fd);
	if (!directory) {
		close(fd);
		return fail(ENOMEM, "no memory to read " PINS_ROOT);
	}
	for (errno = 0; (entry = readdir(directory)); errno = 0) {
		struct pins_key key;

		if (!read_key(entry->d_name, &key))
			continue;
		count = add_hooks(key, &list, count);
		if (count < 0) {
			closedir(directory);
			return fail(ENOMEM, "no memory to read " PINS_ROOT);
		}
	}
	err = errno;
	closedir(directory);
	if (err)
		return fail(err, "cannot read " PINS_ROOT ": %s", strerror(err));
	*keys = take_ptr(list);
	return count ? count : -ENOENT;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "netns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/types.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "kernel.h"
#include "report.h"

/* Since Linux 5.14. */
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

#define NAMED "/run/netns" /* where `ip netns` keeps them */

static int open_path(const char *format, const char *value)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), format, value) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int open_netns(const char *which)
{
	int fd;

	if (strchr(which, '/'))
		return open_path("%s", which);
	fd = open_path(NAMED "/%s", which);
	if (fd < 0 && errno == ENOENT && *which && strspn(which, "0123456789") == strlen(which))
		fd = open_path("/proc/%s/ns/net", which);
	return fd;
}

int netns_enter(const char *which)
{
	_cleanup_close_ int fd = -1;

	if (!which)
		return 0;
	fd = open_netns(which);
	if (fd < 0 && (errno == EACCES || errno == EPERM))
		return fail(errno, "cannot open network namespace '%s': %s: run it as root (sudo)",
			    which, strerror(errno));
	if (fd < 0)
		return fail(errno, "no network namespace '%s': %s; 'ip netns' lists the named ones",
			    which, strerror(errno));
	if (!setns(fd, CLONE_NEWNET))
		return 0;
	if (errno == EINVAL)
		return fail(EINVAL, "'%s' is not a network namespace", which);
	if (errno == EPERM)
		return fail(EPERM,
			    "cannot enter network namespace '%s': %s: that takes CAP_SYS_ADMIN",
			    which, strerror(EPERM));
	return kernel_refused(errno, "cannot enter network namespace '%s'", which);
}

bool netns_is_named(const char *name)
{
	_cleanup_close_ int fd = open_path(NAMED "/%s", name);

	return fd >= 0;
}

ino_t netns_inode(void)
{
	struct stat status;

	return stat("/proc/thread-self/ns/net", &status) ? 0 : status.st_ino;
}

unsigned long long netns_cookie(void)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	__u64 cookie = 0;
	socklen_t size = sizeof(cookie);

	return fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) ? 0 : cookie;
}

/* The kernel shows some settings there and nowhere else; asking takes no right. */
bool netns_is_first(void)
{
	return !access("/proc/sys/net/core/netdev_max_backlog", F_OK);
}

const char *netns_name(ino_t inode, char name[NETNS_NAME])
{
	DIR *directory = opendir(NAMED);
	const char *found = NULL;
	struct dirent *entry;
	struct stat status;

	if (!directory)
		return NULL;
	while (!found && (entry = readdir(directory))) {
		if (fstatat(dirfd(directory), entry->d_name, &status, 0) || status.st_ino != inode)
			continue;
		snprintf(name, NETNS_NAME, "%s", entry->d_name);
		found = name;
	}
	closedir(directory);
	return found;
}

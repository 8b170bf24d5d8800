// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "report.h"

#define OWN "/proc/self/fd/%d"

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
}

/* If stdout is closed, the next file gets its number, and all that is printed. Takes @fd. */
static int above_standard(int fd)
{
	int other, err;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	other = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	err = -errno;
	close(fd);
	return other < 0 ? err : other;
}

/* A descriptor of a new file beside @path, with or without a name; or -errno. */
static int create(const char *path, char **temporary)
{
	_cleanup_free_ char *folder = folder_of(path);
	int fd = -1;

	if (!folder)
		return -ENOMEM;
	/* It can be given a name later only by way of /proc. */
	if (!access("/proc/self/fd", X_OK))
		fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (asprintf(temporary, "%s.XXXXXX", path) < 0) {
		*temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(*temporary, O_CLOEXEC); /* mode 0600 */
	if (fd >= 0)
		return fd;
	fd = -errno;
	free(take_ptr(*temporary));
	return fd;
}

static int refuse(const struct outfile *outfile, int err)
{
	return fail(-err, "--%s: cannot write '%s': %s", outfile->option, outfile->path,
		    strerror(-err));
}

int outfile_open(struct outfile *outfile, const char *option, const char *path)
{
	struct stat there;
	int fd;

	*outfile = (struct outfile){ .option = option, .path = path };
	/* Or a rename would put an end to /dev/null. */
	if (!lstat(path, &there) && !S_ISREG(there.st_mode))
		return fail(EINVAL, "--%s: '%s' exists and is not a regular file", option, path);
	fd = above_standard(create(path, &outfile->temporary));
	if (fd < 0)
		return refuse(outfile, fd);
	outfile->file = fdopen(fd, "w");
	if (outfile->file)
		return 0;
	close(fd);
	return refuse(outfile, -ENOMEM);
}

void outfile_share(const struct outfile *outfile)
{
	mode_t mask = umask(0);

	umask(mask);
	/* Where modes mean nothing, it is as readable as all there. */
	if (fchmod(fileno(outfile->file), 0666 & ~mask))
		return;
}

/* The rename is on the disk once the folder is. A folder that cannot be synced stays as it is. */
static void sync_folder(const char *path)
{
	_cleanup_free_ char *folder = folder_of(path);
	_cleanup_close_ int fd = -1;

	if (folder)
		fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		fsync(fd);
}

/* A name for the file that has none: rename() wants one to put in the place of another. */
static int name_it(struct outfile *outfile)
{
	char own[sizeof(OWN) + 16];
	int err;

	if (asprintf(&outfile->temporary, "%s.%d", outfile->path, getpid()) < 0) {
		outfile->temporary = NULL;
		return -ENOMEM;
	}
	snprintf(own, sizeof(own), OWN, fileno(outfile->file));
	if (!linkat(AT_FDCWD, own, AT_FDCWD, outfile->temporary, AT_SYMLINK_FOLLOW))
		return 0;
	err = -errno;
	free(take_ptr(outfile->temporary));
	return err;
}

static int commit(struct outfile *outfile)
{
	int err;

	if (fflush(outfile->file) || fsync(fileno(outfile->file)))
		return -errno;
	if (!outfile->temporary && (err = name_it(outfile)))
		return err;
	if (fclose(take_ptr(outfile->file)))
		return -errno;
	if (rename(outfile->temporary, outfile->path))
		return -errno;
	free(take_ptr(outfile->temporary));
	sync_folder(outfile->path);
	return 0;
}

int outfile_commit(struct outfile *outfile, int err)
{
	if (!err)
		err = commit(outfile);
	outfile_cancel(outfile);
	return err ? refuse(outfile, err) : 0;
}

void outfile_cancel(struct outfile *outfile)
{
	if (outfile->file)
		fclose(take_ptr(outfile->file));
	if (outfile->temporary)
		unlink(outfile->temporary);
	free(take_ptr(outfile->temporary));
}

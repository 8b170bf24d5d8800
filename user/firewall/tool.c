// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "tool.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "report.h"

extern char **environ;

/* Files in memory instead of pipes: nobody waits for the other. */
struct streams {
	int fd[3];
};

static void streams_close(const struct streams *streams)
{
	for (int i = 0; i < 3; i++)
		cleanup_close(&streams->fd[i]);
}

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t done = write(fd, text, left);

		if (done < 0)
			return -errno;
		text += done;
		left -= (size_t)done;
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

static int streams_open(struct streams *streams, const char *input)
{
	for (int i = 0; i < 3; i++) {
		streams->fd[i] = memfd_create("flagwall", MFD_CLOEXEC);
		if (streams->fd[i] < 0)
			return -errno;
	}
	return input ? write_all(streams->fd[0], input) : 0;
}

static char *read_all(int fd)
{
	struct stat status;
	char *text;

	if (fstat(fd, &status))
		return NULL;
	text = calloc(1, (size_t)status.st_size + 1);
	if (text && pread(fd, text, (size_t)status.st_size, 0) != status.st_size) {
		free(text);
		return NULL;
	}
	return text;
}

/* What it said, on one line. */
static char *said(int fd)
{
	char *text = read_all(fd);
	size_t length = 0;

	for (char *c = text; c && *c; c++) {
		if (strchr(" \t\n", *c) && (!length || text[length - 1] == ' '))
			continue;
		text[length++] = strchr("\t\n", *c) ? ' ' : *c;
	}
	while (length && text[length - 1] == ' ')
		length--;
	if (text)
		text[length] = '\0';
	return text;
}

static int spawn(const char *const argv[], const struct streams *streams, int *status)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int err;

	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	for (int i = 0; i < 3 && !err; i++)
		err = posix_spawn_file_actions_adddup2(&actions, streams->fd[i], i);
	if (!err)
		err = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		return -err;
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int tool_ask(const char *const argv[], char **output)
{
	_cleanup_(streams_close) struct streams streams = { { -1, -1, -1 } };
	int status = 0, err;

	err = streams_open(&streams, NULL);
	if (!err)
		err = spawn(argv, &streams, &status);
	if (err || status)
		return err ?: -EIO;
	*output = read_all(streams.fd[1]);
	return *output ? 0 : -ENOMEM;
}

int tool_run(const char *const argv[], const char *input, char **output)
{
	_cleanup_(streams_close) struct streams streams = { { -1, -1, -1 } };
	_cleanup_free_ char *words = NULL;
	int status = 0, err;

	err = streams_open(&streams, input);
	if (!err)
		err = spawn(argv, &streams, &status);
	if (err == -ENOENT)
		return fail(ENOENT, "cannot run %s: %s: install it, or look at PATH", argv[0],
			    strerror(ENOENT));
	if (err)
		return fail(-err, "cannot run %s: %s", argv[0], strerror(-err));
	if (status) {
		words = said(streams.fd[2]);
		return fail(EIO, "%s changed nothing: %s", argv[0],
			    words && *words ? words : "it failed, and did not say why");
	}
	if (output && !(*output = read_all(streams.fd[1])))
		return fail(ENOMEM, "no memory for what %s says", argv[0]);
	return 0;
}

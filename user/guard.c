// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "report.h"

/* What ends the first process at a terminal does not reach this one. */
static void stand_apart(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &ignore, NULL);
	/* Whoever reads what we print is not to wait for this one. */
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
}

/* 1: dismissed; 0: the other one ended without a word. */
static int wait_for_end(int alive)
{
	char word;
	ssize_t got;

	do
		got = read(alive, &word, sizeof(word));
	while (got < 0 && errno == EINTR);
	return got == 1;
}

int guard_start(struct guard *guard, void (*clean)(void *context), void *context)
{
	int ends[2];
	pid_t process;

	if (pipe2(ends, O_CLOEXEC))
		return fail(errno, "cannot make a pipe: %s", strerror(errno));
	process = fork();
	if (process < 0) {
		int err = errno;

		close(ends[0]);
		close(ends[1]);
		return fail(err, "cannot start a process: %s", strerror(err));
	}
	if (process) {
		close(ends[0]);
		*guard = (struct guard){ .process = process, .alive = ends[1] };
		return 0;
	}
	close(ends[1]);
	stand_apart();
	if (!wait_for_end(ends[0]))
		clean(context);
	_exit(0);
}

void guard_leave(struct guard *guard)
{
	if (!guard->process)
		return;
	close(guard->alive);
	guard->process = 0;
}

void guard_dismiss(struct guard *guard)
{
	const char word = 1;

	if (!guard->process)
		return;
	/* If it is gone, there is nobody to tell. */
	if (write(guard->alive, &word, sizeof(word)) < 0)
		errno = 0;
	close(guard->alive);
	while (waitpid(guard->process, NULL, 0) < 0 && errno == EINTR)
		;
	guard->process = 0;
}

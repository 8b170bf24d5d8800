// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "progress.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LARGE (64 << 20)     /* bytes: what is smaller takes no time */
#define BETWEEN 200000000ULL /* ns */
#define WIDTH 40             /* characters of the bar */

static __u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (__u64)time.tv_sec * 1000000000 + (__u64)time.tv_nsec;
}

void progress_start(struct progress *progress, int fd)
{
	struct stat status;

	*progress = (struct progress){};
	if (!isatty(STDERR_FILENO) || fstat(fd, &status) || !S_ISREG(status.st_mode) ||
	    status.st_size < LARGE)
		return;
	progress->size = (__u64)status.st_size;
	progress->next = now() + BETWEEN;
}

void progress_update(struct progress *progress, __u64 done)
{
	static const char bar[] = "########################################";
	double part;
	__u64 time;

	if (!progress->size || (time = now()) < progress->next)
		return;
	progress->next = time + BETWEEN;
	progress->drawn++;
	part = done < progress->size ? (double)done / (double)progress->size : 1;
	fprintf(stderr, "\r[%-*.*s] %3.0f %%", WIDTH, (int)(part * WIDTH), bar, part * 100);
}

void progress_end(struct progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->size = progress->drawn = 0;
}

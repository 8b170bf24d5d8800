// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "pace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report.h"

#define INTERVAL_LEAST 0.1
#define INTERVAL_MOST 86400.0
#define COUNT_MOST 1000000000L

static int read_interval(const char *text, double *interval)
{
	char *end = NULL;

	*interval = text ? strtod(text, &end) : 1;
	if (!text || (*text && strspn(text, "0123456789.") == strlen(text) && !*end &&
		      *interval >= INTERVAL_LEAST && *interval <= INTERVAL_MOST))
		return 0;
	return fail(FW_EUSAGE, "--interval: '%s' is not a number of seconds from %g to %g", text,
		    INTERVAL_LEAST, INTERVAL_MOST);
}

static int read_count(const char *text, long *count)
{
	char *end = NULL;

	*count = text ? strtol(text, &end, 10) : 0;
	if (!text || (*text && strspn(text, "0123456789") == strlen(text) && !*end && *count > 0 &&
		      *count <= COUNT_MOST))
		return 0;
	return fail(FW_EUSAGE, "--count: '%s' is not a number from 1 to %ld", text, COUNT_MOST);
}

int pace_read(const struct invocation *invocation, struct pace *pace)
{
	int err = read_interval(invocation->value[OPTION_INTERVAL], &pace->interval);

	return err ? err : read_count(invocation->value[OPTION_NUMBER], &pace->count);
}

long long pace_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * PACE_SECOND + now.tv_nsec;
}

long long pace_next(const struct pace *pace, long long deadline)
{
	long long step = (long long)(pace->interval * 1e9), now = pace_now();

	deadline += step;
	return deadline > now ? deadline : now + step;
}

void pace_wait(long long deadline)
{
	struct timespec time = { .tv_sec = deadline / PACE_SECOND,
				 .tv_nsec = deadline % PACE_SECOND };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked;

static void stop(int signal)
{
	(void)signal;
	asked = 1;
}

void stop_catch(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	const struct sigaction end = { .sa_handler = stop };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction now;

		/*
		 * Under nohup SIGHUP stays ignored. Not so SIGINT, which shells have ignored in
		 * the background: that is how a script ends us as Ctrl-C does.
		 */
		if (signals[i] != SIGHUP || sigaction(SIGHUP, NULL, &now) ||
		    now.sa_handler != SIG_IGN)
			sigaction(signals[i], &end, NULL);
	}
}

bool stop_asked(void)
{
	return asked;
}

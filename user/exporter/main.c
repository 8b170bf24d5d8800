// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <signal.h>
#include <stdio.h>

#include "cleanup.h"
#include "filter.h"
#include "kernel.h"
#include "netns.h"
#include "pins.h"
#include "report.h"
#include "rights.h"
#include "server.h"
#include "settings.h"
#include "target.h"
#include "version.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_USAGE = 1,
	EXIT_REFUSED = 2, /* by the system */
};

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* No SA_RESTART: whoever waits is to notice. */
static void hear_signals(void)
{
	const struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Now, and not at the first scrape, is when somebody looks at what went wrong. */
static int try_reading(const struct settings *settings)
{
	_cleanup_free_ struct device *devices = NULL;
	int count = target_all(settings->netns, &devices);

	return count < 0 ? count : 0;
}

static int serve(const struct settings *settings)
{
	_cleanup_(server_close) struct server *server = NULL;
	int err;
	kernel_listen();
	if ((err = netns_enter(settings->netns)) || (err = try_reading(settings)) ||
	    (err = server_open(settings, &server)) || (err = rights_drop()))
		return err;
	note("listening on %s", settings->listen);
	return server_run(server, &stop);
}

int main(int argc, char **argv)
{
	struct settings settings;

	if (settings_read(argc, argv, &settings))
		return EXIT_USAGE;
	if (settings.help) {
		settings_help();
		return EXIT_DONE;
	}
	if (settings.version) {
		printf("flagwall-exporter %s\n", flagwall_version);
		return EXIT_DONE;
	}
	hear_signals();
	return serve(&settings) ? EXIT_REFUSED : EXIT_DONE;
}

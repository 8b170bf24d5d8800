/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What flagwall-exporter is told when it starts. */
#ifndef FLAGWALL_SETTINGS_H
#define FLAGWALL_SETTINGS_H

#include <netinet/in.h>
#include <stdbool.h>

#define LISTEN_DEFAULT "127.0.0.1:9979"

/* Where to listen. */
union endpoint {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

struct settings {
	bool help;
	bool version;
	const char *listen; /* as it was written; not owned */
	union endpoint endpoint;
	const char *netns; /* as for every verb; NULL: stay */
};

/*
 * settings_read - read the command line. Returns 0 and fills @settings, or
 * -FW_EUSAGE after fail(). The strings stay the caller's.
 */
int settings_read(int argc, char **argv, struct settings *settings);

/* settings_help - print what there is to say. */
void settings_help(void);

#endif /* FLAGWALL_SETTINGS_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "settings.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* Longer than any address in digits. */
#define ADDRESS 64

static const struct option options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "listen", required_argument, NULL, 'l' },
	{ "netns", required_argument, NULL, 'n' },
	{ "version", no_argument, NULL, 'V' },
	{},
};

void settings_help(void)
{
	fputs("Usage: flagwall-exporter [OPTIONS]\n"
	      "The metrics of all filters in a network namespace, for Prometheus, by HTTP.\n\n"
	      "  -h, --help                   print this and exit\n"
	      "  -l, --listen ADDRESS:PORT    where to listen (default: " LISTEN_DEFAULT ")\n"
	      "  -n, --netns NAME|PATH|PID    work in this network namespace\n"
	      "  -V, --version                print the version and exit\n\n"
	      "/metrics has what 'flagwall counters --format openmetrics' prints, or the older format,\n"
	      "as the scraper asks; /healthz says whether the filters can be read. / is a page for people,\n"
	      "and /status.json what it shows.\n"
	      "It changes nothing, and gives up all rights to do so once it listens.\n"
	      "Exit code: 0 ended by a signal, 1 wrong usage, 2 refused by the system.\n",
	      stdout);
}

/*
 * "127.0.0.1:9979" or "[::1]:9979"; and what a template makes of an address that it does not
 * know beforehand, "::1:9979": the port is behind the last colon. No names: what listens is
 * not for a resolver to say.
 */
static bool read_endpoint(const char *text, union endpoint *endpoint)
{
	const char *colon = strrchr(text, ':');
	char address[ADDRESS], *end;
	unsigned long port;
	size_t length;

	if (!colon || colon[1] < '0' || colon[1] > '9')
		return false;
	port = strtoul(colon + 1, &end, 10);
	length = (size_t)(colon - text);
	if (*end || port > 65535 || length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	*endpoint = (union endpoint){};
	if (strchr(address, ':')) {
		const bool brackets = address[0] == '[' && address[length - 1] == ']';

		if (brackets)
			address[length - 1] = '\0';
		endpoint->six.sin6_family = AF_INET6;
		endpoint->six.sin6_port = htons((in_port_t)port);
		return inet_pton(AF_INET6, address + brackets, &endpoint->six.sin6_addr) == 1;
	}
	endpoint->four.sin_family = AF_INET;
	endpoint->four.sin_port = htons((in_port_t)port);
	return inet_pton(AF_INET, address, &endpoint->four.sin_addr) == 1;
}

int settings_read(int argc, char **argv, struct settings *settings)
{
	int letter;

	*settings = (struct settings){ .listen = LISTEN_DEFAULT };
	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":hl:n:V", options, NULL)) != -1) {
		switch (letter) {
		case 'h':
			settings->help = true;
			break;
		case 'V':
			settings->version = true;
			break;
		case 'l':
			settings->listen = optarg;
			break;
		case 'n':
			settings->netns = optarg;
			break;
		case ':':
			return fail(FW_EUSAGE, "'%s' needs an argument", argv[optind - 1]);
		default:
			return fail(
				FW_EUSAGE,
				"unknown option '%s': valid are --help, --listen, --netns, --version",
				argv[optind - 1]);
		}
	}
	if (optind < argc)
		return fail(FW_EUSAGE, "'%s': takes options only; --help lists them", argv[optind]);
	if (!read_endpoint(settings->listen, &settings->endpoint))
		return fail(
			FW_EUSAGE,
			"--listen: '%s' is not an address with a port: write it as 127.0.0.1:9979 or [::1]:9979",
			settings->listen);
	return 0;
}

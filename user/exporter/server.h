/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* HTTP, by libmicrohttpd: one thread, GET and HEAD, and no body is taken. */
#ifndef FLAGWALL_SERVER_H
#define FLAGWALL_SERVER_H

#include <signal.h>

#include "settings.h"

struct server;

/*
 * server_open - listen as @settings says. Returns 0 and *@server, to be given to
 * server_close(); or -errno after fail(). @settings must live as long.
 */
int server_open(const struct settings *settings, struct server **server);
void server_close(struct server **server);

/*
 * server_run - answer until *@stop. Returns 0 or -errno after fail().
 */
int server_run(struct server *server, const volatile sig_atomic_t *stop);

#endif /* FLAGWALL_SERVER_H */

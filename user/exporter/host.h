/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which host a client thinks that it talks to. */
#ifndef FLAGWALL_HOST_H
#define FLAGWALL_HOST_H

#include <stdbool.h>

/*
 * host_is_no_name - is @host, as the header Host has it, an address in digits or
 * localhost, with or without a port? A page of somebody else's whose name begins to
 * mean 127.0.0.1 asks by that name, and its script would read what we answer.
 */
bool host_is_no_name(const char *host);

#endif /* FLAGWALL_HOST_H */

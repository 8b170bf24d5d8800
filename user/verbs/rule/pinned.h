/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* `rule iptables` without --native: rules that ask a pinned program. */
#ifndef FLAGWALL_PINNED_H
#define FLAGWALL_PINNED_H

#include "iptables_load.h"
#include "options.h"

/*
 * pinned_show - pin the program that the options ask for; print the rules for it, or,
 * with --install, load them. @request has the interfaces. Returns 0 or -errno after fail().
 */
int pinned_show(const struct invocation *invocation, struct iptables_request *request,
		enum iptables_backend backend);

/* pinned_remove - take out the rules of flagwall, and the program; or that of --match. The same. */
int pinned_remove(const struct invocation *invocation, enum iptables_backend backend);

#endif /* FLAGWALL_PINNED_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which rules ask a pinned program, in all tables of both kinds of iptables and of
 * both families: one that is asked must not go, or iptables-legacy changes nothing
 * in that table any more.
 */
#ifndef FLAGWALL_IPTABLES_USE_H
#define FLAGWALL_IPTABLES_USE_H

#include <stdbool.h>

/*
 * iptables_find_use - a rule of this network namespace that asks the program pinned at
 * @pin; with @others only one that iptables_install() has not made.
 *
 * Returns 1 with *@rule, which the caller owns: the program that lists it, and the rule;
 * 0 if there is none; or -errno after fail().
 */
int iptables_find_use(const char *pin, bool others, char **rule);

#endif /* FLAGWALL_IPTABLES_USE_H */

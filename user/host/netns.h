/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Network namespaces. Only they are entered: bpffs stays where it is. */
#ifndef FLAGWALL_NETNS_H
#define FLAGWALL_NETNS_H

#include <stdbool.h>
#include <sys/types.h>

#define NETNS_NAME 256 /* bytes, with NUL */

/*
 * netns_enter - move the process into the namespace @which: a name of
 * `ip netns`, a path, or a process ID. NULL: stay.
 *
 * Returns 0 or -errno after fail().
 */
int netns_enter(const char *which);

/* netns_is_named - does `ip netns` have a namespace of this name? */
bool netns_is_named(const char *name);

/* netns_inode - the inode number of the process's namespace, its identity; 0 if unknown. */
ino_t netns_inode(void);

/*
 * netns_cookie - what tells the process's namespace from any other since boot: inode numbers
 * come again. 0 before Linux 5.14.
 */
unsigned long long netns_cookie(void);

/*
 * netns_is_first - is the process in the namespace that the machine came up with? Its
 * inode number may change from boot to boot.
 */
bool netns_is_first(void);

/*
 * netns_name - the name that `ip netns` has for the namespace @inode.
 *
 * Returns @name, or NULL if it has none.
 */
const char *netns_name(ino_t inode, char name[NETNS_NAME]);

#endif /* FLAGWALL_NETNS_H */

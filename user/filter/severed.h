/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Filters whose interface was deleted, or whose link somebody else has detached.
 * Their link is severed: it filters nothing any more, not even an interface that is
 * made again under the same name. The next attach or detach removes them.
 */
#ifndef FLAGWALL_SEVERED_H
#define FLAGWALL_SEVERED_H

#include <net/if.h>
#include <stdbool.h>
#include <sys/types.h>

#include "hook.h"
#include "json.h"

struct severed {
	char interface[IF_NAMESIZE]; /* its name at attach; "" if the pins do not tell */
	unsigned int ifindex;        /* its number then */
	enum hook hook;
	bool there; /* the interface is: somebody detached the link */
	__u64 attached_since;
};

/*
 * severed_list - those that were attached in the current network namespace.
 *
 * Returns how many, with *@list owned by the caller (free()): none if the pins
 * cannot be seen; or -ENOMEM after fail().
 */
int severed_list(struct severed **list);

/* severed_of - the one that was at @hook of an interface called @name; or NULL. */
const struct severed *severed_of(const struct severed *list, int count, const char *name,
				 enum hook hook);

/* severed_text - print a line for each. */
void severed_text(const struct severed *list, int count);

/* severed_json - an array of them. */
json_t *severed_json(const struct severed *list, int count);

#endif /* FLAGWALL_SEVERED_H */

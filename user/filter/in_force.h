/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The policy that a filter enforces now, whole: read back from the kernel. */
#ifndef FLAGWALL_IN_FORCE_H
#define FLAGWALL_IN_FORCE_H

#include "device.h"
#include "policy.h"

struct in_force {
	struct device device;
	struct policy policy; /* owned, with its exceptions */
	bool observe;         /* what it drops is only counted */
	bool unconfirmed;     /* it goes back by itself, unless confirmed in time */
};

/*
 * in_force_read - what is in force on @device.
 *
 * Returns 0 and fills @in_force, to be released by in_force_release(); or
 * -errno after fail(), -ENOENT if nothing is attached.
 */
int in_force_read(const struct device *device, struct in_force *in_force);
void in_force_release(struct in_force *in_force);

/*
 * in_force_all - what is in force in the current network namespace, @where by
 * its name, as far as this process may see it: for the unprivileged, nothing.
 * What cannot be read is named by fail() and left out.
 *
 * Returns 0 with @count of them in *@list, for in_force_free(); or -errno after
 * fail().
 */
int in_force_all(const char *where, struct in_force **list, int *count);
void in_force_free(struct in_force *list, int count);

#endif /* FLAGWALL_IN_FORCE_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where policies come from: files of the site in /etc/flagwall/policies, files
 * that were installed, and those the tool carries inside itself; by name, in
 * this order. Or any file, by its path.
 */
#ifndef FLAGWALL_POLICY_STORE_H
#define FLAGWALL_POLICY_STORE_H

#include "policy.h"

#define POLICY_DEFAULT "default"

/*
 * policy_load - the policy called @name, or in the file @name if there is a
 * slash in it or it ends in ".policy".
 *
 * Returns 0 and fills @policy, to be released by policy_release(); or -errno
 * after fail(), which names file, line and column.
 */
int policy_load(const char *name, struct policy *policy);

/*
 * policy_in_force - the policy that @state says is in force, from the text that
 * the kernel keeps. Returns as policy_load().
 */
int policy_in_force(const struct fw_config *state, struct policy *policy);

/*
 * policy_built_in - the built-in policy number @index, from 0.
 *
 * Returns as policy_load(); -ENOENT in silence behind the last.
 */
int policy_built_in(size_t index, struct policy *policy);

/* One that can be had by name. */
struct policy_entry {
	char name[POLICY_NAME];
	char place[256];   /* the file, or "built in" */
	char source[128];  /* "Source:" or "from:" in the comment that it begins with; or empty */
	char verified[32]; /* "verified:", the same: by what its equal was judged; or empty */
};

/*
 * policy_entries - all that can be had by name, sorted by it.
 *
 * Returns how many, with *@entries owned by the caller (free()); or -errno
 * after fail().
 */
int policy_entries(struct policy_entry **entries);

#endif /* FLAGWALL_POLICY_STORE_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Looking an address up among a policy's exceptions, as the kernel does in its
 * trie: the longest prefix that has it. Pure.
 */
#ifndef FLAGWALL_LOOKUP_H
#define FLAGWALL_LOOKUP_H

#include "policy.h"

struct lookup {
	const struct exception *exceptions; /* canonical; the policy's */
	size_t count;
	size_t *wider; /* owned: for each, one more than the index of the next wider one, or 0 */
};

/*
 * lookup_build - for the exceptions of @policy, which must live as long.
 *
 * Returns 0 or -ENOMEM. To be released by lookup_release() in any case.
 */
int lookup_build(struct lookup *lookup, const struct policy *policy);
void lookup_release(struct lookup *lookup);

/*
 * lookup_find - the exception with the longest prefix that has the whole address
 * of @key, in its direction and family; NULL if there is none.
 */
const struct exception *lookup_find(const struct lookup *lookup, const struct fw_except_key *key);

#endif /* FLAGWALL_LOOKUP_H */

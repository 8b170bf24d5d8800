// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "lookup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* In the canonical order every prefix follows those that cover it: they are a stack. */
int lookup_build(struct lookup *lookup, const struct policy *policy)
{
	*lookup = (struct lookup){ .exceptions = policy->exceptions,
				   .count = policy->exception_count };
	if (!lookup->count)
		return 0;
	lookup->wider = calloc(lookup->count, sizeof(*lookup->wider));
	if (!lookup->wider)
		return -ENOMEM;
	for (size_t i = 1; i < lookup->count; i++) {
		size_t wider = i; /* one more than the index of the one before */

		while (wider &&
		       !exception_covers(&lookup->exceptions[wider - 1], &lookup->exceptions[i]))
			wider = lookup->wider[wider - 1];
		lookup->wider[i] = wider;
	}
	return 0;
}

void lookup_release(struct lookup *lookup)
{
	free(lookup->wider);
	*lookup = (struct lookup){};
}

const struct exception *lookup_find(const struct lookup *lookup, const struct fw_except_key *key)
{
	struct exception address = { .direction = key->direction,
				     .family = key->family,
				     .prefix = (__u8)(key->prefixlen - FW_EXCEPT_BITS) };
	size_t low = 0, high = lookup->count;

	memcpy(address.address, key->address, sizeof(address.address));
	/* How many stand before the address, or are it. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (exception_order(&lookup->exceptions[middle], &address) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low && !exception_covers(&lookup->exceptions[low - 1], &address))
		low = lookup->wider[low - 1];
	return low ? &lookup->exceptions[low - 1] : NULL;
}

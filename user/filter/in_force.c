// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "in_force.h"

#include <errno.h>

#include "cleanup.h"
#include "pins.h"
#include "policy_store.h"
#include "report.h"
#include "target.h"

int in_force_read(const struct device *device, struct in_force *in_force)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	_cleanup_(policy_release) struct policy policy = {};
	struct exception *exceptions = NULL;
	size_t count = 0;
	int err;

	if ((err = target_filter(device, &filter)) ||
	    (err = policy_in_force(&filter.state, &policy)) ||
	    (err = filter_exceptions(&filter, &exceptions, &count)))
		return err;
	if (policy_except(&policy, exceptions, count))
		return fail(ENOMEM, "no memory for the policy");
	*in_force = (struct in_force){
		.device = *device,
		.policy = policy,
		.observe = filter.state.observe,
		.unconfirmed = filter.waiting && !filter.expired,
	};
	policy = (struct policy){};
	return 0;
}

void in_force_release(struct in_force *in_force)
{
	policy_release(&in_force->policy);
}

int in_force_all(const char *where, struct in_force **list, int *count)
{
	_cleanup_free_ struct device *devices = NULL;
	int found;

	*list = NULL;
	*count = 0;
	if (!pins_visible())
		return 0;
	found = target_all(where, &devices);
	if (found <= 0)
		return found;
	*list = calloc((size_t)found, sizeof(**list));
	if (!*list)
		return fail(ENOMEM, "no memory for %d policies", found);
	for (int i = 0; i < found; i++)
		*count += !in_force_read(&devices[i], &(*list)[*count]);
	return 0;
}

void in_force_free(struct in_force *list, int count)
{
	for (int i = 0; i < count; i++)
		in_force_release(&list[i]);
	free(list);
}

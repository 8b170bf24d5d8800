// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* May the sockets of this host be asked about connections? */
#include <errno.h>

#include "elsewhere.h"
#include "filter_exchange.h"
#include "report.h"

int filter_check_states(const struct device *device, const struct attach_request *request,
			const struct fw_config *state)
{
	char why[ELSEWHERE_TEXT];

	if (!state->states)
		return 0;
	if (!hook_asks_states(device->hook)) {
		note("%s: the state lines of policy %.64s are about what arrives: at %s they do nothing",
		     device->label, state->policy, hook_names[device->hook]);
		return 0;
	}
	if (!elsewhere_find(device, why))
		return 0;
	/* What is in force stays so: then it is only told. */
	if (request->policy && !request->force)
		return fail(
			EOPNOTSUPP,
			"%s: the state lines of policy %.64s cannot be trusted here, as %s; --force "
			"puts them in force anyway",
			device->label, state->policy, why);
	note("%s: the state lines of policy %.64s cannot be trusted here, as %s", device->label,
	     state->policy, why);
	return 0;
}

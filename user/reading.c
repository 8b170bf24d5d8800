// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "reading.h"

#include <stdio.h>

#include "json.h"
#include "policy_store.h"
#include "target.h"

static void read_boot_id(char id[BOOT_ID])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || fscanf(file, "%63s", id) != 1)
		id[0] = '\0';
	if (file)
		fclose(file);
}

int reading_take(const struct device *device, bool samples, struct reading *reading)
{
	int err;

	*reading = (struct reading){ .device = *device, .filter = FILTER_NONE };
	err = target_filter(device, &reading->filter);
	if (err)
		return err;
	err = policy_in_force(&reading->filter.state, &reading->policy);
	if (err)
		return err;
	read_boot_id(reading->boot_id);
	reading->time = time_now();
	err = filter_counts(&reading->filter, reading->counts);
	if (err)
		return err;
	return samples ? filter_samples(&reading->filter, &reading->samples) : 0;
}

void reading_release(struct reading *reading)
{
	filter_close(&reading->filter);
	policy_release(&reading->policy);
	free(reading->samples);
	reading->samples = NULL;
}

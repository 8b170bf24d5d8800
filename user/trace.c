// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "trace.h"

#include <stdio.h>
#include <sys/syslog.h>
#include <unistd.h>

static const char *hash_text(const __u8 hash[32], char text[65])
{
	for (size_t i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", hash[i]);
	return text;
}

void trace(const struct device *device, const char *what, const struct fw_config *old,
	   const struct fw_config *config)
{
	char hash[65], old_hash[65];

	syslog(LOG_NOTICE,
	       "%s %s (ifindex %u, netns %llu) by uid %u: policy %.64s sha256:%s%s%s%s%s", what,
	       device->label, device->ifindex, (unsigned long long)device->netns, getuid(),
	       config->policy, hash_text(config->policy_sha256, hash),
	       config->observe ? ", observing" : "", old ? ", before: sha256:" : "",
	       old ? hash_text(old->policy_sha256, old_hash) : "",
	       old && old->observe ? ", observing" : "");
}

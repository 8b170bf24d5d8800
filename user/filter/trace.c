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

/* Who logged in, where somebody did: behind sudo everybody is root. */
static const char *login(char text[32])
{
	FILE *file = fopen("/proc/self/loginuid", "re");
	unsigned int uid;

	text[0] = '\0';
	if (file && fscanf(file, "%u", &uid) == 1 && uid != (unsigned int)-1)
		snprintf(text, 32, " (login uid %u)", uid);
	if (file)
		fclose(file);
	return text;
}

void trace(const struct device *device, const char *what, const struct fw_config *old,
	   const struct fw_config *config)
{
	char hash[65], old_hash[65], who[32];

	syslog(LOG_NOTICE,
	       "%s %s (%s, ifindex %u, netns %llu) by uid %u%s: policy %.64s sha256:%s%s%s%s%s",
	       what, device->label, hook_names[device->hook], device->ifindex,
	       (unsigned long long)device->netns, getuid(), login(who), config->policy,
	       hash_text(config->policy_sha256, hash), config->observe ? ", observing" : "",
	       old ? ", before: sha256:" : "", old ? hash_text(old->policy_sha256, old_hash) : "",
	       old && old->observe ? ", observing" : "");
}

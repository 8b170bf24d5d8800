// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report.h"
#include "version.h"

json_t *json_document(void)
{
	return json_pack("{s:i, s:s}", "schema_version", JSON_SCHEMA_VERSION, "tool_version",
			 flagwall_version);
}

int json_emit(json_t *root)
{
	int err;

	if (!root)
		return fail(ENOMEM, "no memory for the JSON document");
	err = json_dumpf(root, stdout, JSON_INDENT(2));
	json_decref(root);
	if (err)
		return fail(EIO, "cannot write JSON to standard output: %s", strerror(errno));
	putchar('\n');
	return 0;
}

const char *time_print(__u64 nanoseconds, char text[JSON_TIME])
{
	time_t seconds = (time_t)(nanoseconds / 1000000000);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, JSON_TIME, "%Y-%m-%dT%H:%M:%SZ", &utc);
	return text;
}

json_t *json_time(__u64 nanoseconds)
{
	char text[JSON_TIME];

	return nanoseconds ? json_string(time_print(nanoseconds, text)) : json_null();
}

__u64 time_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (__u64)now.tv_sec * 1000000000 + (__u64)now.tv_nsec;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "report.h"
#include "text.h"
#include "version.h"

json_t *json_document(void)
{
	return json_members(json_object(),
			    (const struct json_member[]){
				    { "schema_version", json_integer(JSON_SCHEMA_VERSION) },
				    { "tool_version", json_string(flagwall_version) },
				    {},
			    });
}

json_t *json_members(json_t *object, const struct json_member *members)
{
	bool complete = object;

	for (; members->key; members++)
		complete &= !json_object_set_new(object, members->key, members->value);
	if (complete)
		return object;
	json_decref(object);
	return NULL;
}

json_t *json_hash(const __u8 hash[32])
{
	char text[65];

	for (size_t i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", hash[i]);
	return json_string(text);
}

json_t *json_text(const char *text)
{
	_cleanup_free_ char *copy = text ? strdup(text) : NULL;

	if (!text)
		return json_null();
	return copy ? json_string(text_printable(copy)) : NULL;
}

static int emit(json_t *root, size_t flags)
{
	int err;

	if (!root)
		return fail(ENOMEM, "no memory for the JSON document");
	err = json_dumpf(root, stdout, flags);
	json_decref(root);
	if (err)
		return fail(EIO, "cannot write JSON to standard output: %s", strerror(errno));
	putchar('\n');
	return 0;
}

int json_emit(json_t *root)
{
	return emit(root, JSON_INDENT(2));
}

int json_line(json_t *root)
{
	return emit(root, JSON_COMPACT);
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

const char *time_print_exact(__u64 nanoseconds, char text[JSON_TIME_EXACT])
{
	char seconds[JSON_TIME];

	/* 2026-11-23T20:15:01 has 19 characters, and then comes a Z. */
	snprintf(text, JSON_TIME_EXACT, "%.19s.%09lluZ", time_print(nanoseconds, seconds),
		 (unsigned long long)(nanoseconds % 1000000000));
	return text;
}

__u64 time_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (__u64)now.tv_sec * 1000000000 + (__u64)now.tv_nsec;
}

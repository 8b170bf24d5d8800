/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every JSON document of the tool has in common; jansson does the rest. */
#ifndef FLAGWALL_JSON_H
#define FLAGWALL_JSON_H

#include <jansson.h>
#include <linux/types.h>

/* Nanoseconds since the epoch as RFC 3339 text in UTC, with NUL. */
#define JSON_TIME 32

/*
 * json_document - a new object with schema_version and tool_version. The
 * caller owns it.
 */
json_t *json_document(void);

/* One member of an object. A list of them ends with {}. */
struct json_member {
	const char *key;
	json_t *value;
};

/*
 * json_members - add @members to @object, one line each at the caller's.
 *
 * Takes all values, and hands @object on; returns NULL, with everything
 * released, if one of them could not be built.
 */
json_t *json_members(json_t *object, const struct json_member *members);

/* json_hash - a SHA-256 in hexadecimal. */
json_t *json_hash(const __u8 hash[32]);

/* json_text - text from outside as a string, or null for NULL. */
json_t *json_text(const char *text);

/*
 * json_emit - print @root to standard output, and release it.
 *
 * Returns 0 or -errno (-ENOMEM if any part could not be built) after fail().
 */
int json_emit(json_t *root);

/* json_line - the same on one line, as JSON Lines have it. */
int json_line(json_t *root);

/* json_time - @nanoseconds since the epoch as a string, or null for 0. */
json_t *json_time(__u64 nanoseconds);

/* time_print - the same as text for people and for JSON: 2026-11-23T20:15:01Z. */
const char *time_print(__u64 nanoseconds, char text[JSON_TIME]);

/* time_print_exact - to the nanosecond: 2026-11-23T20:15:01.000000001Z. */
#define JSON_TIME_EXACT (JSON_TIME + 16)
const char *time_print_exact(__u64 nanoseconds, char text[JSON_TIME_EXACT]);

/* time_now - CLOCK_REALTIME in nanoseconds. */
__u64 time_now(void);

#endif /* FLAGWALL_JSON_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "samples.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "address.h"
#include "flags.h"
#include "json.h"
#include "reason.h"

static void merge(struct sample_row *row, const struct fw_samples *samples, unsigned int outcome)
{
	if (!samples->first.time)
		return;
	if (!row->first.time || samples->first.time < row->first.time) {
		row->first = samples->first;
		row->first_outcome = outcome;
	}
	if (samples->last.time > row->last.time) {
		row->last = samples->last;
		row->last_outcome = outcome;
	}
}

size_t samples_rows(const struct policy *policy, const struct fw_samples *samples,
		    struct sample_row *rows)
{
	size_t most = policy->pattern_count + FW_REASON_COUNT, used = 0;

	memset(rows, 0, most * sizeof(*rows));
	for (size_t i = 0; i < policy->pattern_count; i++)
		rows[i].name = policy->patterns[i].name;
	for (size_t i = 0; i < FW_REASON_COUNT; i++) {
		rows[policy->pattern_count + i].name = reason_texts[i].name;
		merge(&rows[policy->pattern_count + i], &samples[FW_REASON_BASE + i],
		      (unsigned int)(FW_REASON_BASE + i));
	}
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		merge(&rows[policy_pattern(policy, signature) - policy->patterns],
		      &samples[signature], signature);

	for (size_t i = 0; i < most; i++)
		if (rows[i].first.time)
			rows[used++] = rows[i];
	return used;
}

/* From the clock that samples carry to the one that people read. */
static __u64 real_time(__u64 boot_time)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return time_now() - ((__u64)now.tv_sec * 1000000000 + (__u64)now.tv_nsec) + boot_time;
}

/* What of a row is not its sample: exact flags, or nothing for a reason. */
static const char *exact(unsigned int outcome, char text[FLAGS_TEXT])
{
	return outcome < FW_SIGNATURES ? flags_print(outcome, text) : "-";
}

static void print_sample(const char *name, const char *which, const struct fw_sample *sample,
			 unsigned int outcome)
{
	char source[ENDPOINT_TEXT], destination[ENDPOINT_TEXT];
	char when[JSON_TIME], flags[FLAGS_TEXT], from[MAC_TEXT];

	printf("%-16s  %-5s  %s  %s > %s  %s  ttl %u  %u bytes  from %s", name, which,
	       time_print(real_time(sample->time), when),
	       endpoint_print(sample->family, sample->source, sample->source_port, source),
	       endpoint_print(sample->family, sample->destination, sample->destination_port,
			      destination),
	       exact(outcome, flags), sample->ttl, sample->length,
	       mac_print(sample->source_mac, from));
	if (sample->vlan_tags)
		printf("  vlan %u", sample->vlan);
	putchar('\n');
}

void samples_text(const struct reading *reading)
{
	static struct sample_row rows[SAMPLE_ROWS];
	size_t count = samples_rows(&reading->policy, reading->samples, rows);

	if (!count)
		printf("no packet has been flagged\n");
	for (size_t i = 0; i < count; i++) {
		print_sample(rows[i].name, "first", &rows[i].first, rows[i].first_outcome);
		print_sample(rows[i].name, "last", &rows[i].last, rows[i].last_outcome);
	}
}

/* Without an IP header there is neither. */
static json_t *number(const struct fw_sample *sample, unsigned int value)
{
	return sample->family ? json_integer(value) : json_null();
}

static json_t *sample_object(const struct fw_sample *sample, unsigned int outcome)
{
	char source[ADDRESS_TEXT], destination[ADDRESS_TEXT];
	char flags[FLAGS_TEXT], from[MAC_TEXT], to[MAC_TEXT];
	bool tcp = outcome < FW_SIGNATURES;

	const struct json_member members[] = {
		{ "time", json_time(real_time(sample->time)) },
		{ "flags", json_text(tcp ? flags_print(outcome, flags) : NULL) },
		{ "data", tcp ? json_boolean(outcome & FW_DATA) : json_null() },
		{ "source", json_text(address_print(sample->family, sample->source, source)) },
		{ "source_port", number(sample, sample->source_port) },
		{ "destination",
		  json_text(address_print(sample->family, sample->destination, destination)) },
		{ "destination_port", number(sample, sample->destination_port) },
		{ "ttl", number(sample, sample->ttl) },
		{ "length", json_integer(sample->length) },
		{ "source_mac", json_string(mac_print(sample->source_mac, from)) },
		{ "destination_mac", json_string(mac_print(sample->destination_mac, to)) },
		{ "vlan", sample->vlan_tags ? json_integer(sample->vlan) : json_null() },
		{},
	};

	return json_members(json_object(), members);
}

static json_t *row_object(const struct sample_row *row)
{
	const struct json_member members[] = {
		{ "name", json_string(row->name) },
		{ "first", sample_object(&row->first, row->first_outcome) },
		{ "last", sample_object(&row->last, row->last_outcome) },
		{},
	};

	return json_members(json_object(), members);
}

json_t *samples_json(const struct reading *reading)
{
	static struct sample_row rows[SAMPLE_ROWS];
	size_t count = samples_rows(&reading->policy, reading->samples, rows);
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, row_object(&rows[i]));
	return array;
}

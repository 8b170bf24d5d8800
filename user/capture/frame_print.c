// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "frame_print.h"

#include <stdio.h>

#include "address.h"
#include "endpoints.h"
#include "flags.h"
#include "json.h"
#include "reason.h"

/* To the nanosecond; NULL if it is not known. */
static const char *stamp(const struct frame_line *line, char text[JSON_TIME_EXACT])
{
	__u64 time = capture_time(line->capture, line->packet);

	return time ? time_print_exact(time, text) : NULL;
}

static __u32 link_type(const struct frame_line *line)
{
	return line->capture->interfaces[line->packet->interface].link_type;
}

static bool has_signature(const struct frame_line *line)
{
	return line->verdict && line->verdict->outcome < FW_SIGNATURES;
}

static const char *pattern(const struct frame_line *line)
{
	return has_signature(line) ? policy_pattern(line->policy, line->verdict->outcome)->name :
				     NULL;
}

static const char *reason(const struct frame_line *line)
{
	return line->verdict && !has_signature(line) ?
		       reason_texts[line->verdict->outcome - FW_REASON_BASE].name :
		       NULL;
}

void frame_text(const struct frame_line *line)
{
	char source[ENDPOINT_TEXT], destination[ENDPOINT_TEXT];
	char time[JSON_TIME_EXACT], flags[SIGNATURE_TEXT];
	const struct verdict *verdict = line->verdict;
	struct endpoints ends;

	endpoints_read(link_type(line), line->packet, &ends);
	printf("%llu  %s  %s > %s  %u bytes  ", (unsigned long long)line->packet->number,
	       stamp(line, time) ? time : "-",
	       endpoint_print(ends.family, ends.source, ends.source_port, source),
	       endpoint_print(ends.family, ends.destination, ends.destination_port, destination),
	       line->packet->length);
	if (!verdict) {
		printf("not judged: link type %u\n", link_type(line));
		return;
	}
	if (has_signature(line))
		printf("%s  %s: ", signature_print(verdict->outcome, flags), pattern(line));
	else
		printf("-  %s: ", reason(line));
	printf("%s%s\n", policy_action_name(verdict->action),
	       verdict->excepted ? ", passes by an exception" : "");
}

static json_t *integer_or_null(bool there, json_int_t value)
{
	return there ? json_integer(value) : json_null();
}

static json_t *bit_or_null(bool there, unsigned int bits)
{
	return there ? json_boolean(bits) : json_null();
}

json_t *frame_json(const struct frame_line *line)
{
	char source[ADDRESS_TEXT], destination[ADDRESS_TEXT];
	char time[JSON_TIME_EXACT], flags[FLAGS_TEXT];
	const struct verdict *verdict = line->verdict;
	const struct capture_packet *packet = line->packet;
	bool tcp = has_signature(line);
	__u32 signature = tcp ? verdict->outcome : 0;
	struct endpoints ends;

	endpoints_read(link_type(line), packet, &ends);
	const struct json_member members[] = {
		{ "number", json_integer((json_int_t)packet->number) },
		{ "offset", json_integer((json_int_t)packet->offset) },
		{ "time", json_text(stamp(line, time)) },
		{ "length", json_integer(packet->length) },
		{ "captured", json_integer(packet->captured) },
		{ "link_type", json_integer(link_type(line)) },
		{ "flags", json_text(tcp ? flags_print(signature, flags) : NULL) },
		{ "value", integer_or_null(tcp, signature & FW_FLAGS) },
		{ "data", bit_or_null(tcp, signature & FW_DATA) },
		{ "reserved", bit_or_null(tcp, signature & FW_RSV) },
		{ "pattern", json_text(pattern(line)) },
		{ "reason", json_text(reason(line)) },
		{ "action", json_text(verdict ? policy_action_name(verdict->action) : NULL) },
		{ "excepted", json_boolean(verdict && verdict->excepted) },
		{ "source", json_text(address_print(ends.family, ends.source, source)) },
		{ "source_port", integer_or_null(ends.family, ends.source_port) },
		{ "destination",
		  json_text(address_print(ends.family, ends.destination, destination)) },
		{ "destination_port", integer_or_null(ends.family, ends.destination_port) },
		{},
	};

	return json_members(json_object(), members);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "event_print.h"

#include <stdio.h>

#include "address.h"
#include "endpoints.h"
#include "flags.h"
#include "json.h"
#include "linktype.h"
#include "report.h"

static bool has_signature(const struct event *event)
{
	return event->verdict.outcome < FW_SIGNATURES;
}

/* Of Ethernet: destination, source. Too short a frame has neither. */
static const __u8 *address(const struct event *event, unsigned int offset)
{
	return event->packet.captured < offset + 6 ? NULL : event->packet.data + offset;
}

void event_text(const struct event *event)
{
	char source[ENDPOINT_TEXT], destination[ENDPOINT_TEXT], mac[MAC_TEXT];
	char time[JSON_TIME_EXACT], flags[SIGNATURE_TEXT];
	const __u8 *from = address(event, 6);
	struct endpoints ends;

	endpoints_read(LINKTYPE_ETHERNET, &event->packet, &ends);
	printf("%s  %s %s  %s: %s  %s > %s  %s  ttl %u  %u bytes  from %s",
	       time_print_exact(event->packet.stamp, time), event->device->label,
	       hook_names[event->device->hook], event->name,
	       policy_action_name(event->verdict.action),
	       endpoint_print(ends.family, ends.source, ends.source_port, source),
	       endpoint_print(ends.family, ends.destination, ends.destination_port, destination),
	       has_signature(event) ? signature_print(event->verdict.outcome, flags) : "-",
	       ends.ttl, event->packet.length, from ? mac_print(from, mac) : "-");
	if (ends.vlan_tags)
		printf("  vlan %u", ends.vlan);
	putchar('\n');
}

static json_t *integer_or_null(bool there, json_int_t value)
{
	return there ? json_integer(value) : json_null();
}

static json_t *mac_or_null(const __u8 *bytes)
{
	char text[MAC_TEXT];

	return json_text(bytes ? mac_print(bytes, text) : NULL);
}

json_t *event_json(const struct event *event)
{
	char source[ADDRESS_TEXT], destination[ADDRESS_TEXT];
	char time[JSON_TIME_EXACT], flags[FLAGS_TEXT];
	__u32 outcome = event->verdict.outcome;
	bool tcp = has_signature(event);
	struct endpoints ends;

	endpoints_read(LINKTYPE_ETHERNET, &event->packet, &ends);
	const struct json_member members[] = {
		{ "type", json_string("packet") },
		{ "time", json_string(time_print_exact(event->packet.stamp, time)) },
		{ "interface", json_string(event->device->label) },
		{ "hook", json_string(hook_names[event->device->hook]) },
		{ "pattern", json_text(tcp ? event->name : NULL) },
		{ "reason", json_text(tcp ? NULL : event->name) },
		{ "action", json_string(policy_action_name(event->verdict.action)) },
		{ "flags", json_text(tcp ? flags_print(outcome, flags) : NULL) },
		{ "value", integer_or_null(tcp, outcome & FW_FLAGS) },
		{ "data", tcp ? json_boolean(outcome & FW_DATA) : json_null() },
		{ "reserved", tcp ? json_boolean(outcome & FW_RSV) : json_null() },
		{ "source", json_text(address_print(ends.family, ends.source, source)) },
		{ "source_port", integer_or_null(ends.family, ends.source_port) },
		{ "destination",
		  json_text(address_print(ends.family, ends.destination, destination)) },
		{ "destination_port", integer_or_null(ends.family, ends.destination_port) },
		{ "ttl", integer_or_null(ends.family, ends.ttl) },
		{ "length", json_integer(event->packet.length) },
		{ "source_mac", mac_or_null(address(event, 6)) },
		{ "destination_mac", mac_or_null(address(event, 0)) },
		{ "vlan", integer_or_null(ends.vlan_tags, ends.vlan) },
		{},
	};

	return json_members(json_object(), members);
}

void totals_text(const struct device *device, const struct listen_totals *totals)
{
	note("%s %s: %llu flagged packets shown; not shown: %llu above the rate, %llu "
	     "left out by the sample, %llu lost",
	     device->label, hook_names[device->hook], (unsigned long long)totals->told,
	     (unsigned long long)totals->suppressed, (unsigned long long)totals->left_out,
	     (unsigned long long)totals->lost);
}

json_t *totals_json(const struct device *device, const struct listen_totals *totals)
{
	const struct json_member members[] = {
		{ "type", json_string("totals") },
		{ "interface", json_string(device->label) },
		{ "hook", json_string(hook_names[device->hook]) },
		{ "told", json_integer((json_int_t)totals->told) },
		{ "suppressed", json_integer((json_int_t)totals->suppressed) },
		{ "left_out", json_integer((json_int_t)totals->left_out) },
		{ "lost", json_integer((json_int_t)totals->lost) },
		{},
	};

	return json_members(json_document(), members);
}

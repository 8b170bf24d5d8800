// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "flagged.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "reason.h"

#define COMMENT 128 /* bytes: the longest name of a pattern has 31 */

static __u32 add_interface(struct pcapng *pcapng, const struct capture_interface *read)
{
	const struct pcapng_interface interface = { .link_type = read->link_type,
						    .snap_length = read->snap_length,
						    .resolution = read->resolution,
						    .time_offset = read->time_offset };

	return pcapng_interface(pcapng, &interface);
}

/* The number that @interface of @capture has here; it gets one with its first packet. */
static __u32 interface_of(struct flagged *flagged, const struct capture *capture, __u32 interface)
{
	if (capture->section != flagged->section) {
		flagged_begin(flagged);
		flagged->section = capture->section;
	}
	if (interface >= flagged->room) {
		size_t room = capture->interface_room;
		__u32 *larger = reallocarray(flagged->interfaces, room, sizeof(*larger));

		if (!larger) {
			if (!flagged->pcapng.error)
				flagged->pcapng.error = -ENOMEM;
			return 0;
		}
		memset(larger + flagged->room, 0, (room - flagged->room) * sizeof(*larger));
		flagged->interfaces = larger;
		flagged->room = room;
	}
	if (!flagged->interfaces[interface])
		flagged->interfaces[interface] =
			1 + add_interface(&flagged->pcapng, &capture->interfaces[interface]);
	return flagged->interfaces[interface] - 1;
}

static void comment(char text[COMMENT], const struct policy *policy, const struct verdict *verdict)
{
	const char *name = verdict->outcome < FW_SIGNATURES ?
				   policy_pattern(policy, verdict->outcome)->name :
				   reason_texts[verdict->outcome - FW_REASON_BASE].name;

	snprintf(text, COMMENT, "%s: %s%s", name, policy_action_name(verdict->action),
		 verdict->excepted ? ", passes by an exception" : "");
}

void flagged_add(struct flagged *flagged, const struct capture *capture,
		 const struct capture_packet *packet, const struct policy *policy,
		 const struct verdict *verdict)
{
	char text[COMMENT];
	const struct pcapng_packet block = { .interface = interface_of(flagged, capture,
								       packet->interface),
					     .stamp = packet->stamp,
					     .captured = packet->captured,
					     .length = packet->length,
					     .data = packet->data,
					     .comment = text };

	comment(text, policy, verdict);
	pcapng_packet(&flagged->pcapng, &block);
}

int flagged_open(struct flagged *flagged, const char *path)
{
	int err;

	*flagged = (struct flagged){};
	err = outfile_open(&flagged->outfile, "write-flagged", path);
	if (err)
		return err;
	flagged->pcapng.file = flagged->outfile.file;
	pcapng_section(&flagged->pcapng);
	return 0;
}

void flagged_begin(struct flagged *flagged)
{
	free(take_ptr(flagged->interfaces));
	flagged->room = 0;
	flagged->section = 0;
}

int flagged_commit(struct flagged *flagged)
{
	return outfile_commit(&flagged->outfile, flagged->pcapng.error);
}

void flagged_cancel(struct flagged *flagged)
{
	outfile_cancel(&flagged->outfile);
	free(take_ptr(flagged->interfaces));
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "packet_frame.h"

#include <string.h>

#include "linktype.h"

bool packet_frame_other(__u32 link_type, const struct capture_packet *packet, __u8 link[FRAME_LINK],
			struct fw_packet *frame)
{
	struct linktype_header header;
	__u16 type;

	if (!linktype_read(link_type, packet->data, packet->captured, &header))
		return false;
	type = fw_be16(header.type);
	memset(link, 0, FRAME_LINK);
	memcpy(link + 12, &type, sizeof(type));
	*frame = (struct fw_packet){ .data = packet->data + header.length,
				     .length = packet->captured - header.length,
				     .missing = packet->length - packet->captured,
				     .link = link };
	return true;
}

__u32 packet_frame_network(__u32 link_type, const struct capture_packet *packet,
			   __u8 header[FRAME_LINK], struct fw_packet *frame, struct fw_link *link)
{
	__u32 reason;

	if (link_type == LINKTYPE_ETHERNET)
		*frame = packet_frame_ethernet(packet, false);
	else if (!packet_frame_other(link_type, packet, header, frame))
		return FW_REASON_TRUNCATED;
	reason = fw_parse_ethernet(frame, link);
	return reason ? reason : fw_parse_link(frame, FW_NO_LIMIT, link);
}

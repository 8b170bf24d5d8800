/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From a packet of a capture, of any link, to the frame that the parser reads. Pure. */
#ifndef FLAGWALL_PACKET_FRAME_H
#define FLAGWALL_PACKET_FRAME_H

#include "capture.h"
#include "frame.h"

#include "flagwall/link_layer.h"

/* packet_frame_ethernet - an Ethernet frame, as it was recorded. */
static inline struct fw_packet packet_frame_ethernet(const struct capture_packet *packet,
						     bool tunnels)
{
	return (struct fw_packet){ .data = packet->data,
				   .length = packet->captured,
				   .missing = packet->length - packet->captured,
				   .tunnels = tunnels };
}

/*
 * packet_frame_other - one of another link: @link becomes the Ethernet header that the
 * parser reads in the place of what stands there, and must live as long as @frame.
 *
 * Returns false if what stands there is not all there.
 */
bool packet_frame_other(__u32 link_type, const struct capture_packet *packet, __u8 link[FRAME_LINK],
			struct fw_packet *frame);

/*
 * packet_frame_network - where its network layer is, of a link that is followed
 * (linktype.h). @header as above.
 *
 * Returns 0 and fills @frame and @link, or a reason.
 */
__u32 packet_frame_network(__u32 link_type, const struct capture_packet *packet,
			   __u8 header[FRAME_LINK], struct fw_packet *frame, struct fw_link *link);

#endif /* FLAGWALL_PACKET_FRAME_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "judge.h"

#include <string.h>

#include "frame.h"
#include "linktype.h"

#include "flagwall/addresses.h"
#include "flagwall/parse.h"

int judge_open(struct judge *judge, const struct policy *policy)
{
	policy_compile(policy, false, judge->action);
	policy_classes(policy, judge->class);
	judge->tunnels = policy->tunnels;
	return lookup_build(&judge->exceptions, policy);
}

void judge_close(struct judge *judge)
{
	lookup_release(&judge->exceptions);
}

/* An Ethernet frame, as it was recorded. */
static struct fw_packet ethernet(const struct capture_packet *packet, bool tunnels)
{
	return (struct fw_packet){ .data = packet->data,
				   .length = packet->captured,
				   .missing = packet->length - packet->captured,
				   .tunnels = tunnels };
}

/*
 * One of another link: @link becomes the Ethernet header that the parser reads in
 * the place of what stands there. False if that is not all there.
 */
static bool other(__u32 link_type, const struct capture_packet *packet, __u8 link[FRAME_LINK],
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

static bool holds(const struct lookup *lookup, const struct fw_except_key *key, unsigned int class)
{
	const struct exception *exception = lookup_find(lookup, key);

	return exception && exception_holds(exception, class);
}

/* The network layer of a frame of any link. Returns 0, or a reason. */
static __u32 find_network(__u32 link_type, const struct capture_packet *packet,
			  __u8 header[FRAME_LINK], struct fw_packet *frame, struct fw_link *link)
{
	__u32 reason;

	if (link_type == LINKTYPE_ETHERNET)
		*frame = ethernet(packet, false);
	else if (!other(link_type, packet, header, frame))
		return FW_REASON_TRUNCATED;
	reason = fw_parse_ethernet(frame, link);
	return reason ? reason : fw_parse_link(frame, FW_NO_LIMIT, link);
}

/* As fw_excepted() in bpf/except.h. */
static bool excepted(const struct judge *judge, __u32 link_type,
		     const struct capture_packet *packet, __u32 outcome)
{
	struct fw_except_key from = {}, to = {};
	struct fw_link link = {};
	struct fw_packet frame;
	__u8 header[FRAME_LINK];

	if (find_network(link_type, packet, header, &frame, &link) ||
	    !fw_parse_addresses(&frame, &link, &from, &to))
		return false;
	return holds(&judge->exceptions, &from, judge->class[outcome]) ||
	       holds(&judge->exceptions, &to, judge->class[outcome]);
}

/*
 * Nearly every frame of a capture is plain and flagged by nobody who is excepted. What
 * it takes to judge it is short; what any other one takes is apart from it, called last
 * and by nobody else, so that the short way has no registers to save for it.
 */
static __attribute__((noinline)) bool flagged(const struct judge *judge, __u32 link_type,
					      const struct capture_packet *packet,
					      struct verdict *verdict)
{
	verdict->excepted = excepted(judge, link_type, packet, verdict->outcome);
	return true;
}

static inline bool decide(const struct judge *judge, __u32 link_type,
			  const struct capture_packet *packet, __u32 outcome,
			  struct verdict *verdict)
{
	verdict->outcome = outcome;
	verdict->action = (enum fw_action)judge->action[outcome];
	verdict->excepted = false;
	if (verdict->action != FW_PASS && judge->exceptions.count)
		return flagged(judge, link_type, packet, verdict);
	return true;
}

static __attribute__((noinline)) bool layers(const struct judge *judge,
					     const struct capture_packet *packet,
					     struct verdict *verdict)
{
	const struct fw_packet frame = ethernet(packet, judge->tunnels);

	return decide(judge, LINKTYPE_ETHERNET, packet, fw_parse_layers(&frame), verdict);
}

static __attribute__((noinline)) bool other_link(const struct judge *judge, __u32 link_type,
						 const struct capture_packet *packet,
						 struct verdict *verdict)
{
	__u32 outcome = FW_REASON_TRUNCATED;
	__u8 link[FRAME_LINK];
	struct fw_packet frame;

	if (!linktype_known(link_type))
		return false;
	if (other(link_type, packet, link, &frame)) {
		frame.tunnels = judge->tunnels;
		outcome = fw_parse(&frame);
	}
	return decide(judge, link_type, packet, outcome, verdict);
}

bool judge_packet(const struct judge *judge, __u32 link_type, const struct capture_packet *packet,
		  struct verdict *verdict)
{
	const struct fw_packet frame = ethernet(packet, judge->tunnels);
	__u32 outcome;

	if (link_type != LINKTYPE_ETHERNET)
		return other_link(judge, link_type, packet, verdict);
	outcome = fw_parse_plain(&frame);
	if (outcome == FW_NOT_PLAIN)
		return layers(judge, packet, verdict);
	return decide(judge, LINKTYPE_ETHERNET, packet, outcome, verdict);
}

void judge_endpoints(__u32 link_type, const struct capture_packet *packet,
		     struct endpoints *endpoints)
{
	struct fw_except_key from = {}, to = {};
	struct fw_network net = {};
	struct fw_link link = {};
	struct fw_packet frame;
	__u8 header[FRAME_LINK];
	const __u8 *ip, *ports;
	__u32 reason;

	*endpoints = (struct endpoints){};
	if (!linktype_known(link_type))
		return;
	reason = find_network(link_type, packet, header, &frame, &link);
	endpoints->vlan = link.vlan;
	endpoints->vlan_tags = link.vlan_tags;
	if (reason || !fw_parse_addresses(&frame, &link, &from, &to))
		return;
	endpoints->family = from.family;
	memcpy(endpoints->source, from.address, sizeof(from.address));
	memcpy(endpoints->destination, to.address, sizeof(to.address));
	ip = fw_packet_slice(&frame, link.offset, 20);
	if (ip)
		endpoints->ttl = ip[from.family == 4 ? 8 : 7];
	if (fw_parse_ip(&frame, &link, &net) || fw_parse_extensions(&frame, &net) ||
	    net.offset + 4 > net.end)
		return;
	ports = fw_packet_slice(&frame, net.offset, 4);
	if (!ports)
		return;
	endpoints->source_port = fw_load16(ports);
	endpoints->destination_port = fw_load16(ports + 2);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "judge.h"

#include "linktype.h"
#include "packet_frame.h"

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

static bool holds(const struct lookup *lookup, const struct fw_except_key *key, unsigned int class)
{
	const struct exception *exception = lookup_find(lookup, key);

	return exception && exception_holds(exception, class);
}

/* As fw_excepted() in bpf/except.h. */
static bool excepted(const struct judge *judge, __u32 link_type,
		     const struct capture_packet *packet, __u32 outcome)
{
	struct fw_except_key from = {}, to = {};
	struct fw_link link = {};
	struct fw_packet frame;
	__u8 header[FRAME_LINK];

	if (packet_frame_network(link_type, packet, header, &frame, &link) ||
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
	const struct fw_packet frame = packet_frame_ethernet(packet, judge->tunnels);

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
	if (packet_frame_other(link_type, packet, link, &frame)) {
		frame.tunnels = judge->tunnels;
		outcome = fw_parse(&frame);
	}
	return decide(judge, link_type, packet, outcome, verdict);
}

bool judge_packet(const struct judge *judge, __u32 link_type, const struct capture_packet *packet,
		  struct verdict *verdict)
{
	const struct fw_packet frame = packet_frame_ethernet(packet, judge->tunnels);
	__u32 outcome;

	if (link_type != LINKTYPE_ETHERNET)
		return other_link(judge, link_type, packet, verdict);
	outcome = fw_parse_plain(&frame);
	if (outcome == FW_NOT_PLAIN)
		return layers(judge, packet, verdict);
	return decide(judge, LINKTYPE_ETHERNET, packet, outcome, verdict);
}

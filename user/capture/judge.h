/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A policy's judgement of frames in memory: what the kernel's program decides, by
 * the same parser, the same action table and the same exceptions. Pure.
 */
#ifndef FLAGWALL_JUDGE_H
#define FLAGWALL_JUDGE_H

#include "capture.h"
#include "lookup.h"

struct judge {
	__u8 action[FW_ACTION_SLOTS]; /* enum fw_action, by outcome */
	__u8 class[FW_ACTION_SLOTS];  /* what exceptions know them by */
	struct lookup exceptions;
	bool tunnels; /* look inside of them */
};

struct verdict {
	__u32 outcome;
	enum fw_action action; /* of the policy, whatever its exceptions say */
	bool excepted;         /* flagged, and let pass by an exception */
};

/*
 * judge_open - by @policy, which must live as long.
 *
 * Returns 0 or -ENOMEM. To be released by judge_close() in any case.
 */
int judge_open(struct judge *judge, const struct policy *policy);
void judge_close(struct judge *judge);

/*
 * judge_packet - the verdict on @packet, of a link of @link_type.
 *
 * Returns true and fills @verdict; false if the link type is none that is
 * followed (linktype.h).
 */
bool judge_packet(const struct judge *judge, __u32 link_type, const struct capture_packet *packet,
		  struct verdict *verdict);

#endif /* FLAGWALL_JUDGE_H */

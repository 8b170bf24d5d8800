/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a listener hears from one filter, made out of bytes: each flagged packet with
 * the pattern that flagged it, by the policy that was in force then.
 */
#ifndef FLAGWALL_HEARING_H
#define FLAGWALL_HEARING_H

#include "filter_listen.h"
#include "judge.h"

/* A flagged packet. Nothing is owned; it is valid while it is heard. */
struct event {
	const struct device *device;
	struct capture_packet packet; /* Ethernet, with all its tags; stamp: UTC in ns */
	struct verdict verdict;
	const char *name; /* of the pattern or the reason */
	__u16 stands_for; /* so many flagged packets, by the sample; see struct fw_event */
	bool bare;        /* there was no Ethernet header: what stands there is made up */
	__u32 number;     /* of the filter, as hearing->number */
};

struct hearing {
	struct device device;
	__u32 number;             /* the caller's */
	const char *pattern;      /* hear of this pattern or reason alone; or NULL; not owned */
	struct listener listener; /* owned */

	/* What is in force, and what was before: packets of both may still wait. */
	struct policy policy, before; /* owned */
	__u64 since, since_before;
	__u64 unknown; /* the policy of some packet was none of both: do not look again for it */
	__u64 told;    /* packets that were handed to take() */
	__u64 clock;   /* CLOCK_REALTIME less CLOCK_BOOTTIME, ns */
	int err;       /* what went wrong while hearing; fail() has spoken */

	/*
	 * What is not 0 ends hearing_read(), and the packet is not counted as told.
	 * -ECANCELED: no more is wanted; else -errno after fail(), which it returns.
	 */
	int (*take)(void *context, const struct event *event);
	void *context; /* of take() */
};

/*
 * hearing_claim - claim the filter on @device and see what is in force there. @hearing
 * has pattern, take, context and number; @sample and @rate are those of struct
 * listen_request.
 *
 * Returns 0; or -errno after fail(); -FW_EUSAGE if the policy has no such pattern.
 * To be released by hearing_release() in any case.
 */
int hearing_claim(struct hearing *hearing, const struct device *device, __u32 sample, __u32 rate);

/* hearing_begin - listen. Returns 0 or -errno after fail(). */
int hearing_begin(struct hearing *hearing);

/*
 * hearing_look - what is in force may have changed. Every second or so. Returns 0, or
 * -errno after fail() if there is nothing to be heard any more.
 */
int hearing_look(struct hearing *hearing);

/* hearing_read - hear what there is. Returns 0 or -errno after fail(). */
int hearing_read(struct hearing *hearing);

/* hearing_totals - what became of the packets so far. Returns 0 or -errno after fail(). */
int hearing_totals(const struct hearing *hearing, struct listen_totals *totals);

/* hearing_release - let go of it. It does not end the listening. */
void hearing_release(struct hearing *hearing);

#endif /* FLAGWALL_HEARING_H */

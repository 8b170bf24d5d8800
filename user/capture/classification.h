/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What became of the packets of one capture: the counters of `classify`. */
#ifndef FLAGWALL_CLASSIFICATION_H
#define FLAGWALL_CLASSIFICATION_H

#include <jansson.h>

#include "capture.h"
#include "judge.h"
#include "query.h"

#define LINK_TYPES 65536

/* Packets of one link type that is not followed. */
struct not_judged {
	__u64 packets;
	__u64 bytes;
};

struct classification {
	const char *file; /* as the user wrote it; not owned, as @policy */
	const struct policy *policy;
	struct fw_count counts[FW_OUTCOMES]; /* of the judged ones */
	struct not_judged *not_judged;       /* owned: LINK_TYPES of them; or NULL: none */
	__u64 not_judged_packets;
	__u64 cut;    /* truncated by whoever recorded them, not by their sender */
	__u64 first;  /* times of the earliest and the latest, ns since the epoch; */
	__u64 latest; /* 0: not known */
};

void classification_release(struct classification *classification);

/* classification_time - a packet was recorded at @time; 0: that is not known. */
static inline void classification_time(struct classification *classification, __u64 time)
{
	if (time > classification->latest)
		classification->latest = time;
	/* One less than 0 is the largest: what is not known is never the first. */
	if (time - 1 < classification->first - 1)
		classification->first = time;
}

/* classification_add - count @packet with its @verdict. Inline: a capture has millions. */
static inline void classification_add(struct classification *classification,
				      const struct capture_packet *packet,
				      const struct verdict *verdict)
{
	struct fw_count *count = &classification->counts[verdict->outcome];

	count->packets++;
	count->bytes += packet->length;
	if (verdict->outcome == FW_REASON_TRUNCATED && packet->captured < packet->length)
		classification->cut++;
	if (verdict->action == FW_PASS)
		return;
	if (verdict->excepted)
		count->excepted++;
	else if (verdict->action == FW_DROP)
		count->dropped++;
}

/*
 * classification_add_not_judged - count @packet, which cannot be judged because of its
 * @link_type. Returns 0 or -ENOMEM.
 */
int classification_add_not_judged(struct classification *classification, __u32 link_type,
				  const struct capture_packet *packet);

/* classification_text - print it for people. */
void classification_text(const struct classification *classification, const struct query *query);

/*
 * classification_json - the object that docs/json.md describes, and where @capture
 * is damaged. The caller owns it; NULL without memory.
 */
json_t *classification_json(const struct classification *classification,
			    const struct capture *capture, const struct query *query);

#endif /* FLAGWALL_CLASSIFICATION_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Flagged packets as a pcapng file: each as it was recorded, with its time and
 * link type, and with its pattern and action as its comment, which wireshark shows
 * and filters by (frame.comment).
 */
#ifndef FLAGWALL_FLAGGED_H
#define FLAGWALL_FLAGGED_H

#include "capture.h"
#include "judge.h"
#include "outfile.h"
#include "pcapng_write.h"

struct flagged {
	struct outfile outfile;
	struct pcapng pcapng;

	/* Of the capture that is being read: where its interfaces are in this file. */
	__u32 *interfaces; /* owned; one more than the number here, or 0 */
	size_t room;
	__u32 section;
};

/*
 * flagged_open - begin the file that is to be @path.
 *
 * Returns 0 or -errno after fail(). To be released by flagged_cancel().
 */
int flagged_open(struct flagged *flagged, const char *path);

/* flagged_begin - packets of another capture follow. */
void flagged_begin(struct flagged *flagged);

/*
 * flagged_add - write @packet of @capture, which @policy flagged with @verdict.
 * What fails is kept for flagged_commit().
 */
void flagged_add(struct flagged *flagged, const struct capture *capture,
		 const struct capture_packet *packet, const struct policy *policy,
		 const struct verdict *verdict);

/* flagged_commit - see outfile_commit(). */
int flagged_commit(struct flagged *flagged);

/* flagged_cancel - let go of it, and leave nothing: also after a commit. */
void flagged_cancel(struct flagged *flagged);

#endif /* FLAGWALL_FLAGGED_H */

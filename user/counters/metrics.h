/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Filters as Prometheus sees them. Packets are put in bins by the patterns of the
 * built-in default policy, whatever policy runs: the names of series never change,
 * and a new policy moves nothing from one series to another.
 */
#ifndef FLAGWALL_METRICS_H
#define FLAGWALL_METRICS_H

#include <stdio.h>

#include "filter.h"
#include "policy.h"

/* How it is written down. */
enum metrics_format {
	METRICS_OPENMETRICS, /* OpenMetrics 1.0.0 */
	METRICS_PROMETHEUS,  /* text format 0.0.4: node_exporter's files, promtool check metrics */
};

/* One filter; or an interface that has none. */
struct metrics_source {
	char interface[IF_NAMESIZE + 12]; /* unlike that of every other source at the hook */
	unsigned int ifindex;
	enum hook hook;
	bool attached;
	bool readable; /* if not, all that follows means nothing */
	enum xdp_mode mode;
	bool fallback; /* generic, because the driver refused */
	bool observe;
	bool unconfirmed;   /* the policy goes back by itself, unless confirmed in time */
	bool witness_known; /* the kernel told how many packets the interface itself had */
	__u64 witness;
	__u64 attached_since; /* CLOCK_REALTIME ns; 0: unknown */
	__u64 policy_since;   /* the same */
	__u32 exceptions;
	char policy[POLICY_NAME];
	char version[32]; /* of the tool that attached it */
	__u8 sha256[32];  /* of the policy */
	/* By pattern of the built-in policy, and behind those by reason. */
	struct fw_count bins[PATTERNS_MOST + FW_REASON_COUNT];
	bool asks_states; /* of connections; then, by state and the same patterns: */
	struct fw_count states[FW_STATE_UNJUDGED + 1][PATTERNS_MOST];
};

struct metrics {
	struct policy bins;             /* owned: the built-in default policy */
	struct metrics_source *sources; /* owned */
	int count;
	const char *where; /* the network namespace, if it is not the caller's; not owned */
	__u64 time;        /* of reading: CLOCK_REALTIME ns */
};

/*
 * metrics_read - read the filters of @count @devices, and, if @severed, name those of
 * the current namespace whose interface is gone.
 *
 * @where is what the user calls that namespace, or NULL if it is the caller's own.
 * Returns 0 and fills @metrics, to be released by metrics_release() in any case;
 * or -errno after fail().
 */
int metrics_read(const struct device *devices, int count, const char *where, bool severed,
		 struct metrics *metrics);
void metrics_release(struct metrics *metrics);

/* metrics_print - write all of it to @file. Whether it arrived is for the caller to ask. */
void metrics_print(const struct metrics *metrics, enum metrics_format format, FILE *file);

#endif /* FLAGWALL_METRICS_H */

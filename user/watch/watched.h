/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The filters that somebody watches, while they come, change and go. */
#ifndef FLAGWALL_WATCHED_H
#define FLAGWALL_WATCHED_H

#include "options.h"
#include "rates.h"
#include "reading.h"
#include "report.h"

/* What a reading showed that the one before it did not. */
enum watched_event {
	WATCHED_SAME,
	WATCHED_ATTACHED, /* it was not there, or it is another one: counters begin anew */
	WATCHED_REPLACED, /* another program, the same counters */
	WATCHED_POLICY,   /* another policy or verdict, the same counters */
	WATCHED_GONE,
	WATCHED_UNREADABLE, /* it is there, and @message says why it cannot be read */
};

/* What makes one reading differ from the next, beside its counters. */
struct watched_state {
	__u64 attached_since;
	__u32 program, observe;
	__u8 policy_sha256[32];
};

/* One filter: that of one hook of one interface. */
struct watched {
	struct device device;
	struct reading *reading;   /* owned: the latest; NULL: there never was one */
	struct watched_state last; /* of it */
	struct rates rates;        /* of the filter that is there now */
	enum xdp_mode mode;        /* at the hook xdp */
	bool there;                /* @reading is of now */
	enum watched_event event;  /* of the latest look */
	enum watched_event noted;  /* the latest that was none of the SAME, */
	__u64 noted_at;            /* and when: CLOCK_REALTIME ns; 0: before we looked */
	char message[REPORT_TEXT]; /* why it is not there */
};

/* An interface that was asked for by its name. */
struct watched_name {
	const char *name; /* not owned */
	unsigned int ifindex;
};

struct watch {
	const char *where;          /* what the user said for --netns, or NULL; not owned */
	int hook;                   /* that alone; -1: every one */
	struct watched_name *names; /* owned */
	int name_count;             /* 0: every filter of the namespace */
	struct watched **list;      /* owned */
	size_t count;
	struct pins_key *pins; /* owned: what was pinned at the latest whole look */
	int pin_count;
	int again;    /* looks since then that only asked the filters that it found */
	__u64 time;   /* of the latest look: CLOCK_REALTIME ns */
	bool looking; /* that was not the first one */
};

/*
 * watch_open - what an invocation asks to watch. Enters --netns.
 *
 * Returns 0 and fills @watch, to be released by watch_close() in any case; or
 * -errno after fail(), -ENOENT if there is no filter at all.
 */
int watch_open(const struct invocation *invocation, struct watch *watch);
void watch_close(struct watch *watch);

/*
 * watch_look - look at all of them, and for new ones. Those that are gone stay in
 * the list for a minute, or for as long as somebody asked for them by name.
 *
 * Returns 0 or -errno after fail(), if filters cannot be looked for.
 */
int watch_look(struct watch *watch);

/* watched_text - "attached at 21:50:18Z", of what was noted in the last minute, or "". */
#define WATCHED_TEXT 64
const char *watched_text(const struct watched *watched, __u64 now, char text[WATCHED_TEXT]);

#endif /* FLAGWALL_WATCHED_H */

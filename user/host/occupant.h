/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The XDP program that has an interface already: whose it is, and how to get along with it. */
#ifndef FLAGWALL_OCCUPANT_H
#define FLAGWALL_OCCUPANT_H

#include "device.h"

#define OCCUPANT_TEXT 512

struct occupant {
	char program[128];          /* "'NAME' (id N, native)"; the name only for CAP_SYS_ADMIN */
	char name[16];              /* "" if the kernel does not tell */
	__u32 link;                 /* ID of the bpf_link that holds it; 0: none, or not told */
	char holder[OCCUPANT_TEXT]; /* who holds the link: a pin, a process; "" if not found */
	char advice[OCCUPANT_TEXT]; /* what to do */
};

/*
 * occupant_read - all that can be said about the program of @state on @device.
 *
 * Who holds a link is found by walking /sys/fs/bpf and /proc, which takes a
 * while on a busy host: only for messages.
 */
void occupant_read(const struct device *device, const struct xdp_state *state,
		   struct occupant *occupant);

/* occupant_refuse - fail() because of it: -EBUSY. */
int occupant_refuse(const struct device *device, const struct xdp_state *state);

/* Other programs at a hook of tc. */
struct occupant_tc {
	bool known;  /* those of TCX (6.6 and newer) were told; only CAP_NET_ADMIN may ask */
	int before;  /* of TCX, before ours: what they accept or drop, it does not see */
	int others;  /* of TCX, behind ours or without it */
	int filters; /* of the older kind, which come behind TCX */
};

/* occupant_tc - who else is at @hook of @ifindex; @own is the ID of our program there, or 0. */
struct occupant_tc occupant_tc(unsigned int ifindex, enum hook hook, __u32 own);

#endif /* FLAGWALL_OCCUPANT_H */

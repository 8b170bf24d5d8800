/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A network device, and what XDP program the kernel says is on it. */
#ifndef FLAGWALL_DEVICE_H
#define FLAGWALL_DEVICE_H

#include <linux/types.h>
#include <net/if.h>
#include <stdbool.h>
#include <sys/types.h>

#include "hook.h"

struct device {
	char name[IF_NAMESIZE];  /* for the kernel */
	char label[IF_NAMESIZE]; /* for people: printable */
	ino_t netns;             /* inode of its namespace */
	const char *where;       /* what the user said for --netns, or NULL; not owned */
	unsigned int ifindex;
	enum hook hook; /* which of its hooks is meant */
};

/*
 * device_find - the device @name of the process's network namespace.
 *
 * Returns 0 and fills @device; -ENODEV: there is none; or -errno: the kernel could not be
 * asked. In silence.
 */
int device_find(const char *name, const char *where, struct device *device);

/* device_by_index - the same for its number. */
int device_by_index(unsigned int ifindex, const char *where, struct device *device);

/* How the packets of an interface begin. */
enum framing {
	FRAMING_ETHERNET,
	FRAMING_NONE,  /* with their IP header: tun, WireGuard */
	FRAMING_OTHER, /* with a header of another kind, or now so and now so */
};

/* device_framing - how the packets of @device begin. Where nobody says, with Ethernet. */
enum framing device_framing(const struct device *device);

/*
 * device_words - "eth0 --hook tc-egress --netns blue": what a command needs to mean
 * @device, its hook too. For messages that say what to type.
 */
#define DEVICE_WORDS 320
const char *device_words(const struct device *device, char text[DEVICE_WORDS]);

/* device_mac - its Ethernet address; zeros, if it has none. Returns 0, or -errno in silence. */
int device_mac(const struct device *device, __u8 mac[6]);

enum xdp_mode {
	XDP_MODE_NONE,
	XDP_MODE_NATIVE,
	XDP_MODE_GENERIC,
	XDP_MODE_OFFLOAD,
};

struct xdp_state {
	enum xdp_mode mode;
	__u32 program; /* its ID */
};

/*
 * device_xdp - ask the kernel which XDP program is on @ifindex.
 *
 * Returns 0 and fills @state (XDP_MODE_NONE without a program), or -errno in
 * silence.
 */
int device_xdp(unsigned int ifindex, struct xdp_state *state);

#define DEVICE_PROGRAMS_MOST 64 /* at one hook of tc (BPF_MPROG_MAX) */

/*
 * device_runs - does @ifindex, an interface of the process's namespace, run the
 * program with the ID @program at @hook? Returns 1, 0, or -errno in silence.
 */
int device_runs(unsigned int ifindex, enum hook hook, __u32 program);

/*
 * device_packets - how many packets the interface itself counted: sent, at tc-egress,
 * or else received; what XDP drops is not in it with every driver. Returns 0, or
 * -errno in silence.
 */
int device_packets(const struct device *device, __u64 *packets);

/* xdp_mode_name - "native", "generic", "offload"; "none" without a program. */
const char *xdp_mode_name(enum xdp_mode mode);

#endif /* FLAGWALL_DEVICE_H */

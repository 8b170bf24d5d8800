/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The program in the kernel, loaded in each way that its switches allow, and its
 * counters: what the tests compare with the native parser frame by frame.
 *
 * Every test run of an XDP program waits for an RCU grace period (4 ms)
 * unless the program is natively attached somewhere: so it is attached first,
 * to a veth in a network namespace of our own, where nothing is ever sent.
 */
#ifndef FLAGWALL_TESTS_KERNELS_H
#define FLAGWALL_TESTS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

#include "flagwall/layout.h"
#include "object.h"

/* What the kernel takes for a test run. */
#define KERNEL_SHORTEST 14  /* ETH_HLEN */
#define KERNEL_LONGEST 3328 /* a page less headroom and struct skb_shared_info, on s390x most */

/* The program as it is loaded one way. */
struct kernel {
	const char *name;
	struct fw_switches switches;
	struct loaded_object loaded; /* stays loaded to the end */
	int counters;
	/* What the counters must hold by now, and all frames run. */
	struct fw_count counted[FW_OUTCOMES];
	__u64 frames_run;
	bool failed_midway;
};

#define KERNELS 2
extern struct kernel kernels[KERNELS];

/*
 * kernels_load - load @path in every way, in a network namespace of our own.
 *
 * Returns 0, or -1 with a message on stderr.
 */
int kernels_load(const char *path);
void kernels_close(void);

/*
 * kernel_read_slot - the sum over all CPUs of the counters of @outcome, without
 * the excepted, into @sum. Returns 0 or -errno.
 */
int kernel_read_slot(const struct kernel *kernel, __u32 outcome, struct fw_count *sum);

#endif /* FLAGWALL_TESTS_KERNELS_H */

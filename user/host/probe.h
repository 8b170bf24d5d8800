/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trying what the kernel can do, with a program of two instructions that goes nowhere. */
#ifndef FLAGWALL_PROBE_H
#define FLAGWALL_PROBE_H

#include <stdbool.h>

/* BPF_F_XDP_HAS_FRAGS of include/uapi/linux/bpf.h, which came with 5.18. */
#define PROBE_HAS_FRAGS (1U << 5)

struct probe {
	int xdp; /* 0: it loads XDP programs; otherwise -errno */
	bool jit_known;
	bool jit;   /* are they translated to machine code? */
	bool frags; /* may a program take packets in several buffers (5.18)? */
};

/* probe_kernel - try. Nothing is attached, and nothing stays. */
void probe_kernel(struct probe *probe);

/* probe_frags - may a program take packets in several buffers? */
bool probe_frags(void);

#endif /* FLAGWALL_PROBE_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What flood.c tells source.bpf.c, by its .bss. */
#ifndef FLAGWALL_BENCH_SOURCE_H
#define FLAGWALL_BENCH_SOURCE_H

#include <linux/types.h>

struct source {
	__u32 interface; /* index of the one that sends */
	__u32 spoof;     /* a random IPv4 address and port each */
	__u32 mix;       /* SYN and FIN, or ACK alone, in this share: */
	__u32 illegal;   /* per cent with SYN and FIN */
};

#endif /* FLAGWALL_BENCH_SOURCE_H */

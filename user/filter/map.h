/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A BPF map of the kernel's, behind a descriptor. */
#ifndef FLAGWALL_MAP_H
#define FLAGWALL_MAP_H

#include <linux/types.h>
#include <stdbool.h>

/*
 * map_fits - is the map behind @fd the one that this version would make? A map of
 * another type gives more than there is room for: per-CPU ones a value for each CPU.
 */
bool map_fits(int fd, __u32 type, __u32 value_size, __u32 entries);

#endif /* FLAGWALL_MAP_H */

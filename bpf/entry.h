/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The table by which an entry calls what judges: one write exchanges that. */
#ifndef FLAGWALL_ENTRY_H
#define FLAGWALL_ENTRY_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} fw_program SEC(".maps");

#endif /* FLAGWALL_ENTRY_H */

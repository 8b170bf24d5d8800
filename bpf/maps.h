/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The maps of one filter. The loader pins them; see flagwall/layout.h. */
#ifndef FLAGWALL_MAPS_H
#define FLAGWALL_MAPS_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "flagwall/layout.h"

/* What is in force. The loader replaces it whole; we only ever read. */
struct fw_config fw_config = {
#include "default_config.inc"
};

/* Packets by outcome. They do not depend on the policy. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FW_OUTCOMES);
	__type(key, __u32);
	__type(value, struct fw_count);
} fw_counters SEC(".maps");

/* The loader makes room for as many as there are, and no trie if there are none. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct fw_except_key);
	__type(value, struct fw_except);
} fw_exceptions SEC(".maps");

#endif /* FLAGWALL_MAPS_H */

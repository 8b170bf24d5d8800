/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What segments were counted as by the state of their connection. Every filter has
 * it, where sockets are asked (by_state.h) and where they are not.
 */
#ifndef FLAGWALL_STATES_H
#define FLAGWALL_STATES_H

#include "maps.h"

/* Segments by the state of their connection and their control bits, where it is asked. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FW_STATE_SLOTS);
	__type(key, __u32);
	__type(value, struct fw_count);
} fw_states SEC(".maps");

#endif /* FLAGWALL_STATES_H */

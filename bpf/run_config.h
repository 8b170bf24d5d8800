/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What libxdp (xdp-loader) wants to know of a program before it puts several on
 * one interface: who goes first, and after which verdicts the next one runs. It
 * is read from the BTF of this variable alone, whose members are pointers to
 * arrays of that many elements (xdp-tools, lib/libxdp/README.org); its name is
 * an underscore and the program's. Our own loader does not care.
 */
#ifndef FLAGWALL_RUN_CONFIG_H
#define FLAGWALL_RUN_CONFIG_H

#include <bpf/bpf_helpers.h>

struct {
	__uint(priority, 10);
	__uint(XDP_PASS, 1);
} _flagwall SEC(".xdp_run_config");

#endif /* FLAGWALL_RUN_CONFIG_H */

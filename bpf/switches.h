/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is decided at load time: the loader writes it before the verifier looks,
 * who then removes what is switched off.
 */
#ifndef FLAGWALL_SWITCHES_H
#define FLAGWALL_SWITCHES_H

#include "flagwall/layout.h"

const volatile struct fw_switches fw_switches = {};

/* fw_packet_tunnels - see flagwall/packet.h: the same for every reader here. */
struct fw_packet;
static __always_inline int fw_packet_tunnels(const struct fw_packet *packet)
{
	(void)packet;
	return fw_switches.tunnels != 0;
}

#endif /* FLAGWALL_SWITCHES_H */

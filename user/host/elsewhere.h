/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who else may have what arrives for this host's addresses: where segments are handed
 * on by NAT or a load balancer, or belong to a device above, the sockets of this
 * namespace do not tell the state of a connection.
 */
#ifndef FLAGWALL_ELSEWHERE_H
#define FLAGWALL_ELSEWHERE_H

#include <stdbool.h>

#include "device.h"

#define ELSEWHERE_TEXT 160 /* bytes, with NUL */

/*
 * elsewhere_find - is there anything, in the process's network namespace, by which
 * segments that arrive on @device may not be for its sockets? As far as this process
 * may see: without CAP_NET_ADMIN only part of it.
 *
 * Returns true with what it is in @text, to stand behind "as"; or false, and an
 * empty @text.
 */
bool elsewhere_find(const struct device *device, char text[ELSEWHERE_TEXT]);

#endif /* FLAGWALL_ELSEWHERE_H */

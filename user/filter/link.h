/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bpf_link that holds a program on an interface, and why there may be none. */
#ifndef FLAGWALL_LINK_H
#define FLAGWALL_LINK_H

#include <stddef.h>

#include "device.h"
#include "filter.h"

#define LINK_TYPE_TCX 11 /* BPF_LINK_TYPE_TCX, since Linux 6.6 */

/*
 * link_attach - attach the program behind @program, which takes several buffers
 * (@frags) or not, to the hook of @device as @mode says, which only XDP asks.
 *
 * Returns the link's descriptor, the caller's; or -errno after fail(). If auto
 * mode takes generic, the driver's refusal is written to @fallback, which has
 * @size bytes; and if @program is not for generic mode, as it takes several
 * buffers, -EAGAIN is returned in silence.
 */
int link_attach(const struct device *device, int program, bool frags, enum attach_mode mode,
		char *fallback, size_t size);

#endif /* FLAGWALL_LINK_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Links at netfilter. They belong to a network namespace, which they keep alive, and
 * there is one for IPv4 and one for IPv6. Both hold a program that knows its interface
 * and calls what judges by a table (bpf/netfilter_entry.bpf.c): the pins "link", "link6"
 * and "entry".
 */
#ifndef FLAGWALL_LINK_NETFILTER_H
#define FLAGWALL_LINK_NETFILTER_H

#include "device.h"
#include "filter.h"

/*
 * netfilter_attach - let the program behind @program judge what comes in by @device,
 * before raw tables and connection tracking see it, and where the kernel can do that,
 * after fragments were put together. Pins under @key all but the link for IPv4.
 *
 * Returns that one's descriptor, the caller's; or -errno after fail().
 */
int netfilter_attach(const struct device *device, const struct pins_key *key, int program);

/*
 * netfilter_read - the interface, the program and whether fragments are put together,
 * into @filter, whose link and entry are open. Returns 0 or -errno in silence.
 */
int netfilter_read(struct filter *filter);

#endif /* FLAGWALL_LINK_NETFILTER_H */

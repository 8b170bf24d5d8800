/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bpf_link that holds a program on an interface, and why there may be none. */
#ifndef FLAGWALL_LINK_H
#define FLAGWALL_LINK_H

#include <stddef.h>

#include "device.h"
#include "filter.h"

#define LINK_TYPE_NETFILTER 10 /* BPF_LINK_TYPE_NETFILTER, since Linux 6.4 */
#define LINK_TYPE_TCX 11       /* BPF_LINK_TYPE_TCX, since Linux 6.6 */

/*
 * link_attach - attach the program behind @program, which takes several buffers
 * (@frags) or not, to the hook of @device as @mode says, which only XDP asks. Where it
 * takes more than a link, the rest is pinned under @key.
 *
 * Returns the link's descriptor, the caller's; or -errno after fail(). If auto
 * mode takes generic, the driver's refusal is written to @fallback, which has
 * @size bytes; and if @program is not for generic mode, as it takes several
 * buffers, -EAGAIN is returned in silence.
 */
int link_attach(const struct device *device, const struct pins_key *key, int program, bool frags,
		enum attach_mode mode, char *fallback, size_t size);

/*
 * link_read - what the open link of @filter says into @filter: the interface (0: it is
 * gone), and which program judges. Returns 0 or -errno in silence.
 */
int link_read(struct filter *filter);

/*
 * link_exchange - let the program behind @program judge in the place of the one that
 * does: each packet meets one of them. Returns 0 or -errno in silence.
 */
int link_exchange(const struct filter *filter, int program);

/*
 * link_runs - does the interface of @filter, which has no link of its own, run it, and is it one
 * of the process's namespace? Returns 1, 0, or -errno in silence.
 */
int link_runs(const struct filter *filter);

/* link_detach - end it, even if somebody else holds the link. Returns 0 or -errno in silence. */
int link_detach(const struct filter *filter);

/* link_gone - is the interface of @key, if of the process's namespace, not there any more? */
bool link_gone(const struct pins_key *key);

/*
 * link_severed - is the interface gone that @link, the pin of @key, was attached to? Or did
 * somebody take the filter out, where that is not the link's own doing?
 */
bool link_severed(const struct pins_key *key, int link);

#endif /* FLAGWALL_LINK_H */

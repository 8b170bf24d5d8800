/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Questions to the kernel over netlink: one request, all that comes back. */
#ifndef FLAGWALL_NETLINK_H
#define FLAGWALL_NETLINK_H

#include <linux/netlink.h>
#include <linux/types.h>
#include <stddef.h>

#include "hook.h"

#define NETLINK_ROOM 512 /* bytes of a request */

struct netlink_request {
	struct nlmsghdr header;
	char room[NETLINK_ROOM];
};

/* netlink_begin - @request is to ask @type, with a fixed part of @size bytes, zeroed. */
void *netlink_begin(struct netlink_request *request, __u16 type, __u16 flags, size_t size);

/* netlink_add - append the attribute @type. There must be room. */
void netlink_add(struct netlink_request *request, __u16 type, const void *data, size_t size);

/*
 * netlink_ask - send @request, and hand each message of the answer to @take
 * until it returns nonzero.
 *
 * Returns 0 or -errno in silence: the kernel's, or that of the socket.
 */
int netlink_ask(int protocol, struct netlink_request *request,
		int (*take)(const struct nlmsghdr *message, void *context), void *context);

/* netlink_clsact - the same for the filters of clsact on @ifindex, at @hook, which is tc's. */
int netlink_clsact(unsigned int ifindex, enum hook hook,
		   int (*take)(const struct nlmsghdr *message, void *context), void *context);

/*
 * netlink_attribute - the attribute @type behind the fixed part of @fixed bytes.
 *
 * Returns it, or NULL; it is part of @message.
 */
const struct nlattr *netlink_attribute(const struct nlmsghdr *message, size_t fixed, __u16 type);

/* netlink_within - the attribute @type nested in @outer, or NULL. */
const struct nlattr *netlink_within(const struct nlattr *outer, __u16 type);

/* netlink_u32 - its value; 0 if it is NULL, or too short. */
__u32 netlink_u32(const struct nlattr *attribute);

/* netlink_text - copy its text to @text of @size bytes; nothing if it is NULL. */
void netlink_text(const struct nlattr *attribute, char *text, size_t size);

#endif /* FLAGWALL_NETLINK_H */

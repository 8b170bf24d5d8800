// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "netlink.h"

#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"

#define ANSWER (1 << 16) /* more than the kernel puts into one datagram */

void *netlink_begin(struct netlink_request *request, __u16 type, __u16 flags, size_t size)
{
	*request = (struct netlink_request){
		.header = { .nlmsg_len = (__u32)NLMSG_LENGTH(size),
			    .nlmsg_type = type,
			    .nlmsg_flags = NLM_F_REQUEST | flags },
	};
	return NLMSG_DATA(&request->header);
}

void netlink_add(struct netlink_request *request, __u16 type, const void *data, size_t size)
{
	size_t used = NLMSG_ALIGN(request->header.nlmsg_len);
	struct nlattr attribute = { .nla_len = (__u16)(NLA_HDRLEN + size), .nla_type = type };
	char *end = (char *)request + used;

	memcpy(end, &attribute, sizeof(attribute));
	memcpy(end + NLA_HDRLEN, data, size);
	request->header.nlmsg_len = (__u32)(used + NLA_ALIGN(attribute.nla_len));
}

/* Returns 1 at the end of the answer, 0 if there is more, or -errno. */
static int take_datagram(const char *data, size_t length,
			 int (*take)(const struct nlmsghdr *message, void *context), void *context)
{
	while (length >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *message = (const struct nlmsghdr *)data;
		size_t step = NLMSG_ALIGN(message->nlmsg_len);

		if (message->nlmsg_len < sizeof(*message) || message->nlmsg_len > length)
			return -EPROTO;
		if (message->nlmsg_type == NLMSG_DONE)
			return 1;
		if (message->nlmsg_type == NLMSG_ERROR) {
			const struct nlmsgerr *error = NLMSG_DATA(message);

			return error->error ? error->error : 1;
		}
		if (take(message, context) || !(message->nlmsg_flags & NLM_F_MULTI))
			return 1;
		data += step;
		length = step < length ? length - step : 0;
	}
	return 0;
}

int netlink_ask(int protocol, struct netlink_request *request,
		int (*take)(const struct nlmsghdr *message, void *context), void *context)
{
	_cleanup_close_ int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	_cleanup_free_ char *answer = malloc(ANSWER);
	int end = 0;

	if (!answer)
		return -ENOMEM;
	if (fd < 0 || send(fd, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	while (!end) {
		ssize_t length = recv(fd, answer, ANSWER, 0);

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return -errno;
		end = take_datagram(answer, (size_t)length, take, context);
	}
	return end < 0 ? end : 0;
}

static const struct nlattr *find(const char *data, size_t length, __u16 type)
{
	while (length >= NLA_HDRLEN) {
		const struct nlattr *attribute = (const struct nlattr *)data;
		size_t step = NLA_ALIGN(attribute->nla_len);

		if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > length)
			return NULL;
		if ((attribute->nla_type & NLA_TYPE_MASK) == type)
			return attribute;
		data += step;
		length = step < length ? length - step : 0;
	}
	return NULL;
}

int netlink_clsact(unsigned int ifindex, enum hook hook,
		   int (*take)(const struct nlmsghdr *message, void *context), void *context)
{
	struct netlink_request request;
	struct tcmsg *info = netlink_begin(&request, RTM_GETTFILTER, NLM_F_DUMP, sizeof(*info));

	info->tcm_family = AF_UNSPEC;
	info->tcm_ifindex = (int)ifindex;
	info->tcm_parent =
		TC_H_MAKE(TC_H_CLSACT, hook == HOOK_TC_EGRESS ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS);
	return netlink_ask(NETLINK_ROUTE, &request, take, context);
}

const struct nlattr *netlink_attribute(const struct nlmsghdr *message, size_t fixed, __u16 type)
{
	size_t start = NLMSG_LENGTH(NLMSG_ALIGN(fixed));

	if (message->nlmsg_len < start)
		return NULL;
	return find((const char *)message + start, message->nlmsg_len - start, type);
}

const struct nlattr *netlink_within(const struct nlattr *outer, __u16 type)
{
	if (!outer)
		return NULL;
	return find((const char *)outer + NLA_HDRLEN, outer->nla_len - (size_t)NLA_HDRLEN, type);
}

__u32 netlink_u32(const struct nlattr *attribute)
{
	__u32 value = 0;

	if (attribute && attribute->nla_len >= NLA_HDRLEN + sizeof(value))
		memcpy(&value, (const char *)attribute + NLA_HDRLEN, sizeof(value));
	return value;
}

void netlink_text(const struct nlattr *attribute, char *text, size_t size)
{
	if (attribute)
		snprintf(text, size, "%.*s", (int)(attribute->nla_len - NLA_HDRLEN),
			 (const char *)attribute + NLA_HDRLEN);
}

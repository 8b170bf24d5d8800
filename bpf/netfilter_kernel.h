/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a program at netfilter sees of the kernel: the few members that we read, by
 * their names. The loader finds their places in the BTF of the kernel that runs
 * (include/linux/netfilter.h, netfilter_bpf.h, skbuff.h and netdevice.h).
 */
#ifndef FLAGWALL_NETFILTER_KERNEL_H
#define FLAGWALL_NETFILTER_KERNEL_H

#include <linux/bpf.h>
#include <linux/netfilter.h>

#include <bpf/bpf_helpers.h>

#define FW_KERNEL_STRUCT __attribute__((preserve_access_index))

struct net_device {
	int ifindex;
	unsigned short type; /* ARPHRD_ETHER, ... */
} FW_KERNEL_STRUCT;

struct nf_hook_state {
	__u8 pf; /* NFPROTO_IPV4 or NFPROTO_IPV6 */
	struct net_device *in;
} FW_KERNEL_STRUCT;

struct sk_buff {
	unsigned int len;
	__u16 network_header; /* bytes from head */
	__u16 mac_header;
	unsigned int end; /* where skb_shared_info is: bytes from head, on 64 bits */
	unsigned char *head;
} FW_KERNEL_STRUCT;

struct skb_shared_info {
	unsigned short gso_segs;
} FW_KERNEL_STRUCT;

/* The context: no user has it, but the kernel gives it as it is. */
struct bpf_nf_ctx {
	const struct nf_hook_state *state;
	struct sk_buff *skb;
};

/* Functions of the kernel's, since 6.4. */
extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *dynptr) __ksym;
extern void *bpf_rdonly_cast(const void *object, __u32 btf_id) __ksym;

#endif /* FLAGWALL_NETFILTER_KERNEL_H */

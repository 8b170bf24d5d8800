/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where in the kernel a filter judges packets. One interface may have one at each. */
#ifndef FLAGWALL_HOOK_H
#define FLAGWALL_HOOK_H

#include <stdbool.h>

#include <linux/bpf.h>

enum hook {
	HOOK_XDP,        /* what arrives, before the kernel sees it */
	HOOK_TC_INGRESS, /* what arrives, behind XDP and GRO */
	HOOK_TC_EGRESS,  /* what is sent */
	HOOK_NETFILTER,  /* what arrives and is IP, where firewalls begin */
	HOOK_COUNT,
};

/* hook_names - as users, pins and JSON call them, by number; ends with NULL. */
extern const char *const hook_names[HOOK_COUNT + 1];

/* hook_attach_type - as the kernel knows @hook: BPF_XDP, or what older headers lack. */
enum bpf_attach_type hook_attach_type(enum hook hook);

/* hook_option - " --hook tc-ingress": what a command needs to mean @hook; "" for XDP. */
const char *hook_option(enum hook hook);

/* hook_at - " at tc-ingress": where, behind the name of an interface; "" for XDP. */
const char *hook_at(enum hook hook);

/* hook_asks_states - are states of connections asked for there? Of what arrives, by interface. */
static inline bool hook_asks_states(enum hook hook)
{
	return hook == HOOK_XDP || hook == HOOK_TC_INGRESS;
}

#endif /* FLAGWALL_HOOK_H */

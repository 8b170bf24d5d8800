// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "hook.h"

#include <stddef.h>

const char *const hook_names[HOOK_COUNT + 1] = {
	[HOOK_XDP] = "xdp",
	[HOOK_TC_INGRESS] = "tc-ingress",
	[HOOK_TC_EGRESS] = "tc-egress",
	[HOOK_NETFILTER] = "netfilter",
	[HOOK_COUNT] = NULL,
};

enum bpf_attach_type hook_attach_type(enum hook hook)
{
	static const int types[] = {
		[HOOK_XDP] = BPF_XDP,
		[HOOK_TC_INGRESS] = 46, /* BPF_TCX_INGRESS, since Linux 6.6 */
		[HOOK_TC_EGRESS] = 47,  /* BPF_TCX_EGRESS */
		[HOOK_NETFILTER] = 45,  /* BPF_NETFILTER, since Linux 6.4 */
	};

	return (enum bpf_attach_type)types[hook];
}

const char *hook_option(enum hook hook)
{
	static const char *const options[] = {
		[HOOK_XDP] = "",
		[HOOK_TC_INGRESS] = " --hook tc-ingress",
		[HOOK_TC_EGRESS] = " --hook tc-egress",
		[HOOK_NETFILTER] = " --hook netfilter",
	};

	return options[hook];
}

const char *hook_at(enum hook hook)
{
	static const char *const places[] = {
		[HOOK_XDP] = "",
		[HOOK_TC_INGRESS] = " at tc-ingress",
		[HOOK_TC_EGRESS] = " at tc-egress",
		[HOOK_NETFILTER] = " at netfilter",
	};

	return places[hook];
}

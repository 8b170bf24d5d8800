/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rules of iptables.h in the kernel, by iptables-save and iptables-restore: the
 * chain as a whole, in one step for each family; no other rule is touched.
 */
#ifndef FLAGWALL_IPTABLES_LOAD_H
#define FLAGWALL_IPTABLES_LOAD_H

#include "iptables.h"

/* Which of the programs that are called iptables. */
enum iptables_backend {
	IPTABLES_LEGACY,
	IPTABLES_NFT,
	IPTABLES_DEFAULT, /* what this system calls iptables */
};

/*
 * iptables_install - put the rules of @request into IPv4's and IPv6's table, in the
 * place of older ones of ours. Nothing is changed unless both take them.
 * iptables_remove - take them out of both, if they are there.
 *
 * Return 0 or -errno after fail(); -EEXIST if something of that name is not ours.
 */
int iptables_install(const struct iptables_request *request, enum iptables_backend backend);
int iptables_remove(enum iptables_backend backend);

/* iptables_suffix - "-legacy", "-nft" or "": what its programs are called behind iptables. */
const char *iptables_suffix(enum iptables_backend backend);

#endif /* FLAGWALL_IPTABLES_LOAD_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A policy as a ruleset of nftables: one table at the ingress of interfaces,
 * one map from the flags byte to the chain of its pattern, named counters.
 * Pure: it prints text.
 */
#ifndef FLAGWALL_NFT_H
#define FLAGWALL_NFT_H

#include <stdio.h>

#include "mildest.h"

/* What to print a ruleset of. */
struct nft_request {
	struct told told;
	char *const *devices;
	int device_count;
};

/* What the policy asks for and nftables cannot tell. */
struct nft_limits {
	/* Values of the flags byte whose action hangs on AE, RSV or DATA. */
	unsigned int mixed;
	/* 1: the policy drops it, the ruleset lets some or all of it pass. */
	bool reasons[FW_REASON_COUNT];
	bool tunnels; /* the policy judges what is inside of them */
	bool states;  /* it goes by the states of connections */
};

/*
 * nft_device_valid - can an nft script name this interface? The kernel takes
 * names with quotes and wildcards in them, the language does not.
 */
bool nft_device_valid(const char *name);

/* nft_limits - where the ruleset is milder than the policy. */
void nft_limits(const struct nft_request *request, struct nft_limits *limits);

/* nft_print - the ruleset; errors are those of @file. */
void nft_print(FILE *file, const struct nft_request *request);

/* What takes the ruleset out, whether it is there or not. */
extern const char nft_removal[];

#endif /* FLAGWALL_NFT_H */

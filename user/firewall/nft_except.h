/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The exceptions of a policy as sets of nftables. Pure: it prints text. */
#ifndef FLAGWALL_NFT_EXCEPT_H
#define FLAGWALL_NFT_EXCEPT_H

#include <stdio.h>

#include "policy.h"

/* nft_except_sets - print a set for each direction, family and pattern or reason that has any. */
void nft_except_sets(FILE *file, const struct policy *policy);

/* nft_except_rules - print what lets pass in the chain of @class, if there are exceptions from it. */
void nft_except_rules(FILE *file, const struct policy *policy, unsigned int class);

#endif /* FLAGWALL_NFT_EXCEPT_H */

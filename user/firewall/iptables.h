/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A policy as rules of iptables and ip6tables, in the words of iptables-restore:
 * a chain of its own in the table raw, and the jump to it. Pure: it prints text.
 */
#ifndef FLAGWALL_IPTABLES_H
#define FLAGWALL_IPTABLES_H

#include <stdio.h>

#include "mildest.h"

#define IPTABLES_CHAIN "FLAGWALL"       /* what is jumped to: fragments, and the way to */
#define IPTABLES_FLAGS "FLAGWALL-FLAGS" /* the flags of whole segments and first fragments */

/* What to print rules of. */
struct iptables_request {
	struct told told;
	char *const *devices; /* none: of all interfaces */
	int device_count;
	const char *pin; /* path of the program that decides; NULL: --tcp-flags rules do */
};

/* What the policy asks for and --tcp-flags cannot tell. */
struct iptables_limits {
	/* Values of the six control bits whose action hangs on bits that it does not see. */
	unsigned int mixed;
	bool milder[FW_REASON_COUNT];   /* the policy drops it, the rules let it pass */
	bool stricter[FW_REASON_COUNT]; /* the match itself drops it, the policy does not */
};

/*
 * iptables_device_valid - can rules name this interface? A last '+' would mean
 * all whose names begin like it.
 */
bool iptables_device_valid(const char *name);

/* iptables_limits - where the rules are milder or stricter than the policy. */
void iptables_limits(const struct iptables_request *request, struct iptables_limits *limits);

/* iptables_print_heading - what the rules are and cannot, as comments. */
void iptables_print_heading(FILE *file, const struct iptables_request *request);

/* iptables_print_jumps - the jumps to the chain, with @verb (-A or -I) before them. */
void iptables_print_jumps(FILE *file, const struct iptables_request *request, const char *verb);

/*
 * iptables_print_direct - rules that ask the program and need no chain, for a shell, with
 * @command before them: "iptables -t raw -I".
 */
void iptables_print_direct(FILE *file, const struct iptables_request *request, const char *command);

/* iptables_rule_names - does this line of iptables-save ask the program pinned at @pin? */
bool iptables_rule_names(const char *line, const char *pin);

/* iptables_rule_is_inside - does it stand in one of our chains? */
bool iptables_rule_is_inside(const char *line);

/* iptables_rule_is_ours - is it one that iptables_print_chains() prints? */
bool iptables_rule_is_ours(const char *line);

/* iptables_print_chains - the rules of both chains; errors are those of @file. */
void iptables_print_chains(FILE *file, const struct iptables_request *request);

/* iptables_print - all of it, to read or for iptables-restore --noflush. */
void iptables_print(FILE *file, const struct iptables_request *request);

#endif /* FLAGWALL_IPTABLES_H */

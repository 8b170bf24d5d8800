// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "iptables.h"

#include <ctype.h>
#include <net/if.h>
#include <string.h>

#include "cover.h"
#include "reason.h"
#include "text.h"
#include "version.h"

#define FRAGMENT (FW_REASON_FRAGMENT - FW_REASON_BASE)
#define UNSEEN (FW_ECE | FW_CWR | FW_AE | FW_RSV | FW_DATA)

bool iptables_device_valid(const char *name)
{
	size_t length = strlen(name);

	if (!length || length >= IF_NAMESIZE || name[0] == '-' || name[0] == '!' ||
	    name[length - 1] == '+')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isascii(name[i]) || !isgraph(name[i]) || strchr("\"'\\/:#*", name[i]))
			return false;
	return true;
}

/* What the tcp match drops whatever the rules say, and what a rule can tell of the rest. */
static bool dropped_by_match(size_t reason)
{
	return reason == FW_REASON_FRAGMENT_OVERLAP - FW_REASON_BASE ||
	       reason == FW_REASON_TINY_FRAGMENT - FW_REASON_BASE ||
	       reason == FW_REASON_TRUNCATED - FW_REASON_BASE;
}

void iptables_limits(const struct iptables_request *request, struct iptables_limits *limits)
{
	const struct told *told = &request->told;

	*limits = (struct iptables_limits){};
	for (unsigned int value = 0; value < COVER_VALUES; value++) {
		bool mixed;

		mildest_pattern(told, value, UNSEEN, &mixed);
		limits->mixed += mixed;
	}
	for (size_t i = 0; i < FW_REASON_COUNT; i++) {
		bool drops = told_action(told, told->policy->reasons[i]) == FW_DROP;

		limits->milder[i] = drops && !dropped_by_match(i);
		limits->stricter[i] = !drops && dropped_by_match(i);
	}
}

static void print_reasons(FILE *file, const bool reasons[FW_REASON_COUNT], const char *what)
{
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		if (reasons[i])
			fprintf(file, "# - %s: %s%s;\n", reason_texts[i].name, what,
				i == FRAGMENT ? " in IPv6" : "");
}

void iptables_print_heading(FILE *file, const struct iptables_request *request)
{
	const struct policy *policy = request->told.policy;
	struct iptables_limits limits;
	char name[POLICY_NAME];

	iptables_limits(request, &limits);
	text_set(name, sizeof(name), policy->name);
	fprintf(file,
		"# Policy %s%s as rules of iptables and ip6tables, printed by flagwall %s.\n"
		"# Policy text: sha256 ",
		text_printable(name), request->told.observe ? ", observing," : "", flagwall_version);
	for (size_t i = 0; i < sizeof(policy->sha256); i++)
		fprintf(file, "%02x", policy->sha256[i]);
	fputs("\n"
	      "#\n"
	      "# 'iptables-restore -w --noflush FILE' and 'ip6tables-restore -w --noflush FILE' load it; loaded\n"
	      "# twice, it is jumped to twice. 'flagwall rule iptables --native --install' sees to that.\n"
	      "# No two rules match the same segment. A rule without a target counts.\n"
	      "# 'iptables -t raw -nvxL " IPTABLES_CHAIN "' shows the counters.\n"
	      "#\n"
	      "# What the rules cannot see, and flagwall does:\n"
	      "# - ECE, CWR, AE, the reserved bits, and whether a segment carries data;\n",
	      file);
	if (limits.mixed)
		fprintf(file,
			"#   they decide for %u values of the six control bits: here the mildest action counts\n",
			limits.mixed);
	fputs("# - TCP behind AH in IPv4, and whatever was no IP packet of this host: frames that the kernel\n"
	      "#   threw away before (broken IP headers), tunnels, MPLS, PPPoE;\n"
	      "# - why a packet has no flags: only what follows here.\n"
	      "# The tcp match itself drops a TCP fragment at offset 8, and a first fragment or a packet with\n"
	      "# fewer than 20 bytes of TCP: uncounted, and whatever the policy says. Where connections are\n"
	      "# tracked, fragments are put together before these rules see them.\n",
	      file);
	print_reasons(file, limits.milder, "the policy drops it, here it passes");
	print_reasons(file, limits.stricter, "the policy lets it pass, the tcp match drops it");
	if (policy->tunnels)
		fputs("# - the policy looks into tunnels: what is inside of them passes here.\n",
		      file);
}

static const char *flags_text(unsigned int flags, char text[32])
{
	static const char *const names[COVER_BITS] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG" };
	size_t used = 0;

	strcpy(text, "NONE");
	for (unsigned int i = 0; i < COVER_BITS; i++)
		if (flags & 1U << i)
			used += (size_t)sprintf(text + used, "%s%s", used ? "," : "", names[i]);
	return text;
}

/* " -s 192.0.2.0/24", or -d, for rules of one family. */
static void print_prefix(FILE *file, const struct exception *exception)
{
	char prefix[PREFIX_TEXT];

	fprintf(file, "-%c -A " IPTABLES_CHAIN " -%c %s", exception->family == 6 ? '6' : '4',
		exception->direction == FW_TO ? 'd' : 's', exception_print(exception, prefix));
}

static void print_matches(FILE *file, const struct cube *cube)
{
	char mask[32], value[32];

	fputs(cube ? " -p tcp -m tcp" : " -p tcp -f", file);
	if (cube && cube->mask)
		fprintf(file, " --tcp-flags %s %s", flags_text(cube->mask, mask),
			flags_text(cube->value, value));
}

static void print_comment(FILE *file, const char *name, const char *target)
{
	fprintf(file, " -m comment --comment \"flagwall: %s\"%s\n", name, target);
}

/* Those that are excepted from all go back at once: what passes need not be counted. */
static void print_excepted(FILE *file, const struct policy *policy)
{
	for (size_t i = 0; i < policy->exception_count; i++) {
		if (!exception_everything(&policy->exceptions[i]))
			continue;
		print_prefix(file, &policy->exceptions[i]);
		print_comment(file, "excepted", " -j RETURN");
	}
}

/* One rule of @class, behind the exceptions from it; without @cube that of later fragments. */
static void print_rule(FILE *file, const struct iptables_request *request, unsigned int class,
		       enum fw_action action, const struct cube *cube)
{
	const struct policy *policy = request->told.policy;
	bool drop = told_action(&request->told, action) == FW_DROP;

	for (size_t i = 0; drop && i < policy->exception_count; i++) {
		const struct exception *exception = &policy->exceptions[i];

		if (exception_everything(exception) || !exception_holds(exception, class) ||
		    (!cube && exception->family == 6))
			continue;
		print_prefix(file, exception);
		print_matches(file, cube);
		print_comment(file, "excepted", " -j RETURN");
	}
	fputs(cube ? "-A " IPTABLES_CHAIN : "-4 -A " IPTABLES_CHAIN, file);
	print_matches(file, cube);
	print_comment(file, policy_class_name(policy, class), drop ? " -j DROP" : "");
}

void iptables_print_chain(FILE *file, const struct iptables_request *request)
{
	const struct policy *policy = request->told.policy;

	print_excepted(file, policy);
	if (policy->reasons[FRAGMENT] != FW_PASS)
		print_rule(file, request, FW_CLASS_REASONS + FRAGMENT, policy->reasons[FRAGMENT],
			   NULL);
	for (size_t i = 0; i < policy->pattern_count; i++) {
		struct cube cubes[COVER_VALUES];
		__u64 values = 0;
		size_t count;

		if (policy->patterns[i].action == FW_PASS)
			continue;
		for (unsigned int value = 0; value < COVER_VALUES; value++) {
			bool mixed;

			if (mildest_pattern(&request->told, value, UNSEEN, &mixed) ==
			    &policy->patterns[i])
				values |= 1ULL << value;
		}
		count = cover_disjoint(values, cubes);
		for (size_t j = 0; j < count; j++)
			print_rule(file, request, (unsigned int)i, policy->patterns[i].action,
				   &cubes[j]);
	}
}

void iptables_print_jumps(FILE *file, const struct iptables_request *request, const char *verb)
{
	for (int i = 0; i < request->device_count || i == 0; i++) {
		fprintf(file, "%s PREROUTING", verb);
		if (request->device_count)
			fprintf(file, " -i %s", request->devices[i]);
		fputs(" -p tcp -m comment --comment flagwall -j " IPTABLES_CHAIN "\n", file);
	}
}

void iptables_print(FILE *file, const struct iptables_request *request)
{
	iptables_print_heading(file, request);
	fputs("\n*raw\n:" IPTABLES_CHAIN " - [0:0]\n", file);
	iptables_print_jumps(file, request, "-I");
	iptables_print_chain(file, request);
	fputs("COMMIT\n", file);
}

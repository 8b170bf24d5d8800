// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "iptables.h"

#include <ctype.h>
#include <net/if.h>
#include <string.h>

#include "cover.h"
#include "reason.h"
#include "text.h"
#include "version.h"

#define OVERLAP (FW_REASON_FRAGMENT_OVERLAP - FW_REASON_BASE)
#define FRAGMENT (FW_REASON_FRAGMENT - FW_REASON_BASE)
#define OUR_COMMENT "-m comment --comment \"flagwall: "
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

/* iptables-legacy drops these before it asks for flags; iptables-nft lets them pass. */
static bool beyond_rules(size_t reason)
{
	return reason == FW_REASON_TINY_FRAGMENT - FW_REASON_BASE ||
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

		limits->milder[i] = drops && i != FRAGMENT;
		limits->stricter[i] = !drops && beyond_rules(i);
	}
}

static void print_reasons(FILE *file, const bool reasons[FW_REASON_COUNT], const char *what)
{
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		if (reasons[i])
			fprintf(file, "# - %s: %s;\n", reason_texts[i].name, what);
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
	      "# 'iptables -t raw -nvxL " IPTABLES_FLAGS "' shows the counters.\n"
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
	      "# - fragment-overlap in IPv6, if more headers stand before TCP than the fragment header;\n"
	      "# - any other reason why a packet has no flags. Of those iptables-legacy drops first fragments\n"
	      "#   and packets with fewer than 20 bytes of TCP, uncounted, whatever the policy says;\n"
	      "#   iptables-nft lets pass what has no flags.\n"
	      "# Where connections are tracked, fragments are put together before they come here.\n",
	      file);
	print_reasons(file, limits.milder, "the policy drops it, the rules cannot or not always");
	print_reasons(file, limits.stricter, "the policy lets it pass, iptables-legacy drops it");
	if (policy->tunnels)
		fputs("# - the policy looks into tunnels: what is inside of them passes here.\n",
		      file);
	if (policy->state_count)
		fputs("# - the policy goes by the states of connections: here they do not matter.\n",
		      file);
}

static const char *flags_text(unsigned int flags, char text[32])
{
	static const char *const names[COVER_BITS] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG" };
	size_t used = 0;

	snprintf(text, 32, "NONE");
	for (unsigned int i = 0; i < COVER_BITS; i++)
		if (flags & 1U << i)
			used += (size_t)sprintf(text + used, "%s%s", used ? "," : "", names[i]);
	return text;
}

/* What stands before the comment and the target of a rule. */
struct rule {
	const char *chain;
	int family; /* 4 or 6; 0: both */
	char matches[128];
};

static void print_start(FILE *file, const struct rule *rule, int family,
			const struct exception *exception)
{
	char prefix[PREFIX_TEXT];

	if (family)
		fprintf(file, "-%d ", family);
	fprintf(file, "-A %s", rule->chain);
	if (exception)
		fprintf(file, " -%c %s", exception->direction == FW_TO ? 'd' : 's',
			exception_print(exception, prefix));
	fputs(rule->matches, file);
}

static void print_end(FILE *file, const char *name, const char *target)
{
	fprintf(file, " " OUR_COMMENT "%s\"%s\n", name, target);
}

/* Those that are excepted from all go back at once: what passes need not be counted. */
static void print_excepted(FILE *file, const struct policy *policy)
{
	static const struct rule rule = { .chain = IPTABLES_CHAIN };

	for (size_t i = 0; i < policy->exception_count; i++) {
		if (!exception_everything(&policy->exceptions[i]))
			continue;
		print_start(file, &rule, policy->exceptions[i].family, &policy->exceptions[i]);
		print_end(file, "excepted", " -j RETURN");
	}
}

/* The rule of a pattern or reason, behind the exceptions from it. @milder: its target if not dropped. */
static void print_rule(FILE *file, const struct iptables_request *request, const struct rule *rule,
		       unsigned int class, enum fw_action action, const char *milder)
{
	const struct policy *policy = request->told.policy;
	bool drop = told_action(&request->told, action) == FW_DROP;

	for (size_t i = 0; drop && i < policy->exception_count; i++) {
		const struct exception *exception = &policy->exceptions[i];

		if (exception_everything(exception) || !exception_holds(exception, class) ||
		    (rule->family && rule->family != exception->family))
			continue;
		print_start(file, rule, exception->family, exception);
		print_end(file, "excepted", " -j RETURN");
	}
	print_start(file, rule, rule->family, NULL);
	print_end(file, policy_class_name(policy, class), drop ? " -j DROP" : milder);
}

/*
 * Later fragments never meet --tcp-flags: iptables-nft would take their data for
 * flags. frag knows first ones and all, but not later ones.
 */
static void print_fragments(FILE *file, const struct iptables_request *request)
{
	static const struct rule overlap[] = {
		{ IPTABLES_CHAIN, 4, " -p tcp -m u32 --u32 \"4&0x1FFF=1\"" },
		{ IPTABLES_CHAIN, 6, " -m u32 --u32 \"3&0xFF=44&&40>>24=6&&40&0xFFF8=8\"" },
	};
	static const struct rule later4 = { IPTABLES_CHAIN, 4, " -p tcp -f" };
	static const struct rule first6 = { IPTABLES_CHAIN, 6, " -p tcp -m frag --fragfirst" };
	static const struct rule later6 = { IPTABLES_CHAIN, 6, " -p tcp -m frag" };
	static const struct rule whole = { IPTABLES_CHAIN, 0, " -p tcp" };
	const enum fw_action *actions = request->told.policy->reasons;

	for (size_t i = 0; i < 2; i++)
		print_rule(file, request, &overlap[i], FW_CLASS_REASONS + OVERLAP, actions[OVERLAP],
			   " -j RETURN");
	print_rule(file, request, &later4, FW_CLASS_REASONS + FRAGMENT, actions[FRAGMENT],
		   " -j RETURN");
	print_start(file, &first6, 6, NULL);
	print_end(file, "first fragment", " -g " IPTABLES_FLAGS);
	print_rule(file, request, &later6, FW_CLASS_REASONS + FRAGMENT, actions[FRAGMENT],
		   " -j RETURN");
	print_start(file, &whole, 0, NULL);
	print_end(file, "segment", " -g " IPTABLES_FLAGS);
}

static void print_pattern(FILE *file, const struct iptables_request *request,
			  const struct pattern *pattern, unsigned int class)
{
	struct cube cubes[COVER_VALUES];
	__u64 values = 0;
	size_t count;

	for (unsigned int value = 0; value < COVER_VALUES; value++) {
		bool mixed;

		if (mildest_pattern(&request->told, value, UNSEEN, &mixed) == pattern)
			values |= 1ULL << value;
	}
	count = cover_disjoint(values, cubes);
	for (size_t i = 0; i < count; i++) {
		struct rule rule = { .chain = IPTABLES_FLAGS };
		char mask[32], value[32];
		int used = sprintf(rule.matches, " -p tcp -m tcp");

		if (cubes[i].mask)
			sprintf(rule.matches + used, " --tcp-flags %s %s",
				flags_text(cubes[i].mask, mask), flags_text(cubes[i].value, value));
		print_rule(file, request, &rule, class, pattern->action, "");
	}
}

void iptables_print_chains(FILE *file, const struct iptables_request *request)
{
	const struct policy *policy = request->told.policy;

	if (request->pin) {
		fprintf(file,
			"-A " IPTABLES_CHAIN " -m bpf --object-pinned %s " OUR_COMMENT
			"policy\" -j DROP\n",
			request->pin);
		return;
	}
	print_excepted(file, policy);
	print_fragments(file, request);
	for (size_t i = 0; i < policy->pattern_count; i++)
		if (policy->patterns[i].action != FW_PASS)
			print_pattern(file, request, &policy->patterns[i], (unsigned int)i);
}

void iptables_print_jumps(FILE *file, const struct iptables_request *request, const char *verb)
{
	for (int i = 0; i < request->device_count || i == 0; i++) {
		fprintf(file, "%s PREROUTING", verb);
		if (request->device_count)
			fprintf(file, " -i %s", request->devices[i]);
		/* The program judges more than TCP. */
		fprintf(file, "%s -m comment --comment flagwall -j " IPTABLES_CHAIN "\n",
			request->pin ? "" : " -p tcp");
	}
}

void iptables_print_direct(FILE *file, const struct iptables_request *request, const char *command)
{
	for (int i = 0; i < request->device_count || i == 0; i++) {
		fprintf(file, "%s PREROUTING", command);
		/* Valid names have no ' in them. */
		if (request->device_count)
			fprintf(file, " -i '%s'", request->devices[i]);
		fprintf(file, " -m bpf --object-pinned %s -j DROP\n", request->pin);
	}
}

bool iptables_rule_names(const char *line, const char *pin)
{
	const char *at = strstr(line, " --object-pinned ");

	if (!at)
		return false;
	at += strlen(" --object-pinned ");
	return !strncmp(at, pin, strlen(pin)) && strchr(" \n", at[strlen(pin)]);
}

bool iptables_rule_is_inside(const char *line)
{
	return !strncmp(line, "-A " IPTABLES_CHAIN " ", strlen("-A " IPTABLES_CHAIN " ")) ||
	       !strncmp(line, "-A " IPTABLES_FLAGS " ", strlen("-A " IPTABLES_FLAGS " "));
}

bool iptables_rule_is_ours(const char *line)
{
	return iptables_rule_is_inside(line) && strstr(line, OUR_COMMENT);
}

void iptables_print(FILE *file, const struct iptables_request *request)
{
	iptables_print_heading(file, request);
	fputs("\n*raw\n:" IPTABLES_CHAIN " - [0:0]\n:" IPTABLES_FLAGS " - [0:0]\n", file);
	iptables_print_jumps(file, request, "-I");
	iptables_print_chains(file, request);
	fputs("COMMIT\n", file);
}

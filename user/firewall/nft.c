// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "nft.h"

#include <ctype.h>
#include <net/if.h>
#include <string.h>

#include "nft_except.h"
#include "reason.h"
#include "text.h"
#include "version.h"

#define VALUES 256  /* of the flags byte: FIN to CWR */
#define COLUMNS 100 /* of the map */

/* By number: how much of a reason the ruleset tells from the rest. */
enum nft_tells {
	TELLS_ALL,
	TELLS_SOME, /* it has a chain, but not every such packet gets there */
	TELLS_NONE, /* such packets are "unread" */
};

static const enum nft_tells tells[FW_REASON_COUNT] = {
	[FW_REASON_TRUNCATED - FW_REASON_BASE] = TELLS_SOME,
	[FW_REASON_BAD_TCP_OFFSET - FW_REASON_BASE] = TELLS_SOME,
	[FW_REASON_BAD_IP_HEADER - FW_REASON_BASE] = TELLS_NONE,
	[FW_REASON_HEADER_CHAIN - FW_REASON_BASE] = TELLS_NONE,
	[FW_REASON_ENCAPSULATION - FW_REASON_BASE] = TELLS_NONE,
};

bool nft_device_valid(const char *name)
{
	size_t length = strlen(name);

	if (!length || length >= IF_NAMESIZE || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isascii(name[i]) || !isgraph(name[i]) || strchr("\"*\\/:", name[i]))
			return false;
	return true;
}

/* nft sees neither of these. */
static const struct pattern *judge(const struct nft_request *request, unsigned int value,
				   bool *mixed)
{
	return mildest_pattern(&request->told, value, FW_AE | FW_RSV | FW_DATA, mixed);
}

void nft_limits(const struct nft_request *request, struct nft_limits *limits)
{
	*limits = (struct nft_limits){ .tunnels = request->told.policy->tunnels,
				       .states = request->told.policy->state_count > 0 };
	for (unsigned int value = 0; value < VALUES; value++) {
		bool mixed;

		judge(request, value, &mixed);
		limits->mixed += mixed;
	}
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		limits->reasons[i] =
			tells[i] != TELLS_ALL &&
			told_action(&request->told, request->told.policy->reasons[i]) == FW_DROP;
}

static void print_heading(FILE *file, const struct nft_request *request,
			  const struct nft_limits *limits)
{
	char name[POLICY_NAME];

	text_set(name, sizeof(name), request->told.policy->name);
	fprintf(file,
		"# Policy %s%s as a ruleset of nftables (1.0 or newer, Linux 5.10 or newer), printed by\n"
		"# flagwall %s. Policy text: sha256 ",
		text_printable(name), request->told.observe ? ", observing," : "", flagwall_version);
	for (size_t i = 0; i < sizeof(request->told.policy->sha256); i++)
		fprintf(file, "%02x", request->told.policy->sha256[i]);
	fputs("\n"
	      "#\n"
	      "# 'nft -f FILE' loads it, again and again: it takes its own place, counters start at zero.\n"
	      "# 'nft list counters table netdev flagwall' shows what arrived; bytes are without the\n"
	      "# Ethernet header. Segments that GRO has merged are one packet here.\n"
	      "#\n"
	      "# What it cannot see, and flagwall does:\n"
	      "# - AE, the reserved bits, and whether a segment carries data;\n",
	      file);
	if (limits->mixed)
		fprintf(file,
			"#   they decide for %u values of the flags byte: here the mildest action counts\n",
			limits->mixed);
	fputs("# - what is behind a second VLAN tag, behind AH in IPv4, behind mobility, HIP or shim6\n"
	      "#   headers in IPv6;\n"
	      "# - what is behind MPLS, PPPoE, 802.2, PBB, VN-Tag, E-Tag or Cisco MetaData: it is 'unread';\n"
	      "# - bad-ip-header, header-chain and encapsulation, which together are 'unread' and pass, as do\n"
	      "#   packets that are shorter than their IP header says;\n"
	      "# - bad-tcp-offset, when the offset is past the segment's end: such a one goes by its flags;\n"
	      "# - truncated and tiny-fragment in IPv6, when a frame has bytes behind the packet and more\n"
	      "#   headers stand before the TCP header than the fragment header;\n"
	      "# - samples of what was flagged.\n",
	      file);
	if (limits->tunnels)
		fputs("# The policy looks into tunnels: here they are not-tcp, whatever is inside.\n",
		      file);
	if (limits->states)
		fputs("# The policy goes by the states of connections: here they do not matter. ct state tells\n"
		      "# nft something like it.\n",
		      file);
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		if (limits->reasons[i])
			fprintf(file, "# The policy drops %s: what of it cannot be seen passes.\n",
				reason_texts[i].name);
}

static void print_counter(FILE *file, const char *kind, const char *name)
{
	fprintf(file, "\tcounter %s-%s { }\n", kind, name);
}

static void print_counters(FILE *file, const struct policy *policy)
{
	for (size_t i = 0; i < policy->pattern_count; i++)
		print_counter(file, "pattern", policy->patterns[i].name);
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		if (tells[i] != TELLS_NONE)
			print_counter(file, "reason", reason_texts[i].name);
	fputs("\tcounter unread { }\n", file);
	if (policy->exception_count)
		fputs("\tcounter excepted { }\n", file);
}

/* The chain of a pattern or a reason: the exceptions of what is flagged, then its action. */
static void print_chain(FILE *file, const struct nft_request *request, unsigned int class,
			enum fw_action action)
{
	const char *kind = class < FW_CLASS_REASONS ? "pattern" : "reason";
	const char *name = policy_class_name(request->told.policy, class);

	fprintf(file, "\tchain %s-%s {\n\t\tcounter name \"%s-%s\"\n", kind, name, kind, name);
	if (action != FW_PASS)
		nft_except_rules(file, request->told.policy, class);
	fprintf(file, "\t\t%s\n\t}\n", action == FW_DROP ? "drop" : "accept");
}

static void print_chains(FILE *file, const struct nft_request *request)
{
	const struct policy *policy = request->told.policy;

	for (size_t i = 0; i < policy->pattern_count; i++)
		print_chain(file, request, (unsigned int)i,
			    told_action(&request->told, policy->patterns[i].action));
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		if (tells[i] != TELLS_NONE)
			print_chain(file, request, FW_CLASS_REASONS + (unsigned int)i,
				    told_action(&request->told, policy->reasons[i]));
	fputs("\tchain unread { counter name \"unread\" accept; }\n", file);
}

/* The values of one pattern, wrapped. */
static void print_elements(FILE *file, const struct nft_request *request,
			   const struct pattern *pattern)
{
	size_t column = 0;

	for (unsigned int value = 0; value < VALUES; value++) {
		char text[PATTERN_NAME + 32];
		size_t length;
		bool mixed;

		if (judge(request, value, &mixed) != pattern)
			continue;
		length = (size_t)snprintf(text, sizeof(text), "0x%02x : goto pattern-%s,", value,
					  pattern->name);
		if (column && column + 1 + length <= COLUMNS) {
			fprintf(file, " %s", text);
			column += 1 + length;
			continue;
		}
		if (column)
			fputc('\n', file);
		else
			fprintf(file, "\t\t\t# %s: %s\n", pattern->name,
				policy_action_name(told_action(&request->told, pattern->action)));
		fprintf(file, "\t\t\t%s", text);
		column = 24 + length;
	}
	if (column)
		fputc('\n', file);
}

static void print_map(FILE *file, const struct nft_request *request)
{
	fputs("\t# All 256 values of the flags byte, none twice.\n"
	      "\tmap by_flags {\n"
	      "\t\ttype tcp_flag : verdict\n"
	      "\t\telements = {\n",
	      file);
	for (size_t i = 0; i < request->told.policy->pattern_count; i++)
		print_elements(file, request, &request->told.policy->patterns[i]);
	fputs("\t\t}\n\t}\n", file);
}

/*
 * The way to the flags. A rule that cannot read what it asks for does not
 * match: the last one of a chain says what that means.
 */
static const char way[] =
	"\t# Behind these the flags are missing.\n"
	"\tchain short {\n"
	"\t\tip frag-off & 0x2000 != 0 goto reason-tiny-fragment\n"
	"\t\tfrag more-fragments 1 goto reason-tiny-fragment\n"
	"\t\tgoto reason-truncated\n"
	"\t}\n"
	"\tchain segment {\n"
	"\t\ttcp doff < 5 goto reason-bad-tcp-offset\n"
	"\t\ttcp flags vmap @by_flags\n"
	"\t\tgoto short\n"
	"\t}\n"
	"\n"
	"\t# Later fragments: what they have in the place of flags is data.\n"
	"\tchain later-fragment {\n"
	"\t\tmeta l4proto tcp ip frag-off & 0x1fff == 1 goto reason-fragment-overlap\n"
	"\t\tmeta l4proto tcp frag frag-off 1 goto reason-fragment-overlap\n"
	"\t\tmeta l4proto { tcp, ah } goto reason-fragment\n"
	"\t\tmeta l4proto esp goto reason-encrypted\n"
	"\t\tmeta l4proto != tcp goto reason-not-tcp\n"
	"\t\tmeta protocol ip6 goto reason-fragment\n"
	"\t\tgoto unread\n"
	"\t}\n"
	"\n"
	"\t# Neither TCP nor a later fragment.\n"
	"\tchain other {\n"
	"\t\tip protocol ah goto unread\n"
	"\t\tmeta l4proto esp goto reason-encrypted\n"
	"\t\tmeta l4proto { 135, 139, 140 } goto unread\n"
	"\t\tmeta l4proto != tcp goto reason-not-tcp\n"
	"\t\tgoto unread\n"
	"\t}\n"
	"\tchain ipv4 {\n"
	"\t\tip frag-off & 0x1fff != 0 goto later-fragment\n"
	"\t\tmeta l4proto tcp goto ipv4-tcp\n"
	"\t\tgoto other\n"
	"\t}\n"
	"\tchain ipv4-tcp {\n"
	"\t\t# Fewer than 14 bytes of TCP, by the IP length: frames are padded.\n"
	"\t\tip length 20-33 goto short\n"
	"\t\tip hdrlength > 5 ip hdrlength . ip length {\n";

static const char way_behind_options[] = "\t\t} goto short\n"
					 "\t\tmeta l4proto tcp goto segment\n"
					 "\t\tgoto unread\n"
					 "\t}\n"
					 "\tchain ipv6 {\n"
					 "\t\tfrag frag-off != 0 goto later-fragment\n"
					 "\t\tmeta l4proto != tcp goto other\n"
					 "\t\tip6 nexthdr 44 ip6 length 8-21 goto short\n"
					 "\t\tip6 nexthdr tcp ip6 length 1-13 goto short\n"
					 "\t\tmeta l4proto tcp goto segment\n"
					 "\t\tgoto unread\n"
					 "\t}\n"
					 "\n";

static void print_way(FILE *file)
{
	fputs(way, file);
	for (unsigned int words = 6; words <= 15; words++)
		fprintf(file, "%s%u . %u-%u,%s", words % 5 == 1 ? "\t\t\t" : " ", words, 4 * words,
			4 * words + 13, words % 5 == 0 ? "\n" : "");
	fputs(way_behind_options, file);
}

static void print_hook(FILE *file, const struct nft_request *request)
{
	fputs("\tchain ingress {\n\t\ttype filter hook ingress ", file);
	if (request->device_count == 1) {
		fprintf(file, "device \"%s\"", request->devices[0]);
	} else {
		for (int i = 0; i < request->device_count; i++)
			fprintf(file, "%s\"%s\"", i ? ", " : "devices = { ", request->devices[i]);
		fputs(" }", file);
	}
	fputs(" priority -300; policy accept;\n"
	      "\t\tmeta protocol vmap {\n"
	      "\t\t\tip : goto ipv4, ip6 : goto ipv6, 0x8100 : goto unread, 0x88a8 : goto unread,\n"
	      "\t\t\t0x9100 : goto unread, 0x8847 : goto unread, 0x8848 : goto unread,\n"
	      "\t\t\t0x8864 : goto unread, 0x88e7 : goto unread, 0x8909 : goto unread,\n"
	      "\t\t\t0x8926 : goto unread, 0x893f : goto unread, 0x0004 : goto unread\n"
	      "\t\t}\n"
	      "\t\tgoto reason-not-ip\n"
	      "\t}\n",
	      file);
}

const char nft_removal[] = "table netdev flagwall\n"
			   "delete table netdev flagwall\n";

void nft_print(FILE *file, const struct nft_request *request)
{
	struct nft_limits limits;

	nft_limits(request, &limits);
	print_heading(file, request, &limits);
	fprintf(file, "\n%stable netdev flagwall {\n", nft_removal);
	print_counters(file, request->told.policy);
	fputc('\n', file);
	nft_except_sets(file, request->told.policy);
	print_chains(file, request);
	fputc('\n', file);
	print_map(file, request);
	fputc('\n', file);
	print_way(file);
	print_hook(file, request);
	fputs("}\n", file);
}

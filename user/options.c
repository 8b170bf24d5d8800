// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "report.h"

static const struct option_form table[OPTION_COUNT] = {
	[OPTION_HELP] = { "help", 'h', NULL, "print this and exit" },
	[OPTION_JSON] = { "json", 'j', NULL, "print JSON" },
	[OPTION_NETNS] = { "netns", 'n', "NAME|PATH|PID", "work in this network namespace" },
	[OPTION_MODE] = { "mode", 'm', "auto|native|generic",
			  "where in the kernel: the driver, or behind it (default: auto)" },
	[OPTION_OBSERVE] = { "observe", 'o', NULL,
			     "count what the policy would drop, drop nothing" },
	[OPTION_ENFORCE] = { "enforce", 'e', NULL, "drop what the policy says" },
	[OPTION_ALL] = { "all", 'a', NULL, "every interface of the namespace that is filtered" },
	[OPTION_CHECK] = { "check", 'c', NULL, "exit with 0 if attached, with 3 if not" },
	[OPTION_BY] = { "by", 'b', "pattern|flags|reason|state|life",
			"what to list (default: pattern)" },
	[OPTION_MATCH] = { "match", 'M', "MATCH",
			   "only what matches these flags: fin,!ack (across patterns)" },
	[OPTION_SAMPLES] = { "samples", 's', NULL,
			     "the first and a recent flagged packet of each pattern" },
	[OPTION_TCP_FLAGS] = { "tcp-flags", 't', "MASK",
			       "as iptables writes it: --tcp-flags MASK COMP" },
	[OPTION_POLICY] = { "policy", 'p', "NAME|FILE", "this policy: see 'flagwall policy list'" },
	[OPTION_STRICT] = { "strict", 'S', NULL, "a shadowed line is an error" },
	[OPTION_FORCE] = { "force", 'f', NULL,
			   "even if it drops what correct senders send, or cannot tell states" },
	[OPTION_SAVE] = { "save", 'k', "FILE", "save the counters in a snapshot" },
	[OPTION_SINCE] = { "since", 'D', "FILE", "only what came after this snapshot" },
	[OPTION_CONFIRM] = { "confirm", 'C', "SECONDS",
			     "undo it after that time, unless 'policy confirm' is run" },
	[OPTION_FRAMES] = { "frames", 'F', "flagged|all", "also list packets, one per line" },
	[OPTION_WRITE_FLAGGED] = { "write-flagged", 'w', "OUT.pcapng",
				   "write the flagged packets to a file" },
	[OPTION_INSTALL] = { "install", 'i', NULL, "load the rules, replacing older ones" },
	[OPTION_REMOVE] = { "remove", 'r', NULL, "remove the rules" },
	[OPTION_NATIVE] = { "native", 'N', NULL, "rules that need nothing but iptables" },
	[OPTION_BACKEND] = { "backend", 'B', "legacy|nft",
			     "which iptables (default: what is called iptables)" },
	[OPTION_FORMAT] = { "format", 'O', "text|json|openmetrics|prometheus",
			    "how to print it (default: text)" },
	[OPTION_OUTPUT] = { "output", 'W', "FILE",
			    "print to this file, which is replaced as a whole" },
	[OPTION_HOOK] = { "hook", 'H', "xdp|tc-ingress|tc-egress|netfilter",
			  "which hook of the interface" },
	[OPTION_INTERVAL] = { "interval", 'I', "SECONDS", "read this often (default: 1)" },
	[OPTION_NUMBER] = { "count", 'l', "NUMBER", "end after this many" },
	[OPTION_PATTERN] = { "pattern", 'P', "PATTERN|REASON",
			     "only packets of this pattern or reason" },
	[OPTION_SAMPLE] = { "sample", 'x', "NUMBER", "show one in this many, on each CPU" },
	[OPTION_RATE] = { "rate", 'R', "NUMBER",
			  "show at most this many a second, on each CPU (default: 1000)" },
	[OPTION_STATE] = { "state", 'T', "none|listen|syn-sent|time-wait|other",
			   "what it is where the connection is in this state" },
	[OPTION_BY_ORIGIN] = { "by", 'b', "source|mac|vlan", "what to list (default: source)" },
	[OPTION_LIMIT] = { "limit", 'L', "NUMBER", "at most this many rows (default: 20)" },
	[OPTION_TOP] = { "top", 'u', NULL,
			 "listen, and show where flagged packets come from, as 'top' does" },
};

#define LINE 256

static bool takes(const struct verb *verb, unsigned int id)
{
	return id == OPTION_HELP || (verb->options & OPTION_SET(id));
}

const struct option_form *options_form(const struct verb *verb, unsigned int id)
{
	return takes(verb, id) ? &table[id] : NULL;
}

/* "--json, --netns": what @verb takes, for messages. */
static const char *list(const struct verb *verb, char text[LINE])
{
	size_t used = 0;

	for (unsigned int id = 0; id < OPTION_COUNT; id++)
		if (takes(verb, id))
			used += (size_t)snprintf(text + used, LINE - used, "%s--%s",
						 used ? ", " : "", table[id].name);
	return text;
}

/* The tables that getopt_long() wants. */
static void prepare(const struct verb *verb, struct option options[OPTION_COUNT + 1],
		    char letters[2 * OPTION_COUNT + 2])
{
	*letters++ = ':'; /* tell a missing argument from an unknown option */
	for (unsigned int id = 0; id < OPTION_COUNT; id++) {
		if (!takes(verb, id))
			continue;
		*options++ = (struct option){
			.name = table[id].name,
			.has_arg = table[id].argument ? required_argument : no_argument,
			.val = table[id].letter,
		};
		*letters++ = table[id].letter;
		if (table[id].argument)
			*letters++ = ':';
	}
	*options = (struct option){};
	*letters = '\0';
}

static unsigned int find(const struct verb *verb, int letter)
{
	unsigned int id = 0;

	while (table[id].letter != letter || !takes(verb, id))
		id++;
	return id;
}

static int check_count(const struct verb *verb, const struct invocation *invocation)
{
	if (invocation->argc < verb->least)
		return fail(FW_EUSAGE, "%s: needs %s; 'flagwall %s --help' says more", verb->name,
			    verb->arguments, verb->name);
	if (verb->most >= 0 && invocation->argc > verb->most)
		return fail(FW_EUSAGE,
			    "%s: '%s' is one argument too many; 'flagwall %s --help' says more",
			    verb->name, invocation->argv[verb->most], verb->name);
	return 0;
}

/* @letter is 0 for a long option; several letters may be in one @word. */
static int unknown(const struct verb *verb, int letter, const char *word)
{
	char text[LINE], option[3] = { '-', (char)letter };

	return fail(FW_EUSAGE, "%s: unknown option '%s': valid are %s", verb->name,
		    letter ? option : word, list(verb, text));
}

int options_parse(const struct verb *verb, int argc, char **argv, struct invocation *invocation)
{
	struct option options[OPTION_COUNT + 1];
	char letters[2 * OPTION_COUNT + 2];
	int letter;

	*invocation = (struct invocation){};
	prepare(verb, options, letters);
	opterr = 0;
	optind = 1;
	while ((letter = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		unsigned int id;

		if (letter == ':')
			return fail(FW_EUSAGE, "%s: '%s' needs an argument: %s", verb->name,
				    argv[optind - 1], table[find(verb, optopt)].argument);
		if (letter == '?')
			return unknown(verb, optopt, argv[optind - 1]);
		id = find(verb, letter);
		invocation->given[id] = true;
		invocation->value[id] = optarg;
	}
	invocation->argc = argc - optind;
	invocation->argv = argv + optind;
	if (invocation->given[OPTION_HELP])
		return 0;
	return check_count(verb, invocation);
}

void options_help(FILE *file, const struct verb *verb)
{
	fprintf(file, "Usage: flagwall %s [OPTIONS]%s%s\n%s.\n\n", verb->name,
		*verb->arguments ? " " : "", verb->arguments, verb->summary);
	for (unsigned int id = 0; id < OPTION_COUNT; id++) {
		char left[LINE];

		if (!takes(verb, id))
			continue;
		snprintf(left, sizeof(left), "-%c, --%s%s%s", table[id].letter, table[id].name,
			 table[id].argument ? " " : "",
			 table[id].argument ? table[id].argument : "");
		fprintf(file, "  %-31s  %s\n", left, table[id].help);
	}
	if (verb->details)
		fprintf(file, "\n%s", verb->details);
}

int options_choice(const char *option, const char *value, const char *const *choices)
{
	char text[LINE];
	size_t used = 0;

	for (int i = 0; choices[i]; i++) {
		if (!strcmp(value, choices[i]))
			return i;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i ? ", " : "",
					 choices[i]);
	}
	return fail(FW_EUSAGE, "--%s: '%s' is not known: valid are %s", option, value, text);
}

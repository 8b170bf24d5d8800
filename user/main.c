// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "verbs.h"
#include "version.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_USAGE = 1,
	EXIT_REFUSED = 2, /* by the system; verbs may add codes from 3 on */
};

static const struct verb *const verbs[] = {
	&verb_attach, &verb_detach, &verb_status, &verb_counters, &verb_explain,
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static void print_help(FILE *file)
{
	fputs("Usage: flagwall VERB [OPTIONS] [ARGUMENTS]\n"
	      "Drops and counts TCP segments whose flags no correct sender sends.\n\n",
	      file);
	for (size_t i = 0; i < VERBS; i++)
		fprintf(file, "  %-9s %-14s %s\n", verbs[i]->name, verbs[i]->arguments,
			verbs[i]->summary);
	fputs("\n'flagwall VERB --help' tells more; without a verb: status.\n"
	      "Exit code: 0 done, 1 wrong usage, 2 refused by the system.\n",
	      file);
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

static int unknown_verb(const char *name)
{
	char text[256];
	size_t used = 0;

	for (size_t i = 0; i < VERBS; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i ? ", " : "",
					 verbs[i]->name);
	return fail(FW_EUSAGE, "unknown verb '%s': valid are %s", name, text);
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	struct invocation invocation;
	int err;

	err = options_parse(verb, argc, argv, &invocation);
	if (err)
		return err;
	if (invocation.given[OPTION_HELP]) {
		options_help(stdout, verb);
		return EXIT_DONE;
	}
	return verb->run(&invocation);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

static int help(const char *name)
{
	const struct verb *verb = name ? find_verb(name) : NULL;

	if (name && !verb)
		return unknown_verb(name);
	if (verb)
		options_help(stdout, verb);
	else
		print_help(stdout);
	return EXIT_DONE;
}

static int dispatch(int argc, char **argv)
{
	static char *const bare[] = { (char *)"status", NULL };
	const struct verb *verb;

	if (argc < 2)
		return run_verb(&verb_status, 1, (char **)bare);
	if (is_help(argv[1]))
		return help(argv[2]);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("flagwall %s\n", flagwall_version);
		return EXIT_DONE;
	}
	if (argv[1][0] == '-' && strcmp(argv[1], "--") != 0)
		return run_verb(&verb_status, argc, argv);
	verb = find_verb(argv[1]);
	if (!verb)
		return unknown_verb(argv[1]);
	return run_verb(verb, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	int result = dispatch(argc, argv);

	/* What was printed must have arrived: a full disk is no success. */
	if ((fflush(stdout) || ferror(stdout)) && result >= 0)
		result = fail(EIO, "cannot write to standard output: %s", strerror(errno));
	if (result == -FW_EUSAGE)
		return EXIT_USAGE;
	return result < 0 ? EXIT_REFUSED : result;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "complete.h"
#include "report.h"
#include "verbs.h"
#include "version.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_USAGE = 1,
	EXIT_REFUSED = 2, /* by the system; verbs may add codes from 3 on */
};

static const struct verb *const verbs[] = {
	&verb_attach, &verb_detach, &verb_status, &verb_counters, &verb_watch,
	&verb_events, &verb_top,    &verb_policy, &verb_explain,  &verb_classify,
	&verb_rule,   &verb_doctor, NULL,
};

static void print_verbs(FILE *file, const struct verb *const *list)
{
	for (; *list; list++)
		fprintf(file, "  %-9s %-16s %s\n", verb_word(*list), (*list)->arguments,
			(*list)->summary);
}

static void print_help(FILE *file)
{
	fputs("Usage: flagwall VERB [OPTIONS] [ARGUMENTS]\n"
	      "Drops and counts TCP segments whose flags no correct sender sends.\n\n",
	      file);
	print_verbs(file, verbs);
	fputs("\n'flagwall VERB --help' says more; without a verb: status.\n"
	      "Exit code: 0 done, 1 wrong usage, 2 refused by the system.\n",
	      file);
}

static void print_verb_help(FILE *file, const struct verb *verb)
{
	if (!verb->verbs) {
		options_help(file, verb);
		return;
	}
	fprintf(file, "Usage: flagwall %s VERB [OPTIONS] [ARGUMENTS]\n%s.\n\n", verb->name,
		verb->summary);
	print_verbs(file, verb->verbs);
	fprintf(file, "\n'flagwall %s VERB --help' says more.\n", verb->name);
}

static const struct verb *find_verb(const struct verb *const *list, const char *name)
{
	for (; *list; list++)
		if (!strcmp(verb_word(*list), name))
			return *list;
	return NULL;
}

static int unknown_verb(const struct verb *const *list, const char *name)
{
	char text[256];
	size_t used = 0;

	for (size_t i = 0; list[i]; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i ? ", " : "",
					 verb_word(list[i]));
	return fail(FW_EUSAGE, "unknown verb '%s': valid are %s", name, text);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

/* @argv[0] is the verb's own word. */
static int run_verb(const struct verb *verb, int argc, char **argv)
{
	struct invocation invocation;
	int err;

	if (verb->verbs) {
		const struct verb *below = argc > 1 ? find_verb(verb->verbs, argv[1]) : NULL;

		if (below)
			return run_verb(below, argc - 1, argv + 1);
		if (argc > 1 && !is_help(argv[1]))
			return unknown_verb(verb->verbs, argv[1]);
		print_verb_help(argc > 1 ? stdout : stderr, verb);
		return argc > 1 ? EXIT_DONE : -FW_EUSAGE;
	}
	err = options_parse(verb, argc, argv, &invocation);
	if (err)
		return err;
	if (invocation.given[OPTION_HELP]) {
		options_help(stdout, verb);
		return EXIT_DONE;
	}
	return verb->run(&invocation);
}

static int help(char **words)
{
	const struct verb *const *list = verbs;
	const struct verb *verb = NULL;

	for (; *words; words++) {
		verb = list ? find_verb(list, *words) : NULL;
		if (!verb)
			return unknown_verb(list ? list : verbs, *words);
		list = verb->verbs;
	}
	if (verb)
		print_verb_help(stdout, verb);
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
		return help(argv + 2);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("flagwall %s\n", flagwall_version);
		return EXIT_DONE;
	}
	/* Not in the help: it is the shells that ask. */
	if (!strcmp(argv[1], "complete")) {
		complete(verbs, argv + 2 + (argc > 2 && !strcmp(argv[2], "--")));
		return EXIT_DONE;
	}
	if (argv[1][0] == '-' && strcmp(argv[1], "--") != 0)
		return run_verb(&verb_status, argc, argv);
	verb = find_verb(verbs, argv[1]);
	if (!verb)
		return unknown_verb(verbs, argv[1]);
	return run_verb(verb, argc - 1, argv + 1);
}

/*
 * Where standard input, output or error is closed, the next file that is opened would get its
 * number, and what is printed. What stands there instead can be neither read nor written.
 */
static void keep_standard_numbers(void)
{
	int held;

	for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++) {
		if (fcntl(number, F_GETFD) >= 0)
			continue;
		held = open("/", O_PATH | O_CLOEXEC);
		if (held != number)
			return;
	}
}

int main(int argc, char **argv)
{
	int result;

	keep_standard_numbers();
	result = dispatch(argc, argv);

	/* What was printed must have arrived: a full disk is no success. */
	if ((fflush(stdout) || ferror(stdout)) && result >= 0)
		result = fail(EIO, "cannot write to standard output: %s; nothing else failed",
			      strerror(errno));
	if (result == -FW_EUSAGE)
		return EXIT_USAGE;
	return result < 0 ? EXIT_REFUSED : result;
}

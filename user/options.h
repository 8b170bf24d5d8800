/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command line: verbs, and options that mean the same under every verb.
 * One table holds them all, and help is printed from it.
 */
#ifndef FLAGWALL_OPTIONS_H
#define FLAGWALL_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum option_id {
	OPTION_HELP,
	OPTION_JSON,
	OPTION_NETNS,
	OPTION_MODE,
	OPTION_OBSERVE,
	OPTION_ENFORCE,
	OPTION_ALL,
	OPTION_CHECK,
	OPTION_BY,
	OPTION_MATCH,
	OPTION_SAMPLES,
	OPTION_TCP_FLAGS,
	OPTION_POLICY,
	OPTION_STRICT,
	OPTION_FORCE,
	OPTION_SAVE,
	OPTION_SINCE,
	OPTION_CONFIRM,
	OPTION_FRAMES,
	OPTION_WRITE_FLAGGED,
	OPTION_INSTALL,
	OPTION_REMOVE,
	OPTION_NATIVE,
	OPTION_BACKEND,
	OPTION_HOOK,
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_INTERVAL,
	OPTION_NUMBER,
	OPTION_PATTERN,
	OPTION_SAMPLE,
	OPTION_RATE,
	OPTION_STATE,
	OPTION_BY_ORIGIN, /* as OPTION_BY, of other things: no verb takes both */
	OPTION_LIMIT,
	OPTION_TOP,
	OPTION_COUNT,
};

#define OPTION_SET(id) (1ULL << (id))

/* What the user typed behind the verb. */
struct invocation {
	bool given[OPTION_COUNT];
	const char *value[OPTION_COUNT]; /* NULL for options without argument */
	int argc;                        /* what is left beside options */
	char **argv;
};

struct verb {
	const char *name;      /* with that of the verb above it: "policy show" */
	const char *arguments; /* "IFACE...", for help */
	const char *summary;   /* one line */
	const char *details;   /* paragraphs for the verb's own help */
	int least;             /* arguments it needs */
	int most;              /* and takes; -1: any number */

	unsigned long long options; /* OPTION_SET()s it takes; help is always there */

	const struct verb *const *verbs; /* its own verbs, ends with NULL; or NULL */

	/* Returns an exit code, or -errno after fail() has spoken. */
	int (*run)(const struct invocation *invocation);
};

/* verb_word - the last word of its name: what is typed for it. */
static inline const char *verb_word(const struct verb *verb)
{
	const char *space = strrchr(verb->name, ' ');

	return space ? space + 1 : verb->name;
}

/*
 * options_parse - read @argc words of @argv, of which the first is the verb's
 * name, into @invocation.
 *
 * Returns 0, or -FW_EUSAGE after naming what is valid. The strings stay the
 * caller's.
 */
int options_parse(const struct verb *verb, int argc, char **argv, struct invocation *invocation);

/* How an option is written. */
struct option_form {
	const char *name;
	char letter;
	const char *argument; /* "SECONDS", "auto|native|generic"; NULL: none */
	const char *help;
};

/* options_form - option @id, or NULL if @verb does not take it. */
const struct option_form *options_form(const struct verb *verb, unsigned int id);

/* options_help - print the help of @verb to @file. */
void options_help(FILE *file, const struct verb *verb);

/*
 * options_choice - the index of @value in @choices (which ends with NULL).
 *
 * Returns -FW_EUSAGE after naming the choices, if it is none of them.
 */
int options_choice(const char *option, const char *value, const char *const *choices);

#endif /* FLAGWALL_OPTIONS_H */

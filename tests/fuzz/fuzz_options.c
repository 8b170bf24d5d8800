// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The command line, through the tool's own main(), up to where a verb would begin
 * to work. An input is the words behind "flagwall", with a NUL behind each.
 */
#include <getopt.h>
#include <string.h>

#include "fuzz.h"
#include "options.h"

#define MOST_WORDS 64

static int run(const struct verb *verb, const struct invocation *invocation);

/* In the place of "verb->run(&invocation)": nothing is done here. */
#define run(invocation) least + run(verb, invocation)
#define main flagwall_main
int flagwall_main(int argc, char **argv);
#include "../../user/main.c"
#undef run
#undef main

static char **words;
static int word_count;

/* Is @text in one of the words? */
static bool is_ours(const char *text)
{
	for (int i = 0; i < word_count; i++)
		if (text >= words[i] && text <= words[i] + strlen(words[i]))
			return true;
	return !strcmp(text, "status"); /* the verb of those who name none */
}

/* A verb's next step: the value is one of a few words. */
static void choose(const char *value)
{
	static const char *const choices[] = { "auto", "native", "x", NULL };
	int choice = options_choice("mode", value, choices);

	HOLDS(choice == -FW_EUSAGE || (choice >= 0 && choice < 3));
	HOLDS(choice < 0 || !strcmp(choices[choice], value));
}

static int run(const struct verb *verb, const struct invocation *invocation)
{
	HOLDS(verb->run);
	HOLDS(!invocation->given[OPTION_HELP]);
	HOLDS(invocation->argc >= verb->least);
	HOLDS(verb->most < 0 || invocation->argc <= verb->most);
	for (unsigned int id = 0; id < OPTION_COUNT; id++) {
		HOLDS(!invocation->given[id] || (verb->options & OPTION_SET(id)));
		HOLDS(!invocation->value[id] ||
		      (invocation->given[id] && is_ours(invocation->value[id])));
		if (invocation->value[id])
			choose(invocation->value[id]);
	}
	for (int i = 0; i < invocation->argc; i++)
		HOLDS(is_ours(invocation->argv[i]));
	HOLDS(!invocation->argv[invocation->argc]);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	stdout = fopen("/dev/null", "we");
	stderr = fopen("/dev/null", "we");
	HOLDS(stdout && stderr);
	return 0;
}

/* The input's words, each by itself on the heap. */
static void split(const char *data, size_t size)
{
	const char *end = data + size;

	word_count = 0;
	words[word_count++] = strdup("flagwall");
	while (data < end && word_count < MOST_WORDS) {
		size_t length = strnlen(data, (size_t)(end - data));

		words[word_count++] = strndup(data, length);
		data += length + 1;
	}
	words[word_count] = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[] = "flagwall", *nothing[] = { name, NULL };
	char **kept;
	int result;

	words = calloc(MOST_WORDS + 1, sizeof(*words));
	kept = calloc(MOST_WORDS + 1, sizeof(*kept));
	HOLDS(words && kept);
	split((const char *)data, size);
	memcpy(kept, words, (MOST_WORDS + 1) * sizeof(*kept)); /* getopt sorts them */

	optind = 0; /* getopt forgets where it was in a word that is gone */
	getopt(1, nothing, "");
	result = flagwall_main(word_count, words);
	HOLDS(result >= 0 && result <= 127);

	for (int i = 0; i < word_count; i++)
		free(kept[i]);
	free(kept);
	free(words);
	return 0;
}

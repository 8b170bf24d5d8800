// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "complete.h"

#include <dirent.h>
#include <net/if.h>

#include "cleanup.h"
#include "flags.h"
#include "netns.h"
#include "policy_store.h"
#include "reason.h"

/* The word that is being typed, and what the words before it say. */
struct typing {
	const char *word;
	size_t head;       /* bytes of it that stay: "--by=", "syn,!" */
	const char *netns; /* where the interfaces are; or NULL */
};

static void offer(const struct typing *typing, const char *candidate, const char *meaning)
{
	const char *begun = typing->word + typing->head;

	if (!strncmp(candidate, begun, strlen(begun)))
		printf("%.*s%s\t%s\n", (int)typing->head, typing->word, candidate, meaning);
}

static void offer_files(struct typing *typing)
{
	(void)typing;
	puts("\tfile");
}

static void offer_interfaces(struct typing *typing)
{
	struct if_nameindex *all;

	if (netns_enter(typing->netns))
		return;
	all = if_nameindex();
	for (size_t i = 0; all && all[i].if_index; i++)
		offer(typing, all[i].if_name, "interface");
	if (all)
		if_freenameindex(all);
}

static void offer_policies(struct typing *typing)
{
	_cleanup_free_ struct policy_entry *entries = NULL;
	int count = policy_entries(&entries);

	for (int i = 0; i < count; i++)
		offer(typing, entries[i].name, "policy");
}

/* The last of a list: "syn,!f". */
static void offer_flags(struct typing *typing)
{
	const char *comma = strrchr(typing->word + typing->head, ',');

	if (comma)
		typing->head = (size_t)(comma + 1 - typing->word);
	if (typing->word[typing->head] == '!')
		typing->head++;
	for (size_t i = 0; i < FLAGS_NAMES; i++)
		offer(typing, flag_names[i].lower, "flag");
}

static void offer_names(struct typing *typing)
{
	_cleanup_(policy_release) struct policy policy = {};

	if (!policy_load(POLICY_DEFAULT, &policy))
		for (size_t i = 0; i < policy.pattern_count; i++)
			offer(typing, policy.patterns[i].name, "pattern");
}

static void offer_reasons(struct typing *typing)
{
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		offer(typing, reason_texts[i].name, "reason");
}

static void offer_patterns(struct typing *typing)
{
	offer_names(typing);
	offer_flags(typing);
}

static void offer_namespaces(struct typing *typing)
{
	DIR *folder = opendir("/run/netns");
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			offer(typing, entry->d_name, "network namespace");
	if (folder)
		closedir(folder);
}

/* What the words in usage lines stand for. */
static const struct {
	const char *word;
	void (*offer)(struct typing *typing);
} kinds[] = {
	{ "IFACE", offer_interfaces }, { "NAME", offer_policies },    { "A", offer_policies },
	{ "B", offer_policies },       { "FILE", offer_files },       { "PATH", offer_files },
	{ "OUT.pcapng", offer_files }, { "MATCH", offer_flags },      { "MASK", offer_flags },
	{ "FLAGS", offer_patterns },   { "NETNS", offer_namespaces }, { "PATTERN", offer_names },
	{ "REASON", offer_reasons },
};

static void offer_kind(struct typing *typing, const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].word, kind)) {
			kinds[i].offer(typing);
			return;
		}
	if (*kind >= 'a' && *kind <= 'z') /* written as it is typed */
		offer(typing, kind, "");
}

/* Each of "NAME|FILE|IFACE": @length bytes, maybe in brackets, with dots behind. */
static void offer_form(struct typing *typing, const char *form, size_t length)
{
	char text[64], *rest = text, *kind;

	snprintf(text, sizeof(text), "%.*s", (int)length, form);
	if (!strcmp(text, "NAME|PATH|PID"))
		snprintf(text, sizeof(text), "NETNS|PATH");
	while ((kind = strsep(&rest, "|"))) {
		char *dots = strstr(kind, "...");

		if (*kind == '[')
			kind++;
		kind[strcspn(kind, "]")] = '\0';
		if (dots)
			*dots = '\0';
		offer_kind(typing, kind);
	}
}

/* Argument number @number, from 0; the last one may come again. */
static void offer_argument(struct typing *typing, const struct verb *verb, int number)
{
	const char *form = verb->arguments;

	for (; number > 0 && strchr(form, ' '); number--)
		form = strchr(form, ' ') + 1;
	if (!number || verb->most < 0)
		offer_form(typing, form, strcspn(form, " "));
}

static void offer_options(const struct typing *typing, const struct verb *verb)
{
	for (unsigned int id = 0; id < OPTION_COUNT; id++) {
		const struct option_form *form = options_form(verb, id);
		char text[64];

		if (!form)
			continue;
		snprintf(text, sizeof(text), "--%s", form->name);
		offer(typing, text, form->help);
	}
}

/* Is @word an option of @verb, "--mode" or "-m", possibly with "=..." behind? */
static const struct option_form *option_of(const struct verb *verb, const char *word)
{
	for (unsigned int id = 0; id < OPTION_COUNT; id++) {
		const struct option_form *form = options_form(verb, id);
		size_t length = strcspn(word, "=");

		if (!form || word[0] != '-')
			continue;
		if (word[1] == form->letter && !word[2])
			return form;
		if (word[1] == '-' && strlen(form->name) == length - 2 &&
		    !strncmp(word + 2, form->name, length - 2))
			return form;
	}
	return NULL;
}

static void offer_for_verb(const struct verb *verb, char **words)
{
	const struct option_form *pending = NULL;
	struct typing typing = {};
	bool ended = false;
	int arguments = 0;

	for (; words[1]; words++) {
		const struct option_form *option = ended ? NULL : option_of(verb, *words);

		if (pending) {
			if (pending->letter == 'n')
				typing.netns = *words;
			pending = NULL;
		} else if (option) {
			if (strchr(*words, '=') && option->letter == 'n')
				typing.netns = strchr(*words, '=') + 1;
			else if (option->argument && !strchr(*words, '='))
				pending = option;
		} else if (!ended && !strcmp(*words, "--")) {
			ended = true;
		} else {
			arguments++;
		}
	}
	typing.word = *words;
	if (!pending && !ended && *typing.word == '-' && strchr(typing.word, '=')) {
		pending = option_of(verb, typing.word);
		typing.head = (size_t)(strchr(typing.word, '=') + 1 - typing.word);
		if (!pending)
			return;
	}
	if (pending && pending->argument)
		offer_form(&typing, pending->argument, strlen(pending->argument));
	else if (!pending && !ended && *typing.word == '-')
		offer_options(&typing, verb);
	else if (!pending)
		offer_argument(&typing, verb, arguments);
}

void complete(const struct verb *const *verbs, char **words)
{
	const struct typing typing = { .word = *words };

	if (!*words)
		return;
	if (words[1]) {
		for (; *verbs; verbs++)
			if (!strcmp(verb_word(*verbs), *words) && (*verbs)->verbs)
				complete((*verbs)->verbs, words + 1);
			else if (!strcmp(verb_word(*verbs), *words))
				offer_for_verb(*verbs, words + 1);
		return;
	}
	for (; *verbs; verbs++)
		offer(&typing, verb_word(*verbs), (*verbs)->summary);
}

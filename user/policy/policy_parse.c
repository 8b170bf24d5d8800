// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading a policy's text. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "flags.h"
#include "policy_reader.h"
#include "reason.h"

#define SHOWN 32 /* at most this much of a text goes into a message */

static int parse(const char *name, const char *text, size_t length, unsigned int depth,
		 struct policy_includes *includes, struct policy *policy,
		 struct policy_error *error);

int policy_refuse(struct reader *reader, const char *at, const char *format, ...)
{
	struct policy_error *error = reader->error;
	va_list arguments;

	error->depth = reader->depth;
	error->line = reader->number;
	error->column = (unsigned int)(at - reader->line) + 1;
	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return -EINVAL;
}

bool word_is(const struct word *word, const char *text)
{
	return strlen(text) == word->length && !memcmp(word->text, text, word->length);
}

int word_shown(const struct word *word)
{
	return (int)(word->length < SHOWN ? word->length : SHOWN);
}

int word_reason(const struct word *word)
{
	for (int i = 0; i < FW_REASON_COUNT; i++)
		if (word_is(word, reason_texts[i].name))
			return i;
	return -1;
}

int read_action(struct reader *reader, const struct word *word, enum fw_action *action)
{
	for (int i = FW_PASS; i <= FW_DROP; i++) {
		if (word_is(word, policy_action_name((enum fw_action)i))) {
			*action = (enum fw_action)i;
			return 0;
		}
	}
	return policy_refuse(reader, word->text,
			     "unknown action '%.*s': valid are pass, count, drop", word_shown(word),
			     word->text);
}

static struct pattern *find_in(const struct policy *policy, const struct word *name)
{
	for (size_t i = 0; i < policy->pattern_count; i++)
		if (word_is(name, policy->patterns[i].name))
			return &policy->patterns[i];
	return NULL;
}

static struct pattern *find(const struct reader *reader, const struct word *name)
{
	struct pattern *own = find_in(&reader->policy, name);

	return own ? own : find_in(&reader->base, name);
}

static int check_pattern_name(struct reader *reader, const struct word *word)
{
	const struct policy *policy = &reader->policy;

	if (word->length >= PATTERN_NAME)
		return policy_refuse(reader, word->text, "pattern name longer than %d characters",
				     PATTERN_NAME - 1);
	for (size_t i = 0; i < word->length; i++)
		if (!word->text[i] ||
		    !strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", word->text[i]))
			return policy_refuse(reader, word->text + i,
					     "pattern names are made of a-z, 0-9, - and _");
	if (word_reason(word) >= 0)
		return policy_refuse(reader, word->text, "'%.*s' is the name of a reason",
				     word_shown(word), word->text);
	if (word_is(word, STATE_CLASS))
		return policy_refuse(reader, word->text,
				     "'" STATE_CLASS "' is what exceptions call all state lines");
	if (find(reader, word))
		return policy_refuse(reader, word->text, "pattern '%.*s' is there already",
				     word_shown(word), word->text);
	if (policy->pattern_count + reader->base.pattern_count == PATTERNS_MOST)
		return policy_refuse(reader, word->text, "more than %d patterns", PATTERNS_MOST);
	return 0;
}

/* pattern NAME MATCH ACTION */
static int read_pattern(struct reader *reader, const struct word *words)
{
	struct policy *policy = &reader->policy;
	struct pattern pattern = { .line = reader->number };
	struct text_error where = {};
	struct pattern *grown;
	int err;

	err = check_pattern_name(reader, &words[1]);
	if (err)
		return err;
	memcpy(pattern.name, words[1].text, words[1].length);
	if (match_parse(words[2].text, words[2].length, &pattern.match, &where))
		return policy_refuse(reader, words[2].text + where.column, "%s", where.message);
	err = read_action(reader, &words[3], &pattern.action);
	if (err)
		return err;

	grown = reallocarray(policy->patterns, policy->pattern_count + 1, sizeof(pattern));
	if (!grown)
		return -ENOMEM;
	policy->patterns = grown;
	policy->patterns[policy->pattern_count++] = pattern;
	return 0;
}

/* reason NAME ACTION */
static int read_reason(struct reader *reader, const struct word *words)
{
	int reason = word_reason(&words[1]);

	if (reason < 0)
		return policy_refuse(reader, words[1].text,
				     "unknown reason '%.*s': 'flagwall policy show' lists them",
				     word_shown(&words[1]), words[1].text);
	if (reader->reason_given[reason])
		return policy_refuse(reader, words[1].text, "reason '%.*s' is there already",
				     word_shown(&words[1]), words[1].text);
	reader->reason_given[reason] = true;
	return read_action(reader, &words[2], &reader->policy.reasons[reason]);
}

static const char *include_words(int err)
{
	if (err == -ENOENT)
		return "there is no policy of that name, and files are not included";
	return err == -ELOOP ? "it is what includes this, and there is no other of that name" :
			       strerror(-err);
}

/* include NAME */
static int read_include(struct reader *reader, const struct word *words)
{
	_cleanup_free_ char *text = NULL;
	char name[POLICY_NAME];
	size_t length = 0;
	int err;

	if (reader->begun || reader->included)
		return policy_refuse(reader, words[0].text, "include comes first, and once");
	if (words[1].length >= sizeof(name) || memchr(words[1].text, '\0', words[1].length))
		return policy_refuse(reader, words[1].text, "policy name longer than %d characters",
				     POLICY_NAME - 1);
	snprintf(name, sizeof(name), "%.*s", (int)words[1].length, words[1].text);
	if (reader->depth == POLICY_INCLUDES_MOST)
		return policy_refuse(reader, words[1].text,
				     "includes are nested deeper than %d: a loop?",
				     POLICY_INCLUDES_MOST);
	err = reader->includes ? reader->includes->find(reader->includes, reader->depth, name,
							&text, &length) :
				 -ENOENT;
	if (err)
		return policy_refuse(reader, words[1].text, "cannot include '%.*s': %s",
				     word_shown(&words[1]), words[1].text, include_words(err));
	err = parse(name, text, length, reader->depth + 1, reader->includes, &reader->base,
		    reader->error);
	reader->included = !err;
	return err;
}

/* action PATTERN ACTION */
static int read_override(struct reader *reader, const struct word *words)
{
	struct pattern *pattern = find(reader, &words[1]);

	if (!pattern)
		return policy_refuse(
			reader, words[1].text,
			"no pattern '%.*s' so far; a reason is changed by: reason NAME ACTION",
			word_shown(&words[1]), words[1].text);
	if (pattern->overridden)
		return policy_refuse(reader, words[1].text,
				     "the action of pattern '%.*s' is there already",
				     word_shown(&words[1]), words[1].text);
	pattern->overridden = true;
	pattern->line = reader->number;
	return read_action(reader, &words[2], &pattern->action);
}

/* inspect tunnels */
static int read_inspect(struct reader *reader, const struct word *words)
{
	if (!word_is(&words[1], "tunnels"))
		return policy_refuse(reader, words[1].text, "unknown '%.*s': valid is tunnels",
				     word_shown(&words[1]), words[1].text);
	if (reader->policy.tunnels)
		return policy_refuse(reader, words[1].text, "inspect tunnels is there already");
	reader->policy.tunnels = true;
	return 0;
}

/* The kinds of lines there are. */
static const struct {
	const char *keyword;
	size_t least, most; /* words */
	int (*read)(struct reader *reader, const struct word *words);
	const char *form;
} lines[] = {
	{ "pattern", 4, 4, read_pattern, "pattern NAME MATCH ACTION" },
	{ "reason", 3, 3, read_reason, "reason NAME ACTION" },
	{ "include", 2, 2, read_include, "include NAME" },
	{ "action", 3, 3, read_override, "action PATTERN ACTION" },
	{ "inspect", 2, 2, read_inspect, "inspect tunnels" },
	{ "state", 4, 4, read_state, "state STATE MATCH ACTION" },
	{ "except", 3, 4, read_except, "except from|to PREFIX [PATTERN,...]" },
};

#define MOST_WORDS 4

static int read_words(struct reader *reader, const struct word *words, size_t count)
{
	int err;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!word_is(&words[0], lines[i].keyword))
			continue;
		if (count < lines[i].least || count > lines[i].most)
			return policy_refuse(reader, words[0].text, "the form is: %s",
					     lines[i].form);
		err = lines[i].read(reader, words);
		reader->begun = true;
		return err;
	}
	return policy_refuse(
		reader, words[0].text,
		"unknown line '%.*s': valid are pattern, reason, include, action, inspect, state, except",
		word_shown(&words[0]), words[0].text);
}

static int read_line(struct reader *reader, const char *end)
{
	struct word words[MOST_WORDS + 1] = {};
	const char *at = reader->line;
	size_t count = 0;

	while (count <= MOST_WORDS) {
		while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
			at++;
		if (at == end || *at == '#')
			break;
		words[count].text = at;
		while (at < end && *at != ' ' && *at != '\t' && *at != '\r' && *at != '#')
			at++;
		words[count].length = (size_t)(at - words[count].text);
		count++;
	}
	return count ? read_words(reader, words, count) : 0;
}

/* A file's own patterns are asked before those that it includes. */
static int merge(struct reader *reader)
{
	struct policy *policy = &reader->policy;
	const struct policy *base = &reader->base;
	struct pattern *grown;
	int err;

	if (!reader->included)
		return 0;
	if ((err = policy_merge_exceptions(reader)) || (err = policy_merge_states(reader)))
		return err;
	grown = reallocarray(policy->patterns, policy->pattern_count + base->pattern_count,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	policy->patterns = grown;
	for (size_t i = 0; i < base->pattern_count; i++) {
		struct pattern *pattern = &grown[policy->pattern_count++];

		*pattern = base->patterns[i];
		if (!pattern->overridden)
			pattern->line = 0;
	}
	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		if (!reader->reason_given[i])
			policy->reasons[i] = base->reasons[i];
	policy->tunnels |= base->tunnels;
	return 0;
}

/* Every signature belongs somewhere. Counts who has how many. */
static int check_complete(struct reader *reader, const char *end)
{
	struct policy *policy = &reader->policy;
	char text[FLAGS_TEXT];

	for (size_t i = 0; i < policy->pattern_count; i++)
		policy->patterns[i].members = 0;
	policy_count_states(policy);
	reader->line = end;
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++) {
		const struct pattern *pattern = policy_pattern(policy, signature);

		if (pattern)
			policy->patterns[pattern - policy->patterns].members++;
		else
			return policy_refuse(
				reader, end,
				"no pattern holds %s: end with 'pattern NAME any ACTION'",
				flags_print(signature, text));
	}
	return 0;
}

static int read_text(struct reader *reader, const char *text, size_t length)
{
	const char *end = text + length, *nul;
	int err;

	for (reader->line = text; reader->line < end; reader->number++) {
		const char *stop = memchr(reader->line, '\n', (size_t)(end - reader->line));

		if (!stop)
			stop = end;
		nul = memchr(reader->line, '\0', (size_t)(stop - reader->line));
		if (nul)
			return policy_refuse(reader, nul, "a NUL byte: this is not text");
		err = read_line(reader, stop);
		if (err)
			return err;
		reader->line = stop + 1;
	}
	err = merge(reader);
	return err ? err : check_complete(reader, end);
}

static int parse(const char *name, const char *text, size_t length, unsigned int depth,
		 struct policy_includes *includes, struct policy *policy, struct policy_error *error)
{
	static const char mark[] = "\xef\xbb\xbf"; /* UTF-8, as some editors begin a file */
	struct reader reader = { .number = 1, .depth = depth, .includes = includes, .error = error };
	int err;

	if (length >= sizeof(mark) - 1 && !memcmp(text, mark, sizeof(mark) - 1)) {
		text += sizeof(mark) - 1;
		length -= sizeof(mark) - 1;
	}
	err = read_text(&reader, text, length);
	for (size_t i = 0; i < reader.policy.pattern_count; i++)
		reader.policy.patterns[i].overridden = false;
	if (!err)
		err = policy_finish(&reader.policy, name);
	policy_release(&reader.base);
	if (err)
		policy_release(&reader.policy);
	else
		*policy = reader.policy;
	return err;
}

int policy_parse_with(const char *name, const char *text, size_t length,
		      struct policy_includes *includes, struct policy *policy,
		      struct policy_error *error)
{
	return parse(name, text, length, 0, includes, policy, error);
}

int policy_parse(const char *name, const char *text, size_t length, struct policy *policy,
		 struct policy_error *error)
{
	return policy_parse_with(name, text, length, NULL, policy, error);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "policy.h"

#include <errno.h>
#include <sha2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flags.h"
#include "reason.h"

#define SHOWN 32 /* at most this much of a text goes into a message */

/* One word of a line. */
struct word {
	const char *text;
	size_t length;
};

/* What is known while a text is read. */
struct reader {
	struct policy policy;
	bool reason_given[FW_REASON_COUNT];
	const char *line; /* where it starts */
	unsigned int number;
	struct policy_error *error;
};

static const char *const action_names[] = {
	[FW_PASS] = "pass",
	[FW_COUNT] = "count",
	[FW_DROP] = "drop",
};

const char *policy_action_name(enum fw_action action)
{
	return action_names[action];
}

static int __attribute__((format(printf, 3, 4)))
refuse(struct reader *reader, const char *at, const char *format, ...)
{
	struct policy_error *error = reader->error;
	va_list arguments;

	error->line = reader->number;
	error->column = (unsigned int)(at - reader->line) + 1;
	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static bool word_is(const struct word *word, const char *text)
{
	return strlen(text) == word->length && !memcmp(word->text, text, word->length);
}

static int shown(const struct word *word)
{
	return (int)(word->length < SHOWN ? word->length : SHOWN);
}

static int read_action(struct reader *reader, const struct word *word, enum fw_action *action)
{
	for (size_t i = 0; i < sizeof(action_names) / sizeof(action_names[0]); i++) {
		if (word_is(word, action_names[i])) {
			*action = (enum fw_action)i;
			return 0;
		}
	}
	return refuse(reader, word->text, "unknown action '%.*s': valid are pass, count, drop",
		      shown(word), word->text);
}

static int check_pattern_name(struct reader *reader, const struct word *word)
{
	const struct policy *policy = &reader->policy;

	if (word->length >= PATTERN_NAME)
		return refuse(reader, word->text, "pattern name longer than %d characters",
			      PATTERN_NAME - 1);
	for (size_t i = 0; i < word->length; i++)
		if (!word->text[i] ||
		    !strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", word->text[i]))
			return refuse(reader, word->text + i,
				      "pattern names are made of a-z, 0-9, - and _");
	for (size_t i = 0; i < policy->pattern_count; i++)
		if (word_is(word, policy->patterns[i].name))
			return refuse(reader, word->text, "pattern '%.*s' is there already",
				      shown(word), word->text);
	return 0;
}

/* pattern NAME MATCH ACTION */
static int read_pattern(struct reader *reader, const struct word words[4])
{
	struct policy *policy = &reader->policy;
	struct pattern pattern = {};
	struct text_error where = {};
	struct pattern *grown;
	int err;

	err = check_pattern_name(reader, &words[1]);
	if (err)
		return err;
	memcpy(pattern.name, words[1].text, words[1].length);
	if (match_parse(words[2].text, words[2].length, &pattern.match, &where))
		return refuse(reader, words[2].text + where.column, "%s", where.message);
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
static int read_reason(struct reader *reader, const struct word words[3])
{
	for (size_t i = 0; i < FW_REASON_COUNT; i++) {
		if (!word_is(&words[1], reason_texts[i].name))
			continue;
		if (reader->reason_given[i])
			return refuse(reader, words[1].text, "reason '%.*s' is there already",
				      shown(&words[1]), words[1].text);
		reader->reason_given[i] = true;
		return read_action(reader, &words[2], &reader->policy.reasons[i]);
	}
	return refuse(reader, words[1].text, "unknown reason '%.*s'", shown(&words[1]),
		      words[1].text);
}

/* The kinds of lines there are. */
static const struct {
	const char *keyword;
	size_t words;
	int (*read)(struct reader *reader, const struct word *words);
	const char *form;
} lines[] = {
	{ "pattern", 4, read_pattern, "pattern NAME MATCH ACTION" },
	{ "reason", 3, read_reason, "reason NAME ACTION" },
};

#define MOST_WORDS 4

static int read_words(struct reader *reader, const struct word *words, size_t count)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!word_is(&words[0], lines[i].keyword))
			continue;
		if (count != lines[i].words)
			return refuse(reader, words[0].text, "the form is: %s", lines[i].form);
		return lines[i].read(reader, words);
	}
	return refuse(reader, words[0].text, "unknown line '%.*s': valid are pattern, reason",
		      shown(&words[0]), words[0].text);
}

static int read_line(struct reader *reader, const char *end)
{
	struct word words[MOST_WORDS + 1];
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

static const struct pattern *find_pattern(const struct policy *policy, unsigned int signature)
{
	for (size_t i = 0; i < policy->pattern_count; i++)
		if (match_holds(&policy->patterns[i].match, signature))
			return &policy->patterns[i];
	return NULL;
}

static int check_complete(struct reader *reader, const char *end)
{
	char text[FLAGS_TEXT];

	reader->line = end;
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		if (!find_pattern(&reader->policy, signature))
			return refuse(reader, end,
				      "no pattern holds %s: end with 'pattern NAME any ACTION'",
				      flags_print(signature, text));
	return 0;
}

static int read_text(struct reader *reader, const char *text, size_t length)
{
	const char *end = text + length;
	int err;

	for (reader->line = text; reader->line < end; reader->number++) {
		const char *stop = memchr(reader->line, '\n', (size_t)(end - reader->line));

		if (!stop)
			stop = end;
		err = read_line(reader, stop);
		if (err)
			return err;
		reader->line = stop + 1;
	}
	return check_complete(reader, end);
}

int policy_parse(const char *name, const char *text, size_t length, struct policy *policy,
		 struct policy_error *error)
{
	struct reader reader = { .number = 1, .error = error };
	SHA2_CTX hash;
	int err;

	err = read_text(&reader, text, length);
	if (err) {
		policy_release(&reader.policy);
		return err;
	}
	snprintf(reader.policy.name, sizeof(reader.policy.name), "%s", name);
	SHA256Init(&hash);
	SHA256Update(&hash, (const uint8_t *)text, length);
	SHA256Final(reader.policy.sha256, &hash);
	*policy = reader.policy;
	return 0;
}

void policy_release(struct policy *policy)
{
	free(policy->patterns);
	policy->patterns = NULL;
	policy->pattern_count = 0;
}

const struct pattern *policy_pattern(const struct policy *policy, unsigned int signature)
{
	return find_pattern(policy, signature);
}

void policy_compile(const struct policy *policy, bool observe, __u8 action[FW_ACTION_SLOTS])
{
	memset(action, FW_PASS, FW_ACTION_SLOTS);
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++)
		action[signature] = (__u8)find_pattern(policy, signature)->action;
	for (unsigned int reason = 0; reason < FW_REASON_COUNT; reason++)
		action[FW_REASON_BASE + reason] = (__u8)policy->reasons[reason];
	if (!observe)
		return;
	for (unsigned int outcome = 0; outcome < FW_OUTCOMES; outcome++)
		if (action[outcome] == FW_DROP)
			action[outcome] = FW_COUNT;
}

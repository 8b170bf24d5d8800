// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading the exceptions of a policy. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_reader.h"

#define ROOM 64 /* for the first exceptions; then it doubles */

/*
 * While a text is read, nobody knows how many patterns will stand before those
 * that are included: they are counted from the highest number down, which stays
 * free, as there are PATTERNS_MOST at most in all.
 */
static unsigned int class_of_included(size_t index)
{
	return PATTERNS_MOST - 1 - (unsigned int)index;
}

_Static_assert(PATTERNS_MOST == FW_CLASS_REASONS, "patterns and reasons share the bits");

static bool find_pattern(const struct policy *policy, const struct word *name, size_t *index)
{
	for (*index = 0; *index < policy->pattern_count; (*index)++)
		if (word_is(name, policy->patterns[*index].name))
			return true;
	return false;
}

/* One name of the list. */
static int read_class(struct reader *reader, const struct word *name, struct exception *exception)
{
	int reason = word_reason(name);
	size_t index;

	if (find_pattern(&reader->policy, name, &index))
		exception_class(exception, (unsigned int)index);
	else if (find_pattern(&reader->base, name, &index))
		exception_class(exception, class_of_included(index));
	else if (word_is(name, STATE_CLASS))
		exception_class(exception, FW_CLASS_STATE);
	else if (reason >= 0)
		exception_class(exception, FW_CLASS_REASONS + (unsigned int)reason);
	else
		return policy_refuse(reader, name->text, "no pattern or reason '%.*s' so far",
				     word_shown(name), name->text);
	return 0;
}

static int read_classes(struct reader *reader, const struct word *list, struct exception *exception)
{
	const char *at = list->text, *end = list->text + list->length;
	int err = 0;

	while (!err) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		struct word name = { at, (size_t)((comma ? comma : end) - at) };

		err = read_class(reader, &name, exception);
		if (!comma)
			break;
		at = comma + 1;
	}
	return err;
}

static int append(struct reader *reader, const struct exception *exception)
{
	struct policy *policy = &reader->policy;

	if (policy->exception_count == reader->room) {
		size_t room = reader->room ? 2 * reader->room : ROOM;
		struct exception *grown = reallocarray(policy->exceptions, room, sizeof(*exception));

		if (!grown)
			return -ENOMEM;
		policy->exceptions = grown;
		reader->room = room;
	}
	policy->exceptions[policy->exception_count++] = *exception;
	return 0;
}

int read_except(struct reader *reader, const struct word *words)
{
	struct exception exception = {};
	const char *wrong;
	int err;

	if (word_is(&words[1], "to"))
		exception.direction = FW_TO;
	else if (!word_is(&words[1], "from"))
		return policy_refuse(reader, words[1].text, "'%.*s' is neither from nor to",
				     word_shown(&words[1]), words[1].text);
	wrong = exception_prefix(words[2].text, words[2].length, &exception);
	if (wrong)
		return policy_refuse(reader, words[2].text, "%s", wrong);
	if (!words[3].text) {
		memset(exception.classes, 0xff, sizeof(exception.classes));
		return append(reader, &exception);
	}
	err = read_classes(reader, &words[3], &exception);
	return err ? err : append(reader, &exception);
}

/*
 * Move the bits of patterns to where these stand once all are in one list. The
 * @own patterns come first, the @included behind them; @counted_down: the
 * exception is of the file itself, and counts those as class_of_included() does.
 */
static void move(struct exception *exception, size_t own, size_t included, bool counted_down)
{
	struct exception moved = *exception;

	if (exception_everything(exception))
		return;
	moved.classes[0] = moved.classes[1] = 0;
	for (unsigned int i = 0; counted_down && i < own; i++)
		if (exception_holds(exception, i))
			exception_class(&moved, i);
	for (unsigned int i = 0; i < included; i++)
		if (exception_holds(exception, counted_down ? class_of_included(i) : i))
			exception_class(&moved, (unsigned int)own + i);
	*exception = moved;
}

int policy_merge_exceptions(struct reader *reader)
{
	const struct policy *base = &reader->base;
	size_t own = reader->policy.pattern_count;
	int err = 0;

	for (size_t i = 0; i < reader->policy.exception_count; i++)
		move(&reader->policy.exceptions[i], own, base->pattern_count, true);
	for (size_t i = 0; i < base->exception_count && !err; i++) {
		struct exception exception = base->exceptions[i];

		move(&exception, own, base->pattern_count, false);
		err = append(reader, &exception);
	}
	return err;
}

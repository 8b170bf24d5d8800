/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files that read a policy's text share, and nobody else. */
#ifndef FLAGWALL_POLICY_READER_H
#define FLAGWALL_POLICY_READER_H

#include "policy.h"

/* One word of a line. */
struct word {
	const char *text;
	size_t length;
};

/* What is known while a text is read. */
struct reader {
	struct policy policy; /* of this text alone */
	struct policy base;   /* what it includes */
	size_t room;          /* for exceptions in policy */
	bool included;
	bool begun; /* a line that is no include was read */
	bool reason_given[FW_REASON_COUNT];
	const char *line; /* where it starts */
	unsigned int number;
	unsigned int depth;
	struct policy_includes *includes;
	struct policy_error *error;
};

/* policy_refuse - fill the error with a message about @at. Returns -EINVAL. */
int policy_refuse(struct reader *reader, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

bool word_is(const struct word *word, const char *text);

/* word_shown - how much of @word a message shows, for "%.*s". */
int word_shown(const struct word *word);

/* word_reason - the number of the reason that @word names; -1: of none. */
int word_reason(const struct word *word);

/* read_action - what is done. Returns 0 or -EINVAL. */
int read_action(struct reader *reader, const struct word *word, enum fw_action *action);

/* read_state - state STATE MATCH ACTION. Returns 0, -EINVAL or -ENOMEM. */
int read_state(struct reader *reader, const struct word *words);

/*
 * policy_merge_states - bring the lines of the included policy along, behind its own.
 * Returns 0 or -ENOMEM.
 */
int policy_merge_states(struct reader *reader);

/* policy_count_states - count what belongs to each line. */
void policy_count_states(struct policy *policy);

/* The one name that exceptions know all lines about states by. */
#define STATE_CLASS "state"

/* read_except - except from|to PREFIX [PATTERN,...], @words ending with NULL. Returns 0, -EINVAL or
 * -ENOMEM. */
int read_except(struct reader *reader, const struct word *words);

/*
 * policy_merge_exceptions - bring those of the included policy along, before its
 * patterns are appended. Returns 0 or -ENOMEM.
 */
int policy_merge_exceptions(struct reader *reader);

/*
 * policy_finish - what remains once everything is read: exceptions in canonical
 * form, the text that says the same and no more, and its hash.
 *
 * Returns 0 or -ENOMEM.
 */
int policy_finish(struct policy *policy, const char *name);

#endif /* FLAGWALL_POLICY_READER_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The words of notation.c: how single flags and lists of them are written. */
#ifndef FLAGWALL_NOTATION_WORDS_H
#define FLAGWALL_NOTATION_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "match.h"

/* A text that is being read, and where its faults go. */
struct reader {
	const char *start;
	const char *at;
	const char *end;
	struct text_error *error;
};

/* How a list of flags may be written. */
enum {
	LIST_BLANKS = 1,   /* a blank separates, too */
	LIST_BRACKETS = 2, /* inside tcpdump's brackets */
	LIST_ALL = 4,      /* iptables' ALL */
};

/*
 * reader_refuse - fill the error with "<what> '<@length bytes at @at>': <way
 * out>", the text shortened and made printable. Returns -EINVAL.
 */
int reader_refuse(struct reader *reader, const char *at, size_t length, const char *what,
		  const char *way_out);

/*
 * reader_refuse_rest - the same about what has not been read yet: it is
 * @what, or something is missing if the text is at its end.
 */
int reader_refuse_rest(struct reader *reader, const char *what);

/* reader_skip_blanks - go to the next character that is not blank. */
void reader_skip_blanks(struct reader *reader);

/* reader_accept - go behind @text if it comes next, in any case of letters. */
bool reader_accept(struct reader *reader, const char *text);

/* reader_accept_word - the same, if @text is the whole word that comes next. */
bool reader_accept_word(struct reader *reader, const char *text);

/* reader_list - read flags with , | or + between into @bits; @how: LIST_*. */
int reader_list(struct reader *reader, unsigned int how, unsigned int *bits);

/* is_blank - does @c separate words? The locale has no say. */
static inline bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

#endif /* FLAGWALL_NOTATION_WORDS_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "match.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "flags.h"

/* At most this much of somebody's text goes into a message. */
#define SHOWN 32

static int refuse(struct text_error *error, size_t column, const char *what, const char *text,
		  size_t length)
{
	error->column = column;
	snprintf(error->message, sizeof(error->message),
		 "%s '%.*s': valid are %s, each with or without !", what,
		 (int)(length < SHOWN ? length : SHOWN), text, flags_known);
	return -EINVAL;
}

int match_parse(const char *text, size_t length, struct match *match, struct text_error *error)
{
	struct match result = {};
	size_t start = 0;

	if (length == 3 && !strncasecmp(text, "any", 3)) {
		*match = result;
		return 0;
	}
	for (;;) {
		const char *comma = memchr(text + start, ',', length - start);
		size_t stop = comma ? (size_t)(comma - text) : length;
		bool negated = start < stop && text[start] == '!';
		size_t name = start + negated;
		unsigned int bit = flags_bit(text + name, stop - name);

		if (!bit)
			return refuse(error, start, "unknown flag", text + start, stop - start);
		if ((result.set | result.clear) & bit)
			return refuse(error, start, "flag named twice", text + start, stop - start);
		if (negated)
			result.clear |= bit;
		else
			result.set |= bit;
		if (!comma)
			break;
		start = stop + 1;
	}
	*match = result;
	return 0;
}

const char *match_print(const struct match *match, char text[MATCH_TEXT])
{
	size_t used = 0;

	for (unsigned int i = 0; i < FLAGS_NAMES; i++) {
		const struct flag_name *flag = &flag_names[i];

		if ((match->set | match->clear) & flag->bit)
			used += (size_t)snprintf(text + used, MATCH_TEXT - used, "%s%s%s",
						 used ? "," : "",
						 match->clear & flag->bit ? "!" : "", flag->lower);
	}
	return used ? text : memcpy(text, "any", sizeof("any"));
}

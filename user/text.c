// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "text.h"

#include <stdbool.h>
#include <string.h>

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/*
 * How many bytes the well-formed sequence at @at has; 0 if it is none, or one
 * of the control characters that UTF-8 has beyond ASCII (U+0080 to U+009F).
 * Table 3-7 of the Unicode Standard.
 */
static size_t sequence(const unsigned char *at)
{
	size_t length = at[0] < 0xc2 ? 0 :
			at[0] < 0xe0 ? 2 :
			at[0] < 0xf0 ? 3 :
			at[0] < 0xf5 ? 4 :
				       0;

	for (size_t i = 1; i < length; i++)
		if (!is_continuation(at[i]))
			return 0;
	if ((at[0] == 0xc2 && length && at[1] < 0xa0) ||
	    (at[0] == 0xe0 && length && at[1] < 0xa0) || (at[0] == 0xed && length && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && length && at[1] < 0x90) || (at[0] == 0xf4 && length && at[1] > 0x8f))
		return 0;
	return length;
}

char *text_printable(char *text)
{
	unsigned char *at = (unsigned char *)text;

	while (*at) {
		size_t length = *at < 0x80 ? 1 : sequence(at);

		if (!length || *at < 0x20 || *at == 0x7f) {
			*at = '?';
			length = 1;
		}
		at += length;
	}
	return text;
}

void text_set(char *field, size_t size, const char *text)
{
	memset(field, 0, size);
	memcpy(field, text, strnlen(text, size - 1));
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "text.h"

#define LONGEST 1000 /* bytes of a message, of which the middle may be missing */

/*
 * What a user typed may be as long as a command line can be: the cause stands
 * at the beginning of a message and the way out at its end.
 */
static void shorten(char *text)
{
	static const char dots[] = { ' ', '.', '.', '.', ' ' };
	size_t length = strlen(text), half = LONGEST / 2;

	if (length <= LONGEST + sizeof(dots))
		return;
	memcpy(text + half, dots, sizeof(dots));
	memmove(text + half + sizeof(dots), text + length - half, half + 1);
}

static char *kept; /* where to, or NULL */

char *report_keep(char text[REPORT_TEXT])
{
	char *before = kept;

	kept = text;
	return before;
}

/*
 * One message, one line: whatever the user or an interface's name brought in
 * must not speak to the terminal.
 */
static void say(const char *format, va_list arguments)
{
	_cleanup_free_ char *text = NULL;

	if (!kept)
		fflush(stdout); /* keep the order on a terminal */
	if (vasprintf(&text, format, arguments) < 0) {
		text = NULL;
		fputs("flagwall: no memory to say what failed\n", stderr);
		return;
	}
	shorten(text);
	text_printable(text);
	if (kept)
		snprintf(kept, REPORT_TEXT, "%s", text);
	else
		fprintf(stderr, "flagwall: %s\n", text);
}

int fail(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	return -error;
}

void note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

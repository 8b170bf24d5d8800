// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "report.h"

#include <stdarg.h>
#include <stdio.h>

#include "text.h"

/*
 * One message, one line: whatever the user or an interface's name brought in
 * must not speak to the terminal.
 */
static void say(const char *format, va_list arguments)
{
	char text[1024];

	vsnprintf(text, sizeof(text), format, arguments);
	fflush(stdout); /* keep the order on a terminal */
	fprintf(stderr, "flagwall: %s\n", text_printable(text));
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

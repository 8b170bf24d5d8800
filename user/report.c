// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "report.h"

#include <stdarg.h>
#include <stdio.h>

static void say(const char *format, va_list arguments)
{
	fflush(stdout); /* keep the order on a terminal */
	fputs("flagwall: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
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

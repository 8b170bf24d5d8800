// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The readers of short texts: flags in any notation, matches, prefixes. What they
 * took is printed, and must be read as the same.
 */
#include <stdbool.h>
#include <string.h>

#include "exception.h"
#include "flags.h"
#include "fuzz.h"
#include "notation.h"

static void check_error(const struct text_error *error, size_t length)
{
	size_t size = strnlen(error->message, sizeof(error->message));

	HOLDS(size && size < sizeof(error->message));
	HOLDS(error->column <= length);
}

static bool printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static void check_notation(const char *text, size_t length)
{
	struct notation notation = {}, again = {};
	struct text_error error = {};
	char printed[FLAGS_TEXT + 8];

	if (notation_parse(text, length, &notation, &error)) {
		check_error(&error, length);
		HOLDS(printable(error.message));
		return;
	}
	HOLDS(!(notation.value & ~NOTATION_EXACT));
	HOLDS(!(notation.mask & ~NOTATION_EXACT));
	if (notation.mask != NOTATION_EXACT)
		return;
	flags_print(notation.value, printed);
	if ((notation.value & FW_RSV) && !(notation.value & FW_FLAGS))
		strcpy(printed, "RSV");
	else if (notation.value & FW_RSV)
		strcat(printed, ",RSV");
	HOLDS(!notation_parse(printed, strlen(printed), &again, &error));
	HOLDS(again.value == notation.value && again.mask == notation.mask);
}

static void check_match(const char *text, size_t length)
{
	struct match match = {}, again = {};
	struct text_error error = {};
	char printed[MATCH_TEXT];

	if (match_parse(text, length, &match, &error)) {
		check_error(&error, length);
		return;
	}
	HOLDS(!((match.set | match.clear) & ~(FW_SIGNATURES - 1U)));
	match_print(&match, printed);
	HOLDS(!match_parse(printed, strlen(printed), &again, &error));
	HOLDS(again.set == match.set && again.clear == match.clear);
}

static void check_prefix(const char *text, size_t length)
{
	struct exception exception = {}, again = {};
	const char *wrong = exception_prefix(text, length, &exception);
	char printed[PREFIX_TEXT];

	if (wrong) {
		HOLDS(*wrong);
		return;
	}
	HOLDS(exception.family == 4 || exception.family == 6);
	HOLDS(exception.prefix <= (exception.family == 4 ? 32 : 128));
	exception_print(&exception, printed);
	HOLDS(!exception_prefix(printed, strlen(printed), &again));
	HOLDS(!memcmp(&exception, &again, sizeof(again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_notation((const char *)data, size);
	check_match((const char *)data, size);
	check_prefix((const char *)data, size);
	return 0;
}

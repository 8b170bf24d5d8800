// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int append(struct names *names, const char *name)
{
	char **list = reallocarray(names->list, names->count + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	names->list = list;
	list[names->count] = strdup(name);
	return list[names->count] ? (int)names->count++ : -ENOMEM;
}

static int find(struct names *names, const char *name)
{
	for (unsigned int i = 0; i < names->count; i++)
		if (!strcmp(names->list[i], name))
			return (int)i;
	return names->count < NAMES_MOST ? append(names, name) : NAMES_MOST;
}

int names_number(struct names *names, unsigned int outcome, const char *name)
{
	const unsigned int latest = names->latest[outcome];
	int number;

	/* Nearly always: policies change seldom. */
	if (latest < names->count && !strcmp(names->list[latest], name))
		return (int)latest;
	number = find(names, name);
	if (number >= 0)
		names->latest[outcome] = (unsigned int)number;
	return number;
}

const char *names_text(const struct names *names, unsigned int number)
{
	return number < names->count ? names->list[number] : "(others)";
}

void names_release(struct names *names)
{
	for (unsigned int i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
	*names = (struct names){};
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define ADDRESS 64 /* longer than any in digits */

/* Behind the host: nothing, or a port. */
static bool ends(const char *rest)
{
	return !*rest || (*rest == ':' && strspn(rest + 1, "0123456789") == strlen(rest + 1));
}

bool host_is_no_name(const char *host)
{
	bool six = *host == '[';
	size_t length = six ? strcspn(host + 1, "]") : strcspn(host, ":");
	const char *rest = host + length + 2 * six;
	unsigned char address[16];
	char text[ADDRESS];

	if (length >= sizeof(text) || (six && host[length + 1] != ']') || !ends(rest))
		return false;
	memcpy(text, host + six, length);
	text[length] = '\0';
	if (six)
		return inet_pton(AF_INET6, text, address) == 1;
	return !strcasecmp(text, "localhost") || inet_pton(AF_INET, text, address) == 1;
}

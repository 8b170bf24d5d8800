// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>

_Static_assert(ADDRESS_TEXT >= INET6_ADDRSTRLEN, "no room for an address");

const char *address_print(__u8 family, const __u8 *bytes, char text[ADDRESS_TEXT])
{
	if (!family)
		return NULL;
	return inet_ntop(family == 4 ? AF_INET : AF_INET6, bytes, text, ADDRESS_TEXT);
}

const char *endpoint_print(__u8 family, const __u8 *bytes, __u16 port, char text[ENDPOINT_TEXT])
{
	char bare[ADDRESS_TEXT];

	if (!address_print(family, bytes, bare))
		return "-";
	snprintf(text, ENDPOINT_TEXT, family == 6 ? "[%s]:%u" : "%s:%u", bare, port);
	return text;
}

const char *mac_print(const __u8 *bytes, char text[MAC_TEXT])
{
	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2],
		 bytes[3], bytes[4], bytes[5]);
	return text;
}

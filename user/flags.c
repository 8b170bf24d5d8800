// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "flags.h"

#include <string.h>
#include <strings.h>

#include "flagwall/signature.h"

const char flags_known[] = "syn, fin, rst, psh, ack, urg, ece, cwr, ae, rsv, data";

/* In the order in which flags are printed. */
static const struct {
	const char *name;
	unsigned int bit;
} names[] = {
	{ "SYN", FW_SYN }, { "FIN", FW_FIN }, { "RST", FW_RST },   { "PSH", FW_PSH },
	{ "ACK", FW_ACK }, { "URG", FW_URG }, { "ECE", FW_ECE },   { "CWR", FW_CWR },
	{ "AE", FW_AE },   { "RSV", FW_RSV }, { "DATA", FW_DATA },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

const char *flags_print(unsigned int signature, char text[FLAGS_TEXT])
{
	char *at = text;

	for (size_t i = 0; i < NAMES; i++) {
		if (!(signature & names[i].bit & FW_FLAGS))
			continue;
		if (at != text)
			*at++ = ',';
		at = stpcpy(at, names[i].name);
	}
	return at == text ? memcpy(text, "none", sizeof("none")) : text;
}

unsigned int flags_bit(const char *name, size_t length)
{
	for (size_t i = 0; i < NAMES; i++)
		if (strlen(names[i].name) == length && !strncasecmp(names[i].name, name, length))
			return names[i].bit;
	return 0;
}

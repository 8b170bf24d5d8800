// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "flags.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "flagwall/signature.h"

const char flags_known[] = "syn, fin, rst, psh, ack, urg, ece, cwr, ae, rsv, data";

const struct flag_name flag_names[FLAGS_NAMES] = {
	{ "SYN", "syn", FW_SYN }, { "FIN", "fin", FW_FIN },    { "RST", "rst", FW_RST },
	{ "PSH", "psh", FW_PSH }, { "ACK", "ack", FW_ACK },    { "URG", "urg", FW_URG },
	{ "ECE", "ece", FW_ECE }, { "CWR", "cwr", FW_CWR },    { "AE", "ae", FW_AE },
	{ "RSV", "rsv", FW_RSV }, { "DATA", "data", FW_DATA },
};

const char *flags_print(unsigned int signature, char text[FLAGS_TEXT])
{
	char *at = text;

	for (size_t i = 0; i < FLAGS_NAMES; i++) {
		if (!(signature & flag_names[i].bit & FW_FLAGS))
			continue;
		if (at != text)
			*at++ = ',';
		at = stpcpy(at, flag_names[i].name);
	}
	return at == text ? memcpy(text, "none", sizeof("none")) : text;
}

const char *signature_print(unsigned int signature, char text[SIGNATURE_TEXT])
{
	char flags[FLAGS_TEXT];

	snprintf(text, SIGNATURE_TEXT, "%s%s%s", flags_print(signature, flags),
		 signature & FW_RSV ? " +reserved" : "", signature & FW_DATA ? " +data" : "");
	return text;
}

unsigned int flags_bit(const char *name, size_t length)
{
	for (size_t i = 0; i < FLAGS_NAMES; i++)
		if (strlen(flag_names[i].name) == length &&
		    !strncasecmp(flag_names[i].name, name, length))
			return flag_names[i].bit;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "exception.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS_BITS 128

bool exception_everything(const struct exception *exception)
{
	for (size_t i = 0; i < EXCEPTION_WORDS; i++)
		if (exception->classes[i] != ~0ULL)
			return false;
	return true;
}

/* Zero all bits of @address behind the first @prefix. Were there any? */
static bool mask(__u8 address[16], unsigned int prefix)
{
	bool any = false;

	for (unsigned int i = 0; i < 16; i++) {
		unsigned int bits = prefix > i * 8 ? prefix - i * 8 : 0;
		__u8 keep = bits >= 8 ? 0xff : (__u8)(0xff00 >> bits);

		any |= (address[i] & ~keep) != 0;
		address[i] &= keep;
	}
	return any;
}

static bool read_bits(const char *text, unsigned int most, __u8 *bits)
{
	unsigned int value = 0;

	if (!*text || strlen(text) > 3)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (unsigned int)(*text - '0');
	}
	*bits = (__u8)value;
	return value <= most;
}

const char *exception_prefix(const char *text, size_t length, struct exception *exception)
{
	static char message[PREFIX_TEXT + 64];
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	char own[PREFIX_TEXT] = "", network[PREFIX_TEXT];
	char *slash;

	if (length >= sizeof(own) || memchr(text, '\0', length))
		return "no address or prefix: 192.0.2.0/24, 2001:db8::/32 and 192.0.2.1 are";
	memcpy(own, text, length);
	slash = strchr(own, '/');
	if (slash)
		*slash++ = '\0';
	memset(exception->address, 0, sizeof(exception->address));
	if (inet_pton(AF_INET, own, exception->address) == 1)
		exception->family = 4;
	else if (inet_pton(AF_INET6, own, exception->address) == 1)
		exception->family = 6;
	else
		return "no address or prefix: 192.0.2.0/24, 2001:db8::/32 and 192.0.2.1 are";
	exception->prefix = exception->family == 4 ? 32 : 128;
	if (slash && !read_bits(slash, exception->prefix, &exception->prefix)) {
		snprintf(message, sizeof(message), "the prefix length is a number from 0 to %d",
			 exception->family == 4 ? 32 : 128);
		return message;
	}
	if (exception->family == 6 && exception->prefix >= 96 &&
	    !memcmp(exception->address, mapped, sizeof(mapped)))
		return "no frame carries an IPv4-mapped address: write it as IPv4";
	if (mask(exception->address, exception->prefix)) {
		snprintf(message, sizeof(message), "there are bits behind the prefix: %s is meant?",
			 exception_print(exception, network));
		return message;
	}
	return NULL;
}

const char *exception_print(const struct exception *exception, char text[PREFIX_TEXT])
{
	char address[INET6_ADDRSTRLEN] = "";

	inet_ntop(exception->family == 4 ? AF_INET : AF_INET6, exception->address, address,
		  sizeof(address));
	snprintf(text, PREFIX_TEXT, "%s/%u", address, exception->prefix);
	return text;
}

int exception_order(const void *a, const void *b)
{
	const struct exception *one = a, *other = b;
	int order;

	if (one->direction != other->direction)
		return one->direction < other->direction ? -1 : 1;
	if (one->family != other->family)
		return one->family < other->family ? -1 : 1;
	order = memcmp(one->address, other->address, sizeof(one->address));
	return order ? order : (int)one->prefix - (int)other->prefix;
}

bool exception_covers(const struct exception *wide, const struct exception *narrow)
{
	__u8 address[16];

	if (wide->direction != narrow->direction || wide->family != narrow->family ||
	    wide->prefix > narrow->prefix)
		return false;
	memcpy(address, narrow->address, sizeof(address));
	mask(address, wide->prefix);
	return !memcmp(address, wide->address, sizeof(address));
}

/*
 * In this order every prefix follows those that cover it, so the ones that
 * cover the present one are a stack; no two on it have the same length.
 */
size_t exception_canonical(struct exception *exceptions, size_t count)
{
	struct exception stack[ADDRESS_BITS + 1];
	size_t depth = 0, used = 0;

	if (count)
		qsort(exceptions, count, sizeof(*exceptions), exception_order);
	for (size_t i = 0; i < count; i++) {
		struct exception current = exceptions[i];

		/* The same prefix again: one line of what both say. */
		while (i + 1 < count && !exception_order(&current, &exceptions[i + 1])) {
			i++;
			for (size_t word = 0; word < EXCEPTION_WORDS; word++)
				current.classes[word] |= exceptions[i].classes[word];
		}
		while (depth && !exception_covers(&stack[depth - 1], &current))
			depth--;
		if (depth) {
			for (size_t word = 0; word < EXCEPTION_WORDS; word++)
				current.classes[word] |= stack[depth - 1].classes[word];
			if (!memcmp(current.classes, stack[depth - 1].classes,
				    sizeof(current.classes)))
				continue;
		}
		stack[depth++] = current;
		exceptions[used++] = current;
	}
	return used;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Text from outside, made fit for terminals and JSON. */
#ifndef FLAGWALL_TEXT_H
#define FLAGWALL_TEXT_H

#include <stddef.h>

/*
 * text_printable - replace every byte of @text that is not printable ASCII or
 * part of well-formed UTF-8 by '?', in place. Returns @text.
 *
 * The kernel lets interfaces have names with escape sequences in them.
 */
char *text_printable(char *text);

/* text_set - fill the field of @size bytes with @text, cut to fit, and with NULs. */
void text_set(char *field, size_t size, const char *text);

#endif /* FLAGWALL_TEXT_H */

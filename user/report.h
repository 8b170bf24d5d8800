/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tool tells its user on stderr, one sentence a line. Functions
 * return -errno; whoever knows most about a failure says it, once, by fail(),
 * and every caller hands the value on in silence. main() turns it into an
 * exit code.
 */
#ifndef FLAGWALL_REPORT_H
#define FLAGWALL_REPORT_H

/* The command line cannot be understood: exit code 1, not 2. */
#define FW_EUSAGE 10001

/*
 * fail - print "flagwall: <message>" and return -@error.
 *
 * @error is a positive errno, or FW_EUSAGE. The message says what failed, in
 * the kernel's own words where it spoke, and what to do.
 */
int fail(int error, const char *format, ...) __attribute__((format(printf, 2, 3), cold));

/* note - print "flagwall: <message>": something to know, nothing that failed. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * report_keep - from now on write what fail() and note() say to @text, the latest
 * only, instead of printing it: a terminal may be in use for something else. NULL:
 * print again. Returns what it was before, to be given back.
 */
#define REPORT_TEXT 512
char *report_keep(char text[REPORT_TEXT]);

#endif /* FLAGWALL_REPORT_H */

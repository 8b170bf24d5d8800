/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Programs of others that are run: nft, iptables-restore. */
#ifndef FLAGWALL_TOOL_H
#define FLAGWALL_TOOL_H

/*
 * tool_ask - what @argv prints, as tool_run() runs it. Returns 0, *@output being the
 * caller's to free; or -errno in silence: there is no such program, or it failed.
 */
int tool_ask(const char *const argv[], char **output);

/*
 * tool_run - run @argv (ends with NULL; the first is looked for in PATH) in this
 * network namespace, with @input (or NULL: nothing) to read, and wait for it.
 *
 * Returns 0, and what it printed in *@output, which is the caller's to free, if
 * @output is not NULL; or -errno after fail(), which quotes what it said.
 */
int tool_run(const char *const argv[], const char *input, char **output);

#endif /* FLAGWALL_TOOL_H */

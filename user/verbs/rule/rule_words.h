/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interfaces and reasons, as the verbs that make rules read and print them. */
#ifndef FLAGWALL_RULE_WORDS_H
#define FLAGWALL_RULE_WORDS_H

#include <jansson.h>

#include "options.h"

#include "flagwall/outcome.h"

/*
 * rule_devices - are the interfaces that @invocation, of 'rule @language', names @valid, and
 * none of them named twice? @otherwise: "in a rule: ...", what is not.
 *
 * Returns 0, or -FW_EUSAGE after fail().
 */
int rule_devices(const struct invocation *invocation, const char *language,
		 bool (*valid)(const char *name), const char *otherwise);

/* rule_devices_json - their names. Returns the caller's, or NULL: no memory. */
json_t *rule_devices_json(char *const *devices, int count);

/* rule_reasons - "truncated, header-chain": those of @reasons. Returns @text of @size bytes. */
const char *rule_reasons(const bool reasons[FW_REASON_COUNT], char *text, size_t size);

/* rule_reasons_json - the same. Returns the caller's, or NULL: no memory. */
json_t *rule_reasons_json(const bool reasons[FW_REASON_COUNT]);

#endif /* FLAGWALL_RULE_WORDS_H */

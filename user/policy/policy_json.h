/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A policy as JSON. */
#ifndef FLAGWALL_POLICY_JSON_H
#define FLAGWALL_POLICY_JSON_H

#include <jansson.h>

#include "policy.h"

/* policy_json - its name, hash, text, patterns and reasons; the caller's. */
json_t *policy_json(json_t *object, const struct policy *policy);

#endif /* FLAGWALL_POLICY_JSON_H */

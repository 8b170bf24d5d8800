/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One flagged packet as a line: of text, or of JSON. */
#ifndef FLAGWALL_EVENT_PRINT_H
#define FLAGWALL_EVENT_PRINT_H

#include <jansson.h>

#include "hearing.h"

/* event_text - print @event for people. */
void event_text(const struct event *event);

/* event_json - an object, which the caller owns; NULL without memory. */
json_t *event_json(const struct event *event);

/* totals_text - what became of the packets of @device, as a note. */
void totals_text(const struct device *device, const struct listen_totals *totals);

/* totals_json - the same as an object, which the caller owns; NULL without memory. */
json_t *totals_json(const struct device *device, const struct listen_totals *totals);

#endif /* FLAGWALL_EVENT_PRINT_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One packet of a capture with its verdict, as a line of text or of JSON. */
#ifndef FLAGWALL_FRAME_PRINT_H
#define FLAGWALL_FRAME_PRINT_H

#include <jansson.h>

#include "judge.h"

/* A packet, and what is known about it. Nothing is owned. */
struct frame_line {
	const struct capture *capture;
	const struct capture_packet *packet;
	const struct policy *policy;
	const struct verdict *verdict; /* NULL: its link type is not followed */
};

/* frame_text - print it for people. */
void frame_text(const struct frame_line *line);

/* frame_json - an object, which the caller owns; NULL without memory. */
json_t *frame_json(const struct frame_line *line);

#endif /* FLAGWALL_FRAME_PRINT_H */

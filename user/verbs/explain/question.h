/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One question of explain's: which combinations are asked about, and who answers. */
#ifndef FLAGWALL_QUESTION_H
#define FLAGWALL_QUESTION_H

#include <jansson.h>

#include "in_force.h"
#include "notation.h"

#define QUESTION_COMBINATIONS 64 /* of the six control bits */

/* What is asked, and the policies that answer. */
struct question {
	struct notation notation;
	const struct policy *policy; /* who answers: below, or one in force */
	struct policy loaded;        /* owned */
	const struct pattern *only;  /* a pattern was asked for by its name; or NULL */
	bool state_given;
	enum fw_state state;         /* of the connection it arrives for */
	char *profiles[FW_DROP + 1]; /* owned: the policies that take each action */
	struct in_force *in_force;   /* owned: on each interface that is filtered */
	int in_force_count;
};

/* question_combination - the signatures of a set differ in control bits; the others are as asked. */
unsigned int question_combination(const struct question *question, unsigned int control);

/*
 * question_holds - is this combination asked about, and is it of @pattern,
 * unless that is NULL?
 */
bool question_holds(const struct question *question, unsigned int control,
		    const struct pattern *pattern);

/* question_exceptions - how many exceptions of @policy can let @signature pass. */
size_t question_exceptions(const struct policy *policy, unsigned int signature);

/* question_text - print the answer for people. */
void question_text(const struct question *question);

/* question_json - the answer as a document: the caller owns it; NULL without memory. */
json_t *question_json(const struct question *question);

#endif /* FLAGWALL_QUESTION_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A policy: an ordered list of patterns, of which the first match wins, and an
 * action for every reason. It is a text; it is compiled to an action table.
 */
#ifndef FLAGWALL_POLICY_H
#define FLAGWALL_POLICY_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "exception.h"
#include "flagwall/layout.h"
#include "match.h"

#define POLICY_NAME 64    /* bytes, with NUL */
#define PATTERN_NAME 32   /* bytes, with NUL */
#define PATTERNS_MOST 128 /* in one policy, with those it includes */

struct pattern {
	char name[PATTERN_NAME];
	struct match match;
	enum fw_action action;
	unsigned int line; /* of the file, from 1: its own, or that of its override; 0: included */
	bool overridden;   /* by the file that is read */
	unsigned int members; /* signatures that belong to it; 0: it is shadowed */
};

#define STATE_LINES_MOST 64 /* in one policy, with those it includes */

/* What arrives for a connection in this state, and has these control bits. */
struct state_line {
	enum fw_state state;
	struct match match;
	enum fw_action action;
	unsigned int line;    /* of the file, from 1; 0: included */
	unsigned int members; /* combinations that belong to it; 0: it is shadowed */
};

struct policy {
	char name[POLICY_NAME];
	struct pattern *patterns; /* owned */
	size_t pattern_count;
	enum fw_action reasons[FW_REASON_COUNT]; /* by number */
	struct state_line *states;               /* owned: the first that matches wins */
	size_t state_count;
	struct exception *exceptions; /* owned: canonical */
	size_t exception_count;
	bool tunnels;        /* what is inside of them is judged */
	char *text;          /* owned: canonical: comments and includes resolved */
	size_t rules_length; /* of the text before the exceptions, bytes */
	__u8 sha256[32];     /* of the canonical text */
};

/* Where a policy text is wrong. */
struct policy_error {
	unsigned int depth;  /* 0: the text itself; 1: what it includes; and so on */
	unsigned int line;   /* from 1 */
	unsigned int column; /* from 1 */
	char message[256];
};

#define POLICY_INCLUDES_MOST 8 /* one in the other */

/* How include lines find their texts. */
struct policy_includes {
	/*
	 * Find @name, which a text at @depth (see struct policy_error) includes.
	 * Returns 0 and the text in *@text, which is the caller's to free; or
	 * -ENOENT, -ELOOP or another -errno, in silence.
	 */
	int (*find)(struct policy_includes *includes, unsigned int depth, const char *name,
		    char **text, size_t *length);
};

/*
 * policy_parse - read the policy @name from @length bytes of @text.
 *
 * @includes may be NULL: then an include line is an error.
 *
 * Returns 0 and fills @policy, to be released by policy_release(); or -EINVAL
 * with @error filled, or -ENOMEM. @policy is untouched on failure.
 */
int policy_parse_with(const char *name, const char *text, size_t length,
		      struct policy_includes *includes, struct policy *policy,
		      struct policy_error *error);
int policy_parse(const char *name, const char *text, size_t length, struct policy *policy,
		 struct policy_error *error);

/* policy_release - free what @policy owns. */
void policy_release(struct policy *policy);

/*
 * policy_pattern - the pattern that @signature belongs to. There always is
 * one: a policy that leaves a signature out is refused by policy_parse().
 */
const struct pattern *policy_pattern(const struct policy *policy, unsigned int signature);

/*
 * policy_compile - write the action of every outcome into @action. @observe
 * lowers every drop to count.
 */
void policy_compile(const struct policy *policy, bool observe, __u8 action[FW_ACTION_SLOTS]);

/*
 * policy_classes - write what exceptions know every outcome by into @class: the
 * number of its pattern, or FW_CLASS_REASONS plus that of its reason.
 */
void policy_classes(const struct policy *policy, __u8 class[FW_ACTION_SLOTS]);

/*
 * policy_state_line - the line about @state that @signature belongs to; NULL: there
 * is none, and it passes.
 * policy_state_action - what that line does.
 */
const struct state_line *policy_state_line(const struct policy *policy, enum fw_state state,
					   unsigned int signature);
enum fw_action policy_state_action(const struct policy *policy, enum fw_state state,
				   unsigned int signature);

/*
 * policy_compile_states - write the action of every state and combination of flags
 * into @action. @observe lowers every drop to count.
 */
void policy_compile_states(const struct policy *policy, bool observe, __u8 action[FW_STATE_SLOTS]);

/* policy_state_vital - does @policy drop in @state what connections cannot work without? */
bool policy_state_vital(const struct policy *policy, enum fw_state state);

/*
 * policy_state_cost - the next thing, from *@index on (0 before the first), that is
 * lost by what the state lines of @policy drop, and in which *@state; NULL: no more.
 */
const char *policy_state_cost(const struct policy *policy, size_t *index, enum fw_state *state);

/*
 * policy_except - give @policy @count @exceptions in the place of its own; it
 * owns them from now on. Returns 0 or -ENOMEM.
 */
int policy_except(struct policy *policy, struct exception *exceptions, size_t count);

/* policy_class_name - the pattern or reason that exceptions know as @class; NULL: none. */
const char *policy_class_name(const struct policy *policy, unsigned int class);

/* policy_action_name - "pass", "count" or "drop". */
const char *policy_action_name(enum fw_action action);

/*
 * policy_is_legal - may a correct sender send these control bits? The
 * combinations that open, use, close and reset connections, 14 of 64.
 */
bool policy_is_legal(unsigned int signature);

/*
 * policy_hazards - what @policy drops that nobody should: legal segments,
 * not-ip (ARP!) and not-tcp, and in states what connections cannot work without. Writes their names
 * into @text of @size bytes.
 *
 * Returns how many there are.
 */
size_t policy_hazards(const struct policy *policy, char *text, size_t size);

#endif /* FLAGWALL_POLICY_H */

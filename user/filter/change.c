// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "change.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "generation.h"
#include "hazard.h"
#include "json.h"
#include "kernel.h"
#include "policy_store.h"
#include "report.h"
#include "text.h"

static void compile(const struct policy *policy, bool observe, struct fw_config *state)
{
	policy_compile(policy, observe, state->action);
	policy_classes(policy, state->class);
	policy_compile_states(policy, observe, state->state);
	state->observe = observe;
	state->tunnels = policy->tunnels;
	state->states = (__u32)policy->state_count;
	state->policy_since = time_now();
}

/* The exceptions are kept in their trie, the rules as text. */
static int take_policy(const struct policy *policy, struct fw_config *state)
{
	if (policy->rules_length >= sizeof(state->text))
		return fail(
			E2BIG,
			"policy %s: its rules are longer than the %zu bytes that the kernel keeps",
			policy->name, sizeof(state->text) - 1);
	text_set(state->policy, sizeof(state->policy), policy->name);
	memset(state->text, 0, sizeof(state->text));
	memcpy(state->text, policy->text, policy->rules_length);
	memcpy(state->policy_sha256, policy->sha256, sizeof(state->policy_sha256));
	state->exceptions = (__u32)policy->exception_count;
	state->unchosen = 0;
	return 0;
}

/* Since when: what was in force before is so all the time. */
static void keep_since(const struct fw_config *before, struct fw_config *state)
{
	if (before->policy_since && !before->unchosen && before->observe == state->observe &&
	    !memcmp(before->policy_sha256, state->policy_sha256, sizeof(state->policy_sha256)))
		state->policy_since = before->policy_since;
}

int change_state(const struct attach_request *request, struct fw_config *state)
{
	const struct fw_config before = *state;
	bool observe = request->verdict == ATTACH_KEEP ? state->observe :
							 request->verdict == ATTACH_OBSERVE;
	_cleanup_(policy_release) struct policy current = {};
	int err;

	if (!request->policy && state->observe == observe)
		return 0;
	if (request->policy) {
		err = take_policy(request->policy, state);
		if (err)
			return err;
		compile(request->policy, observe, state);
		keep_since(&before, state);
		return 0;
	}
	err = policy_in_force(state, &current);
	if (!err && !observe && !request->force)
		err = hazard_refuse(&current);
	if (!err)
		compile(&current, observe, state);
	return err;
}

int change_load(const struct program_maps *maps, const struct fw_config *state,
		const struct policy *policy, struct change *change)
{
	struct program_maps own = *maps;
	int err;

	if (policy)
		own.exceptions = -1;
	err = program_load(&own, state, &change->program);
	if (err)
		return err;
	change->fd = change->program.fd;
	err = program_configure(change->program.config, state);
	if (err || !policy)
		return err;
	return program_except(change->program.exceptions, policy->exceptions,
			      policy->exception_count);
}

/* A new generation, known to change_undo() as soon as it is there. */
static int make(const struct pins_key *key, struct change *change)
{
	int err = generation_make(key, &change->made[change->count]);

	change->key = *key;
	if (!err)
		change->count++;
	return err;
}

static int refuse_pins(int err)
{
	return kernel_refused(-err, "cannot pin what is new under " PINS_ROOT);
}

int change_pin(const struct pins_key *key, struct change *change)
{
	const struct program *program = &change->program;
	int err = make(key, change);
	__u32 number = change->made[0];

	if (err || (err = generation_pin(program->config, key, number, "config")) ||
	    (program->exceptions >= 0 &&
	     (err = generation_pin(program->exceptions, key, number, "exceptions"))) ||
	    (event_maps_there(&program->events) &&
	     (err = event_maps_pin(&program->events, key, number))) ||
	    (program->frags && (err = generation_mark_frags(key, number))) ||
	    (err = generation_pin(program->fd, key, number, "program")))
		return refuse_pins(err);
	return 0;
}

__u64 change_deadline(unsigned int seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return ((__u64)now.tv_sec + seconds) * 1000000000 + (__u64)now.tv_nsec;
}

int change_hold(struct change *change, __u32 fallback, __u64 deadline)
{
	const struct pins_key *key = &change->key;
	const struct fw_trial trial = {
		.deadline = deadline,
		.generation = { [FW_TRIAL_TRIED] = change->made[0], [FW_TRIAL_FALLBACK] = fallback },
	};
	_cleanup_close_ int other = generation_open(key, fallback, "program");
	const int programs[] = {
		[FW_TRIAL_TRIED] = change->program.fd, [FW_TRIAL_FALLBACK] = other
	};
	__u32 number;
	int err;

	if (other < 0)
		return kernel_refused(-other, "cannot open the pinned program to fall back to");
	err = trial_load(&trial, programs, key->hook, change->program.frags, &change->trial);
	if (err)
		return err;
	err = make(key, change);
	number = change->made[1];
	/* A pin holds the table of programs: the kernel empties one that nobody holds. */
	if (err || (err = generation_pin(change->trial.trial, key, number, "trial")) ||
	    (err = generation_pin(change->trial.programs, key, number, "programs")) ||
	    (err = generation_pin(change->trial.fd, key, number, "program")))
		return refuse_pins(err);
	change->fallback = fallback;
	change->fd = change->trial.fd;
	return 0;
}

int change_keep(const struct change *change)
{
	const __u32 keep[] = { change->made[0], change->made[1], change->fallback };

	/* The later ones mean something only with a trial. */
	return generation_keep(&change->key, keep, change->count == 2 ? 3 : 1);
}

void change_undo(const struct change *change)
{
	for (size_t i = change->count; i > 0; i--)
		generation_remove(&change->key, change->made[i - 1]);
}

void change_close(struct change *change)
{
	trial_close(&change->trial);
	program_close(&change->program);
}

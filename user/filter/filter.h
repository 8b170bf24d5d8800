/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The filter on one interface: the seam between the verbs and libbpf. Nothing
 * outside filter*.c, link.c, map.c, device.c and kernel.c knows a symbol of libbpf's.
 */
#ifndef FLAGWALL_FILTER_H
#define FLAGWALL_FILTER_H

#include <stdbool.h>

#include "device.h"
#include "flagwall/layout.h"
#include "pins.h"
#include "policy.h"

/* A filter that is there, opened. Release it by filter_close(). */
struct filter {
	struct pins_key key;
	int link;  /* descriptors of the pins */
	int link6; /* see link_netfilter.h; these two are -1 where there is none */
	int entry; /* and link_clsact.h */
	int config;
	int samples;
	int counters;
	int states;
	int exceptions;       /* -1: there are none */
	unsigned int ifindex; /* 0: the interface is gone, the link severed */
	__u32 program;        /* ID of the program the link holds */
	__u32 generation;     /* the one in force */
	bool defragmented;    /* at netfilter: it sees datagrams whole */
	bool waiting;         /* for confirmation: @trial says of what */
	bool expired;         /* in vain: the fallback is in force */
	bool guessed;         /* on which interface it is: nobody may say so to us */
	struct fw_trial trial;
	struct fw_config state;
};

#define FILTER_NONE                                                                                \
	{                                                                                          \
		.link = -1, .link6 = -1, .entry = -1, .config = -1, .samples = -1, .counters = -1, \
		.states = -1, .exceptions = -1                                                     \
	}

/*
 * filter_try - open the filter pinned under @key, whatever its interface is now.
 *
 * Returns 0, or -errno in silence: -EPROTO for one that another version wrote.
 * In any case @filter, which must be FILTER_NONE before, is to be closed; if its
 * link is open, ifindex and program are right even then.
 */
int filter_try(const struct pins_key *key, struct filter *filter);

/*
 * filter_is_on - is @filter the one that the interface @ifindex runs, by the kernel's
 * word? Returns 1, 0, or -errno in silence if the kernel does not say.
 */
int filter_is_on(struct filter *filter, unsigned int ifindex);

/*
 * filter_locate - find the filter of @device among all, wherever the interface
 * was when it was attached.
 *
 * Returns 0 with the link open, and with *@readable as filter_try() returned;
 * -ENOENT in silence if there is none; or -errno after fail().
 */
int filter_locate(const struct device *device, struct filter *filter, int *readable);

/*
 * filter_find - as filter_locate(), for reading: a filter that another version
 * wrote is refused after fail().
 */
int filter_find(const struct device *device, struct filter *filter);

/*
 * filter_need - as filter_find(), for changing: that there is none is said by fail()
 * too, and one that is only guessed to be there is refused.
 */
int filter_need(const struct device *device, struct filter *filter);

/* filter_refuse_guess - 0; or -EPERM after fail(), if @filter is only guessed to be on @device. */
int filter_refuse_guess(const struct device *device, const struct filter *filter);

/* filter_close - let go of it. It goes on filtering. */
void filter_close(struct filter *filter);

/*
 * filter_let_go - close what is open of it; what was read of it stays. A link that
 * somebody has open goes on filtering though its pin is removed.
 */
void filter_let_go(struct filter *filter);

/*
 * filter_again - read once more what is in force, of an open filter whose program is the
 * same as then: a fraction of what filter_find() costs. Returns 0; or -errno in silence,
 * -ESTALE if it is to be looked for anew.
 */
int filter_again(struct filter *filter);

/*
 * filter_counts - sum the counters over all CPUs.
 *
 * Returns 0 and fills @counts, by outcome; or -errno after fail().
 */
int filter_counts(const struct filter *filter, struct fw_count counts[FW_OUTCOMES]);

/*
 * filter_states - the same for segments by the state of their connection: @counts has
 * room for FW_STATE_SLOTS, by FW_STATE_SLOT().
 */
int filter_states(const struct filter *filter, struct fw_count *counts);

/*
 * filter_samples - read the samples, by outcome. Untaken ones have time 0.
 *
 * Returns 0 and *@samples, owned by the caller (free()); or -errno after fail().
 */
int filter_samples(const struct filter *filter, struct fw_samples **samples);

/*
 * filter_exceptions - read the exceptions in force.
 *
 * Returns 0 with *@exceptions owned by the caller (free()), in no order; or
 * -errno after fail().
 */
int filter_exceptions(const struct filter *filter, struct exception **exceptions, size_t *count);

/*
 * filter_held - one of the two that a trial holds, the FW_TRIAL_TRIED or the
 * FW_TRIAL_FALLBACK: only while @filter is waiting. Returns 0 or -errno in
 * silence.
 */
int filter_held(const struct filter *filter, unsigned int slot, struct fw_config *state);

enum attach_mode {
	ATTACH_AUTO,
	ATTACH_NATIVE,
	ATTACH_GENERIC,
};

enum attach_verdict {
	ATTACH_KEEP, /* what is in force; on a new filter: enforce */
	ATTACH_OBSERVE,
	ATTACH_ENFORCE,
};

/* What is to become of a listener (filter_listen.h). */
enum attach_listener {
	LISTENER_KEEP, /* if there is one, it goes on hearing */
	LISTENER_BEGIN,
	LISTENER_END,
};

struct attach_request {
	enum attach_mode mode;
	enum attach_verdict verdict;
	const struct policy *policy; /* NULL: what is in force */
	const struct policy *first;  /* where nothing is in force that somebody chose */
	unsigned int confirm;        /* seconds after which it goes back; 0: it stays */
	bool force;                  /* even if legal segments begin to be dropped */
	enum attach_listener listener;
	__u32 ring; /* with LISTENER_BEGIN: bytes of its ring, a power of two and of pages */
};

/* What a call that ends well has done. */
enum filter_change {
	FILTER_SAME, /* what was in force is in force: at most today's program replaced itself */
	FILTER_CHANGED,
};

/*
 * filter_attach - put a filter on @device, or put today's program in the place
 * of the one that is there: the counters stay, and no packet goes unjudged.
 *
 * Returns an enum filter_change, or -errno after fail(); then everything is as it was.
 */
int filter_attach(const struct device *device, const struct attach_request *request);

/*
 * filter_set - put another policy or verdict in force on @device: a packet
 * meets the old one or the new one, and the counters go on. @request->mode
 * means nothing.
 *
 * Returns an enum filter_change; or -errno after fail(), -ENOENT if there is no
 * filter; then nothing has changed.
 */
int filter_set(const struct device *device, const struct attach_request *request);

/*
 * filter_confirm - keep what filter_attach() or filter_set() put in force for a
 * time. Returns 0; or as filter_set(), -ETIME after fail() if it is back already.
 */
int filter_confirm(const struct device *device);

/*
 * filter_detach - take the filter off @device.
 *
 * Returns 0; -ENOENT in silence if there is none; or -errno after fail().
 */
int filter_detach(const struct device *device);

/* filter_sweep - remove what interfaces that are gone, and killed loaders, left; in silence. */
void filter_sweep(void);

#endif /* FLAGWALL_FILTER_H */

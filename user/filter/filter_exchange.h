/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What attach and policy set have in common, on an interface that is filtered. */
#ifndef FLAGWALL_FILTER_EXCHANGE_H
#define FLAGWALL_FILTER_EXCHANGE_H

#include "filter.h"
#include "program.h"

/*
 * filter_exchange - build @state beside what is there, with what @request says,
 * and let the link take it up at once. Returns an enum filter_change; or -errno
 * after fail(), then nothing has changed.
 */
int filter_exchange(const struct device *device, const struct filter *filter,
		    const struct attach_request *request, const struct fw_config *state);

/*
 * filter_differs - would a reader of @filter see that it came to @state? A trial that
 * begins or ends is a change; that the same program is loaded again is none.
 */
bool filter_differs(const struct filter *filter, const struct attach_request *request,
		    const struct fw_config *state);

/*
 * filter_takes_frags - does the MTU of @device take a program for frames in several
 * buffers, in @mode? In generic mode none does: the kernel puts frames together for
 * us, and what it copies for other programs, tc cannot read (bpf/tc_packet.h).
 */
bool filter_takes_frags(const struct device *device, enum attach_mode mode);

/* filter_maps - what a program goes on with that takes the place of @filter's on @device. */
struct program_maps filter_maps(const struct device *device, const struct filter *filter);

/* filter_bare - which packets of @device are without Ethernet at its hook? */
enum fw_bare filter_bare(const struct device *device);

/*
 * filter_check_verdict - to observe or to enforce may be what is on trial: then
 * it is not kept by saying nothing. Returns 0 or -EBUSY after fail().
 */
int filter_check_verdict(const struct device *device, const struct filter *filter,
			 const struct attach_request *request);

/*
 * filter_check_states - state lines that come in force by @request on @device are
 * refused where sockets do not tell whose segment it is, unless forced; told, where they
 * were in force before. Returns 0 or -EOPNOTSUPP after fail().
 */
int filter_check_states(const struct device *device, const struct attach_request *request,
			const struct fw_config *state);

/*
 * filter_trace_expiry - log that a trial was not confirmed, if so: it ended in the
 * kernel, where nobody logs, and whoever changes something next says so.
 */
void filter_trace_expiry(const struct device *device, const struct filter *filter);

#endif /* FLAGWALL_FILTER_EXCHANGE_H */

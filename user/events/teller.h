/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where flagged packets are told: standard output, as text or JSON Lines; or a capture. */
#ifndef FLAGWALL_TELLER_H
#define FLAGWALL_TELLER_H

#include <stdbool.h>
#include <sys/types.h>

#include "hearing.h"
#include "pcapng_write.h"

/* Release it by teller_close(). */
struct teller {
	bool json;
	const char *write; /* the capture; "-" is standard output; NULL: there is none; not owned */
	struct pcapng pcapng;
	off_t whole; /* bytes of the capture that are whole blocks */
	int broken;  /* errno of what keeps us from writing, or 0 */
};

/* teller_open - begin the capture, if there is to be one. Returns 0 or -errno after fail(). */
int teller_open(struct teller *teller);

/* teller_interface - packets of the filter on @device will come; each before the first packet. */
void teller_interface(struct teller *teller, const struct device *device);

/* teller_packet - tell of @event. Returns 0 or -errno after fail(). */
int teller_packet(struct teller *teller, const struct event *event);

/* teller_totals - say what became of the packets of @device. Returns 0 or -errno after fail(). */
int teller_totals(struct teller *teller, const struct device *device,
		  const struct listen_totals *totals);

/* teller_statistics - what became of those of filter @number, for who reads the capture later. */
void teller_statistics(struct teller *teller, __u32 number, const struct listen_totals *totals);

/*
 * teller_flush - all of it out, for whoever reads along. Returns 0, or -errno in silence:
 * then teller_give_up() says it.
 */
int teller_flush(struct teller *teller);

/*
 * teller_give_up - something could not be written: leave what is whole of the capture, and
 * say so. Returns -errno after fail(). Does not return if a pipe was closed.
 */
int teller_give_up(struct teller *teller);

void teller_close(struct teller *teller);

#endif /* FLAGWALL_TELLER_H */

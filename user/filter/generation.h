/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs of one filter with the maps that are theirs alone, each pinned in
 * a folder by its number: <pins>/xdp/<number>/{program,config,exceptions}; with
 * {events,listen,event_counts} while somebody listens (event_maps.h); or, for a
 * policy that waits for confirmation, {program,trial,programs}; a folder "frags" marks a
 * program for frames in several buffers. The one whose
 * program the link holds is in force: the kernel's word, exchanged in one step.
 * All others are what was, or what was to be, and go with the next change.
 */
#ifndef FLAGWALL_GENERATION_H
#define FLAGWALL_GENERATION_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "pins.h"

/* generation_open - a pin of generation @number. Returns a descriptor or -errno in silence. */
int generation_open(const struct pins_key *key, __u32 number, const char *name);

/* generation_pin - pin @fd there. Returns 0 or -errno in silence. */
int generation_pin(int fd, const struct pins_key *key, __u32 number, const char *name);

/*
 * generation_mark_frags - note that its program takes frames in several buffers: the
 * kernel does not tell, and programs that call each other must agree on it.
 *
 * Returns 0 or -errno in silence.
 */
int generation_mark_frags(const struct pins_key *key, __u32 number);

/* generation_has - is there a pin of that @name? */
bool generation_has(const struct pins_key *key, __u32 number, const char *name);

/* generation_has_frags - was that noted? */
bool generation_has_frags(const struct pins_key *key, __u32 number);

/*
 * generation_make - a folder for a new generation, above all that are there.
 *
 * Returns 0 and *@number, or -errno in silence.
 */
int generation_make(const struct pins_key *key, __u32 *number);

/*
 * generation_find - the one whose program has the ID @program.
 *
 * Returns 0 and *@number; -ENOENT or another -errno in silence.
 */
int generation_find(const struct pins_key *key, __u32 program, __u32 *number);

/* generation_remove - remove one. Returns 0 or -errno in silence. */
int generation_remove(const struct pins_key *key, __u32 number);

/*
 * generation_keep - remove all but the @count generations in @numbers.
 *
 * Returns 0 or -errno in silence.
 */
int generation_keep(const struct pins_key *key, const __u32 *numbers, size_t count);

#endif /* FLAGWALL_GENERATION_H */

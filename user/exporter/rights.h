/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the exporter may do. Who owns the pins may change them, and a link can only
 * be opened for both: so that a process that talks to a network cannot, it forbids
 * itself everything but reading.
 */
#ifndef FLAGWALL_RIGHTS_H
#define FLAGWALL_RIGHTS_H

/*
 * rights_drop - give up all capabilities but CAP_BPF (which reading takes before
 * Linux 5.19), and for good every system call that runs a program, changes a file
 * or a mount, or has BPF do anything but tell.
 *
 * Returns 0 or -errno after fail().
 */
int rights_drop(void);

#endif /* FLAGWALL_RIGHTS_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel says when it refuses, and what the process may do. */
#ifndef FLAGWALL_KERNEL_H
#define FLAGWALL_KERNEL_H

#include <stdbool.h>

#define KERNEL_WORDS 256

/*
 * kernel_listen - from now on keep what libbpf would print to stderr, so that
 * errors can quote it. Call it once, before anything of libbpf.
 */
void kernel_listen(void);

/* kernel_forget - drop what was kept: a new operation starts. */
void kernel_forget(void);

/*
 * kernel_driver_words - the driver's own sentence (netlink extended ack) since
 * kernel_forget(), or NULL. Valid until then.
 */
const char *kernel_driver_words(void);

/* kernel_verifier_words - the verifier's last sentence, or NULL; the same. */
const char *kernel_verifier_words(void);

/*
 * kernel_too_old - is this kernel older than 5.10, the oldest we support? Only
 * for explaining a failure, never for deciding: vendors backport.
 */
bool kernel_too_old(void);

/* kernel_number - its release as a number: 510 for 5.10. */
unsigned int kernel_number(void);

/*
 * kernel_missing_rights - the capabilities that attach needs and the process
 * lacks, as text: "CAP_BPF, CAP_PERFMON". "" if there is none, or if the kernel
 * will not tell.
 */
const char *kernel_missing_rights(char text[KERNEL_WORDS]);

/* kernel_release - as uname -r. */
const char *kernel_release(void);

/*
 * kernel_refused - fail() for an operation that the kernel refused with
 * @error (positive errno): says "@what: <error>" and what the process lacks,
 * or that the kernel is too old, where that is the cause.
 */
int kernel_refused(int error, const char *what, ...) __attribute__((format(printf, 2, 3), cold));

#endif /* FLAGWALL_KERNEL_H */

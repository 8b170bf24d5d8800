/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one idiom for cleanup: owning locals carry an attribute and an initial
 * value, so that every return is safe. Ownership leaves by take_fd() or
 * take_ptr(). A file descriptor that is not open is -1.
 */
#ifndef FLAGWALL_CLEANUP_H
#define FLAGWALL_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define _cleanup_(function) __attribute__((cleanup(function)))
#define _cleanup_free_ _cleanup_(cleanup_free)
#define _cleanup_close_ _cleanup_(cleanup_close)

/* take_fd - hand over *@fd: the caller's variable no longer owns it. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* take_ptr - hand over a pointer: the variable no longer owns it. */
#define take_ptr(p)                                                                                \
	({                                                                                         \
		__typeof__(p) taken_ = (p);                                                        \
		(p) = NULL;                                                                        \
		taken_;                                                                            \
	})

#endif /* FLAGWALL_CLEANUP_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does the program in the kernel judge a frame as the native parser does? Each
 * frame is run by itself: the slot of the outcome that the native parser tells must
 * have grown by this frame, and the verdict must be what the default policy says.
 *
 * The native parser sees the frame at the end of a page that nothing follows.
 */
#ifndef FLAGWALL_TESTS_AGREE_H
#define FLAGWALL_TESTS_AGREE_H

#include "kernels.h"

/*
 * agree_prepare - load the kernels from the object @path, and read what the default
 * policy drops. Returns 0, or -1 with a message on stderr.
 */
int agree_prepare(const char *path);

/*
 * agree - run the frame of @length bytes at @data in @kernel.
 *
 * @length is between KERNEL_SHORTEST and KERNEL_LONGEST. Returns true; or false with
 * who says what in @text.
 */
bool agree(struct kernel *kernel, const __u8 *data, size_t length, char text[256]);

/*
 * agree_sum - that each frame grew one slot, by one, and nothing else did. Returns as
 * agree().
 */
bool agree_sum(const struct kernel *kernel, char text[256]);

#endif /* FLAGWALL_TESTS_AGREE_H */

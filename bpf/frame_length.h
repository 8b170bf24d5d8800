/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How long a frame is when a driver may give it in several buffers. */
#ifndef FLAGWALL_FRAME_LENGTH_H
#define FLAGWALL_FRAME_LENGTH_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "switches.h"

/*
 * No driver of those for which the loader sets fw_switches.frags leaves a first
 * buffer shorter than this and goes on in another. Frames of the usual MTU of 1500
 * are below, and do not pay for the question (10 ns).
 */
#define FW_FIRST_BUFFER 1520

/* fw_frame_length - all buffers of the frame together. The headers are in the first. */
static __always_inline __u64 fw_frame_length(struct xdp_md *ctx)
{
	__u64 length = (__u64)ctx->data_end - ctx->data;

	if (fw_switches.frags && length >= FW_FIRST_BUFFER)
		length = bpf_xdp_get_buff_len(ctx);
	return length;
}

#endif /* FLAGWALL_FRAME_LENGTH_H */

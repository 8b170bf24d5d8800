// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The XDP hook: every frame of one interface, before the kernel sees it. */
#include "xdp_packet.h"

#include "event_frame.h"

#include "by_state.h"
#include "event.h"
#include "sample.h"

#include "action.h"
#include "run_config.h"

SEC("xdp")
int flagwall(struct xdp_md *ctx)
{
	return fw_judge(ctx, fw_parse(ctx)) == FW_DROP ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";

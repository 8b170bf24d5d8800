/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What stands behind a network device: its driver, its queues and what it does
 * to packets before XDP sees them. All of it is asked, nothing is touched.
 */
#ifndef FLAGWALL_NIC_H
#define FLAGWALL_NIC_H

#include <linux/types.h>
#include <stdbool.h>

#include "device.h"

#define NIC_NAME 32

/* Queues as `ethtool -l` shows them; 0: the driver has none of that kind. */
struct nic_queues {
	__u32 rx, tx, combined;
};

struct nic {
	char driver[NIC_NAME]; /* as `ethtool -i` says; "" if nobody says */
	char kind[NIC_NAME];   /* as `ip -d link` says: "veth", "bridge"; "" for hardware */
	__u32 mtu;

	bool features_known; /* does the kernel tell (6.3 and newer)? */
	__u64 features;      /* NIC_XDP_* */

	bool offloads_known;
	bool lro, gro_hw, rx_vlan; /* is it on? */

	bool queues_known;
	struct nic_queues queues, most;

	__u32 peer_mtu;             /* of the other end of a veth; 0: unknown */
	__u32 master;               /* ifindex of the bridge or bond it belongs to, or 0 */
	char master_kind[NIC_NAME]; /* "bridge", "bond" */
	char master_name[IF_NAMESIZE];
};

/* enum netdev_xdp_act in the kernel's include/uapi/linux/netdev.h, of which older systems have none. */
#define NIC_XDP_BASIC 0x01 /* XDP_PASS, XDP_DROP and XDP_TX in native mode */
#define NIC_XDP_RX_SG 0x20 /* packets in several buffers: any MTU */

/*
 * nic_read - ask all of it about @device.
 *
 * What cannot be found out stays zero, or unknown. Returns 0, or -errno in
 * silence if the device itself cannot be asked about.
 */
int nic_read(const struct device *device, struct nic *nic);

/* nic_queue_count - the receive queues that are in use, or 0 if unknown. */
__u32 nic_queue_count(const struct nic *nic);

/* nic_queue_most - as many as there could be, or 0 if unknown. */
__u32 nic_queue_most(const struct nic *nic);

#endif /* FLAGWALL_NIC_H */

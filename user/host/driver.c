// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "driver.h"

#include <stdio.h>
#include <string.h>

#define REOPENS "stops and starts all its queues: packets are lost for a moment"
#define RESETS                                                                                     \
	"resets the device: no traffic until it is up again, and the link may go down for seconds"

/* The limits are those of x86-64, Linux 6.8; where pages are larger, they are. */
const struct driver driver_table[] = {
	{ "atlantic", 519, 2048, DRIVER_ANY_MTU, QUEUES_ANY, true, RESETS,
	  "drivers/net/ethernet/aquantia/atlantic/aq_main.c: aq_xdp_setup()" },
	{ "bnxt_en", 411, 3502, DRIVER_ANY_MTU, QUEUES_COMBINED, true, RESETS,
	  "drivers/net/ethernet/broadcom/bnxt/bnxt_xdp.c: bnxt_xdp_set()" },
	{ "bonding", 515, 0, 0, QUEUES_ANY, false, NULL,
	  "drivers/net/bonding/bond_main.c: bond_xdp_set()" },
	{ "ena", 506, 3498, 0, QUEUES_HALF, false, RESETS,
	  "drivers/net/ethernet/amazon/ena/ena_xdp.c: ena_xdp_set()" },
	{ "gve", 604, 2032, 0, QUEUES_HALF, true, REOPENS,
	  "drivers/net/ethernet/google/gve/gve_main.c: gve_verify_xdp_configuration()" },
	{ "hv_netvsc", 506, 3506, 0, QUEUES_ANY, true, NULL,
	  "drivers/net/hyperv/netvsc_bpf.c: netvsc_xdp_set()" },
	{ "i40e", 413, 3046, 9702, QUEUES_ANY, false, RESETS,
	  "drivers/net/ethernet/intel/i40e/i40e_main.c: i40e_xdp_setup()" },
	{ "ice", 505, 3046, DRIVER_ANY_MTU, QUEUES_ANY, false, RESETS,
	  "drivers/net/ethernet/intel/ice/ice_main.c: ice_xdp_setup_prog()" },
	{ "igb", 510, 3046, 0, QUEUES_ANY, false, RESETS,
	  "drivers/net/ethernet/intel/igb/igb_main.c: igb_xdp_setup()" },
	{ "igc", 513, 1500, 0, QUEUES_ANY, false, RESETS,
	  "drivers/net/ethernet/intel/igc/igc_xdp.c: igc_xdp_set_prog()" },
	{ "ixgbe", 412, 3050, 0, QUEUES_ANY, true, RESETS,
	  "drivers/net/ethernet/intel/ixgbe/ixgbe_main.c: ixgbe_xdp_setup()" },
	{ "ixgbevf", 417, 3050, 0, QUEUES_ANY, false, RESETS,
	  "drivers/net/ethernet/intel/ixgbevf/ixgbevf_main.c: ixgbevf_xdp_setup()" },
	{ "mana", 517, 3506, 0, QUEUES_ANY, false, REOPENS,
	  "drivers/net/ethernet/microsoft/mana/mana_bpf.c: mana_xdp_set()" },
	{ "mlx4_en", 408, 3498, 0, QUEUES_ANY, false, RESETS,
	  "drivers/net/ethernet/mellanox/mlx4/en_netdev.c: mlx4_xdp_set()" },
	{ "mlx5_core", 409, 3498, 0, QUEUES_ANY, true, RESETS,
	  "drivers/net/ethernet/mellanox/mlx5/core/en_main.c: mlx5e_xdp_set(); "
	  "github.com/cilium/cilium/issues/13526 (1 to 10 s), pull/18636" },
	{ "tun", 414, 1500, 0, QUEUES_ANY, false, NULL, "drivers/net/tun.c: tun_xdp_set()" },
	{ "veth", 419, 3506, DRIVER_ANY_MTU, QUEUES_ANY, false, NULL,
	  "drivers/net/veth.c: veth_xdp_set()" },
	{ "virtio_net", 410, 3506, DRIVER_ANY_MTU, QUEUES_ANY, false, NULL,
	  "drivers/net/virtio_net.c: virtnet_xdp_set()" },
	{ "vmxnet3", 606, 3494, 0, QUEUES_ANY, false, RESETS,
	  "drivers/net/vmxnet3/vmxnet3_xdp.c: vmxnet3_xdp_set()" },
	{},
};

const struct driver *driver_find(const char *name)
{
	for (const struct driver *driver = driver_table; driver->name; driver++)
		if (!strcmp(driver->name, name))
			return driver;
	return NULL;
}

enum driver_native driver_native(const struct nic *nic, unsigned int kernel)
{
	const struct driver *driver = driver_find(nic->driver);

	if (nic->features_known)
		return nic->features & NIC_XDP_BASIC ? NATIVE_YES : NATIVE_NO;
	if (!driver)
		return NATIVE_UNKNOWN;
	return kernel >= driver->since ? NATIVE_YES : NATIVE_NO;
}

bool driver_frags(const struct nic *nic)
{
	const struct driver *driver = driver_find(nic->driver);

	return driver && driver->mtu_frags &&
	       (!nic->features_known || (nic->features & NIC_XDP_RX_SG));
}

unsigned int driver_mtu(const struct nic *nic, bool frags)
{
	const struct driver *driver = driver_find(nic->driver);

	if (!driver)
		return 0;
	return frags && driver_frags(nic) ? driver->mtu_frags : driver->mtu;
}

unsigned int driver_mtu_now(const struct nic *nic)
{
	return !strcmp(nic->driver, "veth") ? nic->peer_mtu : nic->mtu;
}

/* Generic: net/core/dev.c: generic_xdp_install(); they stay off, also after detach. NULL: nothing. */
static const char *goes_off(const struct nic *nic)
{
	if (!nic->offloads_known || (!nic->lro && !nic->gro_hw))
		return NULL;
	return nic->lro && nic->gro_hw ? "LRO and GRO_HW" : nic->lro ? "LRO" : "GRO_HW";
}

static void touch_generic(const struct nic *nic, char text[DRIVER_TEXT])
{
	if (goes_off(nic))
		snprintf(text, DRIVER_TEXT,
			 "turns off %s, for good: some drivers restart their queues for that",
			 goes_off(nic));
}

const char *driver_instead(const struct nic *nic, char text[DRIVER_TEXT])
{
	if (goes_off(nic))
		snprintf(text, DRIVER_TEXT,
			 "--hook tc-ingress leaves %s on, and generic mode does not", goes_off(nic));
	else
		snprintf(text, DRIVER_TEXT,
			 "--hook tc-ingress carries large transfers at the least cost, and drops floods "
			 "at about that of generic mode");
	return text;
}

const char *driver_touch(const struct nic *nic, bool native, unsigned int kernel,
			 char text[DRIVER_TEXT])
{
	const struct driver *driver = driver_find(nic->driver);

	text[0] = '\0';
	if (!native)
		touch_generic(nic, text);
	else if (driver && driver->touch && driver_native(nic, kernel) == NATIVE_YES)
		snprintf(text, DRIVER_TEXT, "%s", driver->touch);
	return text;
}

static bool too_few(const struct nic *nic, unsigned int *most, char text[DRIVER_TEXT])
{
	__u32 used = nic_queue_count(nic), all = nic_queue_most(nic);

	if (!all || used * 2 <= all)
		return false;
	*most = all / 2;
	snprintf(text, DRIVER_TEXT, "%u of %u queues are in use: XDP needs as many again", used,
		 all);
	return true;
}

bool driver_queues_fit(const struct nic *nic, unsigned int *most, char text[DRIVER_TEXT])
{
	const struct driver *driver = driver_find(nic->driver);

	*most = 0;
	if (!driver || !nic->queues_known)
		return true;
	switch (driver->queues) {
	case QUEUES_HALF:
		return !too_few(nic, most, text);
	case QUEUES_COMBINED:
		if (nic->queues.combined)
			return true;
		*most = nic->most.combined;
		snprintf(text, DRIVER_TEXT,
			 "receiving and sending have queues of their own: XDP needs combined ones");
		return false;
	case QUEUES_ANY:
		break;
	}
	return true;
}

const char *driver_hint(const struct nic *nic, bool frags, char text[DRIVER_TEXT])
{
	unsigned int most = driver_mtu(nic, frags), now = driver_mtu_now(nic);

	text[0] = '\0';
	if (most && now > most)
		snprintf(text, DRIVER_TEXT, "; with an MTU of %u%s it would not", most,
			 !strcmp(nic->driver, "veth") ? " at the other end" : "");
	return text;
}

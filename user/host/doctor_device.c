// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One interface: what its driver can do, and what stands in the way. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "doctor.h"
#include "driver.h"
#include "elsewhere.h"
#include "filter.h"
#include "kernel.h"
#include "nic.h"
#include "occupant.h"

static void look_at_driver(const struct nic *nic, enum driver_native native,
			   struct findings *findings)
{
	const struct driver *driver = driver_find(nic->driver);

	if (!nic->driver[0])
		finding_add(findings, "driver", FINDING_OK, "none that has a name: software");
	else if (!driver)
		finding_add(findings, "driver", FINDING_OK, "%s: nothing is known of it beforehand",
			    nic->driver);
	else if (driver->touch && native == NATIVE_YES)
		finding_add(findings, "driver", FINDING_WARN,
			    "%s: in native mode the first attach, and detach, %s; replacing and "
			    "policies do not",
			    nic->driver, driver->touch);
	else
		finding_add(findings, "driver", FINDING_OK,
			    "%s: attaching does not disturb traffic", nic->driver);
}

static void look_at_native(const struct nic *nic, enum driver_native native,
			   struct findings *findings)
{
	const struct driver *driver = driver_find(nic->driver);

	if (nic->features_known && native == NATIVE_YES)
		finding_add(findings, "native", FINDING_OK, "the driver has native XDP, for %s",
			    nic->features & NIC_XDP_RX_SG ? "packets in any number of buffers" :
							    "packets in one buffer");
	else if (nic->features_known)
		finding_add(
			findings, "native", FINDING_WARN,
			"the driver has no native XDP as the interface is now: generic mode works, "
			"at more CPU per packet");
	else if (native == NATIVE_UNKNOWN)
		finding_add(findings, "native", FINDING_WARN,
			    "unknown: this kernel (before 6.3) does not say; attach tries, and takes "
			    "generic mode if the driver refuses");
	else if (native == NATIVE_YES)
		finding_add(findings, "native", FINDING_OK,
			    "%s has native XDP since %u.%u; this kernel (before 6.3) does not say so "
			    "itself",
			    nic->driver, driver->since / 100, driver->since % 100);
	else
		finding_add(findings, "native", FINDING_WARN,
			    "%s has native XDP only since %u.%u: generic mode works, at more CPU per "
			    "packet",
			    nic->driver, driver->since / 100, driver->since % 100);
}

/* It suggests; nothing changes hooks by itself. */
static void look_at_hook(const struct device *device, const struct nic *nic,
			 struct findings *findings)
{
	char text[DRIVER_TEXT];

	if (device_framing(device) == FRAMING_ETHERNET)
		finding_fix(finding_add(findings, "hook", FINDING_OK,
					"without native mode: %s (docs/drivers.md)",
					driver_instead(nic, text)),
			    "flagwall attach %s --hook tc-ingress", device->label);
}

static void look_at_mtu(const struct device *device, const struct nic *nic, bool frags,
			struct findings *findings)
{
	bool veth = !strcmp(nic->driver, "veth");
	unsigned int now = driver_mtu_now(nic), most = driver_mtu(nic, frags);
	struct finding *finding;

	if (!most || !now) {
		finding_add(findings, "mtu", FINDING_OK,
			    "%u; the limit of native mode is not known", nic->mtu);
		return;
	}
	if (now <= most) {
		finding_add(findings, "mtu", FINDING_OK, "%u%s; native mode takes up to %u", now,
			    veth ? " at the other end" : "", most);
		return;
	}
	finding = finding_add(findings, "mtu", FINDING_WARN,
			      "%u%s: native mode takes up to %u, with more it will be generic mode",
			      now, veth ? " at the other end" : "", most);
	if (veth)
		finding_fix(finding, "ip link set dev PEER mtu %u (at the other end)", most);
	else
		finding_fix(finding, "ip link set dev %s mtu %u", device->label, most);
}

static void look_at_offloads(const struct device *device, const struct nic *nic,
			     struct findings *findings)
{
	const struct driver *driver = driver_find(nic->driver);
	bool refuses = driver && driver->refuses_lro;
	struct finding *finding;

	if (!nic->offloads_known) {
		finding_add(findings, "offloads", FINDING_WARN, "unknown: the driver does not tell");
		return;
	}
	if (nic->lro || nic->gro_hw) {
		finding = finding_add(
			findings, "offloads", FINDING_WARN,
			"%s on: the NIC merges segments before XDP sees them; %s",
			nic->lro ? "LRO is" : "GRO_HW is",
			refuses ? "this driver refuses native mode then" :
				  "each such packet counts as one, or native mode is refused");
		finding_fix(finding, "ethtool -K %s%s%s", device->label, nic->lro ? " lro off" : "",
			    nic->gro_hw ? " rx-gro-hw off" : "");
	}
	if (nic->rx_vlan) {
		finding = finding_add(
			findings, "vlan", FINDING_OK,
			"the NIC takes VLAN tags off before XDP sees them (rxvlan): flags "
			"are judged nevertheless, but samples do not say which VLAN");
		finding_fix(finding, "ethtool -K %s rxvlan off", device->label);
	}
	if (!nic->lro && !nic->gro_hw)
		finding_add(findings, "offloads", FINDING_OK, "LRO and GRO_HW are off");
}

static void look_at_queues(const struct device *device, const struct nic *nic,
			   struct findings *findings)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	char text[DRIVER_TEXT];
	struct finding *finding;
	unsigned int most;

	if (!nic->queues_known) {
		finding_add(findings, "queues", FINDING_OK, "the driver does not tell how many");
		return;
	}
	if (driver_queues_fit(nic, &most, text)) {
		finding_add(findings, "queues", FINDING_OK, "%u of %u for receiving, %ld CPUs",
			    nic_queue_count(nic), nic_queue_most(nic), cpus);
		return;
	}
	finding = finding_add(findings, "queues", FINDING_WARN, "%s; native mode will be refused",
			      text);
	if (most)
		finding_fix(finding, "ethtool -L %s combined %u", device->label, most);
}

static void look_at_program(const struct device *device, struct findings *findings)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	struct occupant occupant;
	struct finding *finding;
	struct xdp_state state;
	int readable, err;

	err = device_xdp(device->ifindex, &state);
	if (err) {
		finding_add(findings, "xdp", FINDING_WARN, "unknown: %s", strerror(-err));
		return;
	}
	if (!state.program) {
		finding_add(findings, "xdp", FINDING_OK, "no program is attached");
		return;
	}
	if (pins_look() == PINS_READY && !filter_locate(device, &filter, &readable)) {
		finding_add(findings, "xdp", FINDING_OK, "flagwall is attached, %s mode",
			    xdp_mode_name(state.mode));
		return;
	}
	occupant_read(device, &state, &occupant);
	finding = finding_add(findings, "xdp", FINDING_BAD,
			      "another program %s is attached%s%s, and an interface takes one",
			      occupant.program, occupant.holder[0] ? ", " : "", occupant.holder);
	finding_fix(finding, "%s", occupant.advice);
}

/* At @hook: egress is of interest only where a filter of ours is. */
static void look_at_tc(const struct device *device, enum hook hook, struct findings *findings)
{
	_cleanup_(filter_close) struct filter filter = FILTER_NONE;
	struct device there = *device;
	struct occupant_tc tc;
	bool ours;
	int readable, count;

	there.hook = hook;
	ours = pins_look() == PINS_READY && !filter_locate(&there, &filter, &readable);
	if (hook == HOOK_TC_EGRESS && !ours)
		return;
	tc = occupant_tc(device->ifindex, hook, ours ? filter.program : 0);
	count = tc.filters + tc.others;
	if (tc.before)
		finding_fix(finding_add(findings, hook_names[hook], FINDING_WARN,
					"%d BPF program%s before flagwall, which does not see what "
					"they accept, drop or redirect",
					tc.before, tc.before > 1 ? "s" : ""),
			    "bpftool net show dev %s", device->label);
	else if (ours)
		finding_add(findings, hook_names[hook], FINDING_OK,
			    "flagwall is attached, %d other BPF program%s behind it", count,
			    count == 1 ? "" : "s");
	else if (count)
		finding_add(findings, hook_names[hook], FINDING_OK,
			    "%d BPF program%s: behind XDP, so that they do not see what is dropped "
			    "there",
			    count, count > 1 ? "s" : "");
	else
		finding_add(findings, hook_names[hook], FINDING_OK, "no BPF program%s",
			    !tc.known && kernel_number() >= 606 ? " (TCX: only root may ask)" : "");
}

static void look_at_master(const struct device *device, const struct nic *nic,
			   struct findings *findings)
{
	struct xdp_state state;

	if (!nic->master)
		return;
	if (kernel_number() >= 515 && !device_xdp(nic->master, &state) && state.program)
		finding_add(
			findings, "member", FINDING_BAD,
			"of %s, which has an XDP program (id %u): the kernel takes one only above or "
			"below",
			nic->master_name, state.program);
	else if (!strcmp(nic->master_kind, "bond"))
		finding_add(findings, "member", FINDING_OK,
			    "of bond %s: attach to every member, or to the bond (native since 5.15)",
			    nic->master_name);
	else
		finding_add(findings, "member", FINDING_OK,
			    "of %s %s: what %s receives is filtered before it is handed on",
			    nic->master_kind, nic->master_name, device->label);
}

/* Nothing that stands in the way of a filter: only of policies with lines about states. */
static void look_at_states(const struct device *device, struct findings *findings)
{
	char why[ELSEWHERE_TEXT];

	if (elsewhere_find(device, why))
		finding_add(findings, "states", FINDING_OK,
			    "policies with state lines are refused here, as %s", why);
	else
		finding_add(
			findings, "states", FINDING_OK,
			"policies may have state lines: this host's sockets know the connections");
}

void doctor_device(const struct device *device, const struct probe *probe, struct findings *findings)
{
	enum driver_native native;
	struct nic nic;
	int err = nic_read(device, &nic);

	if (err) {
		finding_add(findings, "driver", FINDING_WARN, "unknown: %s", strerror(-err));
		return;
	}
	native = driver_native(&nic, kernel_number());
	look_at_driver(&nic, native, findings);
	look_at_native(&nic, native, findings);
	if (native == NATIVE_NO)
		look_at_hook(device, &nic, findings);
	if (native == NATIVE_YES)
		look_at_mtu(device, &nic, probe->frags, findings);
	look_at_offloads(device, &nic, findings);
	look_at_queues(device, &nic, findings);
	look_at_program(device, findings);
	look_at_tc(device, HOOK_TC_INGRESS, findings);
	look_at_tc(device, HOOK_TC_EGRESS, findings);
	look_at_master(device, &nic, findings);
	look_at_states(device, findings);
}

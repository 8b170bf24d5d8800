// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The host: kernel, rights, and where filters are pinned. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "kernel.h"
#include "pins.h"

static void look_at_kernel(struct findings *findings)
{
	if (kernel_too_old())
		finding_add(findings, "kernel", FINDING_BAD,
			    "%s: older than 5.10, the oldest that flagwall supports",
			    kernel_release());
	else
		finding_add(findings, "kernel", FINDING_OK, "%s", kernel_release());
}

static void look_at_bpf(const struct probe *probe, struct findings *findings)
{
	switch (-probe->xdp) {
	case 0:
		finding_add(findings, "bpf", FINDING_OK, "the kernel loads XDP programs%s",
			    probe->frags ? ", also for packets in several buffers" : "");
		break;
	case EPERM:
	case EACCES:
		finding_add(findings, "bpf", FINDING_WARN,
			    "unknown: this process may not load programs");
		break;
	case ENOSYS:
		finding_add(findings, "bpf", FINDING_BAD,
			    "no bpf() system call: the kernel is built without CONFIG_BPF_SYSCALL, "
			    "or a seccomp filter forbids it");
		break;
	default:
		finding_add(findings, "bpf", FINDING_BAD, "the kernel loads no XDP program: %s",
			    strerror(-probe->xdp));
	}
}

static void look_at_unprivileged(struct findings *findings)
{
	FILE *file = fopen("/proc/sys/kernel/unprivileged_bpf_disabled", "re");
	struct finding *finding;
	int value = 0, count;

	if (!file)
		return; /* all kernels that have bpf() have it: the line above says so */
	count = fscanf(file, "%d", &value);
	fclose(file);
	if (count == 1 && value) {
		finding_add(findings, "users", FINDING_OK,
			    "bpf() is closed to users without rights");
		return;
	}
	finding = finding_add(findings, "users", FINDING_WARN,
			      "bpf() is open to users without rights: no harm to the filter, but it "
			      "widens what they can attack");
	finding_fix(finding, "sysctl -w kernel.unprivileged_bpf_disabled=2");
}

static void look_at_jit(const struct probe *probe, struct findings *findings)
{
	struct finding *finding;

	if (!probe->jit_known) {
		finding_add(findings, "jit", FINDING_WARN, "unknown: only root may ask");
		return;
	}
	if (probe->jit) {
		finding_add(findings, "jit", FINDING_OK, "programs become machine code");
		return;
	}
	finding = finding_add(
		findings, "jit", FINDING_WARN,
		"off: programs are interpreted, and each packet costs several times as much");
	finding_fix(finding, "sysctl -w net.core.bpf_jit_enable=1");
}

static void look_at_pins(struct findings *findings)
{
	struct finding *finding;

	switch (pins_look()) {
	case PINS_READY:
		finding_add(findings, "bpffs", FINDING_OK, "mounted at " PINS_MOUNT);
		break;
	case PINS_UNMOUNTED:
		finding = finding_add(findings, "bpffs", FINDING_WARN,
				      "not mounted at " PINS_MOUNT ": attach mounts it if it may");
		finding_fix(finding, "mount -t bpf bpf " PINS_MOUNT);
		break;
	case PINS_HIDDEN:
		finding_add(findings, "bpffs", FINDING_BAD,
			    "not visible at " PINS_MOUNT
			    ": instead of 'ip netns exec NAME flagwall ...' use 'flagwall ... --netns "
			    "NAME'; in a container, mount the host's");
		break;
	case PINS_READONLY:
		finding = finding_add(findings, "bpffs", FINDING_BAD,
				      "mounted at " PINS_MOUNT ", but read-only");
		finding_fix(finding, "mount -o remount,rw " PINS_MOUNT);
		break;
	case PINS_FOREIGN:
		finding = finding_add(findings, "bpffs", FINDING_BAD,
				      PINS_ROOT
				      " is not a directory that only we can write: others may have "
				      "written there, and it is not trusted");
		finding_fix(finding, "rm -r " PINS_ROOT);
		break;
	case PINS_CLOSED:
		finding_add(findings, "bpffs", FINDING_BAD,
			    PINS_ROOT " may be read and written by its owner only: run it as root");
		break;
	}
}

static void look_at_rights(struct findings *findings)
{
	char missing[KERNEL_WORDS];

	if (*kernel_missing_rights(missing))
		finding_add(findings, "rights", FINDING_BAD,
			    "this process lacks %s: run it as root (sudo) or give it that", missing);
	else
		finding_add(findings, "rights", FINDING_OK,
			    "CAP_NET_ADMIN, CAP_BPF and CAP_PERFMON, or their equivalent");
}

void doctor_host(const struct probe *probe, struct findings *findings)
{
	look_at_kernel(findings);
	look_at_bpf(probe, findings);
	look_at_jit(probe, findings);
	look_at_unprivileged(findings);
	look_at_pins(findings);
	look_at_rights(findings);
}

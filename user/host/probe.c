// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "probe.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>

#include "cleanup.h"

/* return XDP_PASS; with @flags. Returns a descriptor or -errno. */
static int load(__u32 flags)
{
	const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, options, .prog_flags = flags);
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "flagwall_probe", "Dual BSD/GPL", pass,
			       sizeof(pass) / sizeof(pass[0]), &options);

	return fd < 0 ? -errno : fd;
}

/* What the administrator asked for; only root may read it. */
static bool read_jit_setting(bool *on)
{
	FILE *file = fopen("/proc/sys/net/core/bpf_jit_enable", "re");
	int value = 0, count;

	if (!file)
		return false;
	count = fscanf(file, "%d", &value);
	fclose(file);
	*on = value != 0;
	return count == 1;
}

bool probe_frags(void)
{
	_cleanup_close_ int fd = load(PROBE_HAS_FRAGS);

	return fd >= 0;
}

void probe_kernel(struct probe *probe)
{
	_cleanup_close_ int fd = load(0);
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	*probe = (struct probe){ .xdp = fd < 0 ? fd : 0 };
	if (fd < 0) {
		probe->jit_known = read_jit_setting(&probe->jit);
		return;
	}
	if (!bpf_obj_get_info_by_fd(fd, &info, &size)) {
		probe->jit_known = true;
		probe->jit = info.jited_prog_len > 0;
	}
	probe->frags = probe_frags();
}

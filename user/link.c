// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "link.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "kernel.h"
#include "report.h"
#include "text.h"

/* "prog 'NAME' (id N, native)": the kernel tells names only to CAP_SYS_ADMIN. */
static const char *program_text(const struct xdp_state *state, char text[128])
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);
	_cleanup_close_ int fd = bpf_prog_get_fd_by_id(state->program);

	if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size) && info.name[0])
		snprintf(text, 128, "'%s' (id %u, %s)", info.name, state->program,
			 xdp_mode_name(state->mode));
	else
		snprintf(text, 128, "(id %u, %s)", state->program, xdp_mode_name(state->mode));
	return text;
}

/*
 * The ID of the link that holds @program, for a hint: 0 if none does, or if the
 * kernel will not tell (it tells CAP_SYS_ADMIN).
 */
static __u32 link_of(__u32 program)
{
	__u32 id = 0;

	while (!bpf_link_get_next_id(id, &id)) {
		struct bpf_link_info info = {};
		__u32 size = sizeof(info);
		_cleanup_close_ int fd = bpf_link_get_fd_by_id(id);

		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size) && info.prog_id == program)
			return id;
	}
	return 0;
}

/* What `ip link` calls the modes; it detaches only the mode it is told. */
static const char *const ip_words[] = {
	[XDP_MODE_NONE] = "xdp",
	[XDP_MODE_NATIVE] = "xdpdrv",
	[XDP_MODE_GENERIC] = "xdpgeneric",
	[XDP_MODE_OFFLOAD] = "xdpoffload",
};

int link_refuse_occupied(const struct device *device, const struct xdp_state *state)
{
	__u32 link = link_of(state->program);
	char text[128];

	program_text(state, text);
	if (link)
		return fail(EBUSY,
			    "%s: another XDP program %s is attached, and an interface takes one; "
			    "bpf_link %u holds it: detach it with the tool that made it",
			    device->label, text, link);
	return fail(EBUSY,
		    "%s: another XDP program %s is attached, and an interface takes one; "
		    "remove it with the tool that attached it, or with: ip link set dev %s %s off",
		    device->label, text, device->label, ip_words[state->mode]);
}

/*
 * The driver's own reason is lost on links. Ask once more the older way, which
 * has it; should that work, undo it: the first answer stands. NULL if the driver
 * has nothing to say.
 */
static const char *ask_driver(const struct device *device, int program)
{
	__u32 flags = XDP_FLAGS_DRV_MODE | XDP_FLAGS_UPDATE_IF_NOEXIST;

	kernel_forget();
	if (!bpf_xdp_attach((int)device->ifindex, program, flags, NULL))
		bpf_xdp_detach((int)device->ifindex, XDP_FLAGS_DRV_MODE, NULL);
	return kernel_driver_words();
}

/* Errors that mean the driver will not, rather than that nobody may. */
static bool driver_refused(int error)
{
	return error != EPERM && error != EACCES && error != EBUSY && error != EEXIST &&
	       error != ENODEV;
}

static int create_link(const struct device *device, int program, __u32 flags)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flags);
	int fd = bpf_link_create(program, (int)device->ifindex, BPF_XDP, &options);

	return fd < 0 ? -errno : fd;
}

static int refuse_link(const struct device *device, int error)
{
	struct xdp_state state;

	if ((error == EBUSY || error == EEXIST) && !device_xdp(device->ifindex, &state) &&
	    state.program)
		return link_refuse_occupied(device, &state);
	return kernel_refused(error, "cannot attach to %s", device->label);
}

int link_attach(const struct device *device, int program, enum attach_mode mode, char *fallback,
		size_t size)
{
	const char *words;
	int fd;

	if (mode == ATTACH_GENERIC) {
		fd = create_link(device, program, XDP_FLAGS_SKB_MODE);
		return fd < 0 ? refuse_link(device, -fd) : fd;
	}
	fd = create_link(device, program, XDP_FLAGS_DRV_MODE);
	if (fd >= 0)
		return fd;
	if (!driver_refused(-fd))
		return refuse_link(device, -fd);
	words = ask_driver(device, program);
	if (!words && kernel_too_old())
		return refuse_link(device, -fd);
	words = words ? words : strerror(-fd);
	if (mode == ATTACH_NATIVE)
		return fail(-fd, "%s: the driver refuses native mode: %s; try --mode generic",
			    device->label, words);
	text_set(fallback, size, words);
	fd = create_link(device, program, XDP_FLAGS_SKB_MODE);
	if (fd < 0)
		return refuse_link(device, -fd);
	note("%s: the driver refuses native mode: %s; attached in generic mode, which costs more CPU a packet",
	     device->label, fallback);
	return fd;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "occupant.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "netlink.h"
#include "pins.h"
#include "report.h"

/* The kernel tells names only to CAP_SYS_ADMIN. */
static void read_program(const struct xdp_state *state, struct occupant *occupant)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);
	_cleanup_close_ int fd = bpf_prog_get_fd_by_id(state->program);

	if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size))
		memcpy(occupant->name, info.name, sizeof(occupant->name));
	occupant->name[sizeof(occupant->name) - 1] = '\0';
	snprintf(occupant->program, sizeof(occupant->program), "%s%s%s(id %u, %s)",
		 occupant->name[0] ? "'" : "", occupant->name, occupant->name[0] ? "' " : "",
		 state->program, xdp_mode_name(state->mode));
}

/* The link that holds @program: 0 if none does, or if the kernel will not tell. */
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

/* --- who holds a link --- */

/* Does the descriptor that /proc describes at @path hold the link @id? */
static bool holds(const char *path, __u32 id)
{
	FILE *file = fopen(path, "re");
	char line[128];
	__u32 found = 0;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		sscanf(line, "link_id: %u", &found);
	fclose(file);
	return found == id;
}

/* nftw() hands nothing through: what is looked for, and where it was found. */
static struct {
	__u32 link;
	char *path;
} wanted;

static int look_at_pin(const char *path, const struct stat *status, int type, struct FTW *where)
{
	char own[64];
	_cleanup_close_ int fd = -1;

	(void)status;
	(void)where;
	if (type != FTW_F)
		return 0;
	fd = bpf_obj_get(path);
	if (fd < 0)
		return 0;
	snprintf(own, sizeof(own), "/proc/self/fdinfo/%d", fd);
	if (!holds(own, wanted.link))
		return 0;
	snprintf(wanted.path, OCCUPANT_TEXT, "pinned at %.400s", path);
	return 1;
}

static bool process_holds(const char *pid, __u32 link)
{
	char path[64];
	struct dirent *entry;
	DIR *directory;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%.20s/fdinfo", pid);
	directory = opendir(path);
	if (!directory)
		return false;
	while (!found && (entry = readdir(directory))) {
		snprintf(path, sizeof(path), "/proc/%.20s/fdinfo/%.20s", pid, entry->d_name);
		found = isdigit((unsigned char)entry->d_name[0]) && holds(path, link);
	}
	closedir(directory);
	return found;
}

static void name_process(const char *pid, char *text)
{
	char path[64], name[32] = "?";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	file = fopen(path, "re");
	if (file) {
		if (fgets(name, sizeof(name), file))
			name[strcspn(name, "\n")] = '\0';
		fclose(file);
	}
	snprintf(text, OCCUPANT_TEXT, "held by process %.20s (%s)", pid, name);
}

static void find_holder(struct occupant *occupant)
{
	DIR *directory;
	struct dirent *entry;

	wanted.link = occupant->link;
	wanted.path = occupant->holder;
	if (nftw(PINS_MOUNT, look_at_pin, 8, FTW_PHYS | FTW_MOUNT) == 1)
		return;
	directory = opendir("/proc");
	if (!directory)
		return;
	while (!occupant->holder[0] && (entry = readdir(directory)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    process_holds(entry->d_name, occupant->link))
			name_process(entry->d_name, occupant->holder);
	closedir(directory);
}

/* --- what can be done --- */

/* Programs that are met often, by their names. */
static const struct {
	const char *name;
	const char *advice;
} known[] = {
	{ "xdp_dispatcher", "this is libxdp's dispatcher, which takes several: "
			    "'xdp-loader load %s flagwall.bpf.o' puts ours beside the others" },
	{ "cil_xdp_entry", "this is Cilium's: XDP of %s is its own; filter where packets pass "
			   "before it, or turn its XDP acceleration off" },
	{ "xsk_def_prog", "this is of an AF_XDP application, which needs XDP of %s for itself" },
};

/* What `ip link` calls the modes; it detaches only the mode it is told. */
static const char *const ip_words[] = {
	[XDP_MODE_NONE] = "xdp",
	[XDP_MODE_NATIVE] = "xdpdrv",
	[XDP_MODE_GENERIC] = "xdpgeneric",
	[XDP_MODE_OFFLOAD] = "xdpoffload",
};

static void advise(const struct device *device, const struct xdp_state *state,
		   struct occupant *occupant)
{
	char *text = occupant->advice;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *gap;

		if (strcmp(occupant->name, known[i].name) != 0)
			continue;
		gap = strstr(known[i].advice, "%s");
		snprintf(text, OCCUPANT_TEXT, "%.*s%s%s", (int)(gap - known[i].advice),
			 known[i].advice, device->label, gap + 2);
		return;
	}
	/* `ip` cannot remove what a link holds. */
	if (occupant->link && !strcmp(occupant->name, "flagwall"))
		snprintf(text, OCCUPANT_TEXT,
			 "it is a filter of flagwall's whose pins are elsewhere, as in a container: "
			 "detach it where it was attached");
	else if (occupant->link)
		snprintf(text, OCCUPANT_TEXT, "end it with the tool that made it");
	else
		snprintf(text, OCCUPANT_TEXT,
			 "remove it with the tool that attached it, or with: ip link set dev %s %s off",
			 device->label, ip_words[state->mode]);
}

void occupant_read(const struct device *device, const struct xdp_state *state,
		   struct occupant *occupant)
{
	*occupant = (struct occupant){};
	read_program(state, occupant);
	occupant->link = link_of(state->program);
	if (occupant->link)
		find_holder(occupant);
	advise(device, state, occupant);
}

int occupant_refuse(const struct device *device, const struct xdp_state *state)
{
	struct occupant occupant;

	occupant_read(device, state, &occupant);
	if (!occupant.link)
		return fail(EBUSY,
			    "%s: another XDP program %s is attached, and an interface takes one; %s",
			    device->label, occupant.program, occupant.advice);
	return fail(
		EBUSY,
		"%s: another XDP program %s is attached, and an interface takes one; bpf_link %u%s%s; %s",
		device->label, occupant.program, occupant.link,
		occupant.holder[0] ? ", " : " holds it", occupant.holder, occupant.advice);
}

/* --- tc --- */

static int take_filter(const struct nlmsghdr *message, void *context)
{
	const struct tcmsg *info = NLMSG_DATA(message);
	char kind[16] = "";

	netlink_text(netlink_attribute(message, sizeof(*info), TCA_KIND), kind, sizeof(kind));
	/* A filter has a handle; its chain is told of as well, without one. */
	if (message->nlmsg_type == RTM_NEWTFILTER && info->tcm_handle && !strcmp(kind, "bpf"))
		++*(int *)context;
	return 0;
}

struct occupant_tc occupant_tc(unsigned int ifindex, enum hook hook, __u32 own)
{
	struct occupant_tc tc = {};
	__u32 programs[DEVICE_PROGRAMS_MOST], count = DEVICE_PROGRAMS_MOST;

	netlink_clsact(ifindex, hook, take_filter, &tc.filters);
	if (bpf_prog_query((int)ifindex, hook_attach_type(hook), 0, NULL, programs, &count))
		return tc;
	tc.known = true;
	for (__u32 i = 0; i < count; i++) {
		if (own && programs[i] == own) {
			tc.before = tc.others;
			tc.others = 0;
		} else {
			tc.others++;
		}
	}
	return tc;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "rights.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "report.h"

/* What the headers of older kernels lack. */
#define CAPABILITY_BPF 39

static void release(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}

/* --- capabilities --- */

static int keep_one_capability(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
	const __u32 bpf = 1U << (CAPABILITY_BPF % 32);

	/* Whoever may not do this has nothing that an exec could give back: there is none. */
	for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
	     capability++)
		if (capability != CAPABILITY_BPF)
			prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capget, &header, data))
		return -errno;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		__u32 kept = i == CAPABILITY_BPF / 32 ? data[i].permitted & bpf : 0;

		data[i] = (struct __user_cap_data_struct){ .effective = kept, .permitted = kept };
	}
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

/* --- system calls --- */

/* What of BPF only tells. */
static const int telling[] = { BPF_MAP_LOOKUP_ELEM, BPF_MAP_GET_NEXT_KEY,   BPF_OBJ_GET,
			       BPF_PROG_QUERY,      BPF_OBJ_GET_INFO_BY_FD, BPF_MAP_LOOKUP_BATCH };

#define BPF_COMMANDS 64 /* more than any kernel has; what is above is forbidden as a whole */

static bool tells(int command)
{
	for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++)
		if (telling[i] == command)
			return true;
	return false;
}

/* By name: not every architecture has each of them. */
static const char *const forbidden[] = {
	/* other programs */
	"execve",
	"execveat",
	"ptrace",
	"process_vm_writev",
	"pidfd_getfd",
	"init_module",
	"finit_module",
	"kexec_load",
	/* files and folders: pins are files */
	"openat2",
	"open_by_handle_at",
	"creat",
	"truncate",
	"ftruncate",
	"unlink",
	"unlinkat",
	"rename",
	"renameat",
	"renameat2",
	"link",
	"linkat",
	"symlink",
	"symlinkat",
	"mkdir",
	"mkdirat",
	"rmdir",
	"mknod",
	"mknodat",
	"chmod",
	"fchmod",
	"fchmodat",
	"chown",
	"fchown",
	"fchownat",
	"lchown",
	"setxattr",
	"lsetxattr",
	"fsetxattr",
	"io_uring_setup",
	/* where they are */
	"mount",
	"umount2",
	"move_mount",
	"open_tree",
	"fsopen",
	"mount_setattr",
	"pivot_root",
	"chroot",
	"setns",
	"unshare",
};

static int forbid_writing(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp writes[] = {
		SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY),
		SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE, O_RDWR),
		SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY),
		SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, O_RDWR),
	};
	int plain = seccomp_syscall_resolve_name("open"), err = 0;

	for (size_t i = 0; i < 2 && !err; i++) {
		err = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1,
					     &writes[i + 2]);
		if (!err && plain >= 0)
			err = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), plain, 1,
						     &writes[i]);
	}
	return err;
}

static int forbid_changing(scmp_filter_ctx filter)
{
	int err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(bpf), 1,
				   SCMP_A0(SCMP_CMP_GE, BPF_COMMANDS));

	for (int command = 0; command < BPF_COMMANDS && !err; command++)
		if (!tells(command))
			err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(bpf), 1,
					       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)command));
	return err;
}

static int forbid(void)
{
	_cleanup_(release) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int err;

	if (!filter)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		int call = seccomp_syscall_resolve_name(forbidden[i]);

		if (call < 0)
			continue;
		err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
		if (err)
			return err;
	}
	err = forbid_writing(filter);
	if (!err)
		err = forbid_changing(filter);
	/* It sets no_new_privs as well. */
	return err ? err : seccomp_load(filter);
}

int rights_drop(void)
{
	int err = keep_one_capability();

	if (err)
		return fail(-err, "cannot give up capabilities: %s", strerror(-err));
	err = forbid();
	return err ? fail(-err, "cannot give up system calls: %s", strerror(-err)) : 0;
}

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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "report.h"

/* What the headers of older kernels lack. */
#define CAPABILITY_BPF 39

/* System calls behind set_mempolicy_home_node (5.17), as far as there are numbers for a while. */
#define FIRST_YOUNGER 451
#define LAST_YOUNGER 511

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
	"process_madvise",
	"pidfd_getfd",
	"pidfd_send_signal",
	"tkill",
	"rt_sigqueueinfo",
	"rt_tgsigqueueinfo",
	"setpriority",
	"sched_setaffinity",
	"sched_setattr",
	"sched_setparam",
	"sched_setscheduler",
	"ioprio_set",
	"migrate_pages",
	"move_pages",
	/* who is root is believed by what listens on a socket: systemd, D-Bus */
	"connect",
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
	"removexattr",
	"lremovexattr",
	"fremovexattr",
	"utime",
	"utimes",
	"futimesat",
	"utimensat",
	"fallocate",
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

/* The call @name, if this architecture has it, where its arguments are as @arguments says. */
static int forbid_where(scmp_filter_ctx filter, const char *name, unsigned int count,
			const struct scmp_arg_cmp *arguments)
{
	int call = seccomp_syscall_resolve_name(name);

	return call < 0 ? 0 :
			  seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), call, count,
						 arguments);
}

/* Files are opened for reading. Linux creates and empties them also if so opened. */
static int forbid_writing(scmp_filter_ctx filter)
{
	static const struct {
		scmp_datum_t mask, value;
	} writes[] = {
		{ O_ACCMODE, O_WRONLY }, { O_ACCMODE, O_RDWR }, { O_ACCMODE, O_ACCMODE },
		{ O_CREAT, O_CREAT },    { O_TRUNC, O_TRUNC },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]) && !err; i++) {
		err = forbid_where(filter, "open", 1,
				   &SCMP_A1(SCMP_CMP_MASKED_EQ, writes[i].mask, writes[i].value));
		if (!err)
			err = forbid_where(filter, "openat", 1,
					   &SCMP_A2(SCMP_CMP_MASKED_EQ, writes[i].mask,
						    writes[i].value));
	}
	return err;
}

/* Maps of global data can be written as memory: the action table is one. */
static int forbid_shared_memory(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp shared[] = {
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE, PROT_WRITE),
		SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_SHARED, MAP_SHARED),
	};
	int err = forbid_where(filter, "mmap", 2, shared);

	return err ? err : forbid_where(filter, "mmap2", 2, shared);
}

/* All that is root's may be signalled and limited by what is root's. Itself it may abort. */
static int forbid_others(scmp_filter_ctx filter)
{
	int err = forbid_where(filter, "prlimit64", 1, &SCMP_A0(SCMP_CMP_NE, 0));

	if (!err)
		err = forbid_where(filter, "kill", 1, &SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid()));
	return err ? err :
		     forbid_where(filter, "tgkill", 1,
				  &SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid()));
}

/*
 * Younger calls, some of which change files (fchmodat2, setxattrat), and whose names
 * libseccomp may not know: their numbers are the same everywhere. A C library does without.
 */
static int forbid_younger(scmp_filter_ctx filter)
{
	int err = 0;

	for (int call = FIRST_YOUNGER; call <= LAST_YOUNGER && !err; call++)
		err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0);
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
	if ((err = forbid_writing(filter)) || (err = forbid_shared_memory(filter)) ||
	    (err = forbid_others(filter)) || (err = forbid_younger(filter)) ||
	    (err = forbid_changing(filter)))
		return err;
	/* It sets no_new_privs as well. */
	return seccomp_load(filter);
}

int rights_drop(void)
{
	int err = keep_one_capability();

	if (err)
		return fail(-err, "cannot give up capabilities: %s", strerror(-err));
	err = forbid();
	return err ? fail(-err, "cannot give up system calls: %s", strerror(-err)) : 0;
}

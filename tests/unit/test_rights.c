// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the exporter can still do once it has given up its rights. Each in a process of its own. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "rights.h"

/* Returns the errno of @attempt, 0 if it succeeded, after rights_drop(); 255 if that failed. */
static int errno_of(int (*attempt)(void))
{
	int before = errno, status;
	pid_t child = fork();

	if (!child) {
		if (rights_drop())
			_exit(255);
		errno = 0;
		_exit(attempt() < 0 ? errno : 0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	errno = before;
	return WEXITSTATUS(status);
}

static int read_a_file(void)
{
	return open("/proc/self/status", O_RDONLY);
}

static int ask_the_kernel(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static int write_a_file(void)
{
	return open("/dev/null", O_WRONLY);
}

static int write_and_read(void)
{
	return open("/dev/null", O_RDWR);
}

static int make_a_file(void)
{
	return open("/tmp", O_TMPFILE | O_RDWR, 0600);
}

static int remove_a_file(void)
{
	return unlink("/nonexistent");
}

static int remove_a_folder(void)
{
	return rmdir("/nonexistent");
}

static int move(void)
{
	return rename("/nonexistent", "/nonexistent2");
}

static int change_a_mode(void)
{
	return chmod("/nonexistent", 0777);
}

static int run(void)
{
	char *const words[] = { (char *)"true", NULL };

	return execv("/bin/true", words);
}

static int mount_something(void)
{
	return mount("none", "/nonexistent", "tmpfs", 0, NULL);
}

static int go_elsewhere(void)
{
	return unshare(CLONE_NEWUSER);
}

static int create_for_reading(void)
{
	return open("/nonexistent/x", O_RDONLY | O_CREAT, 0600);
}

static int empty_for_reading(void)
{
	return open("/nonexistent", O_RDONLY | O_TRUNC);
}

static int change_times(void)
{
	return utimensat(AT_FDCWD, "/nonexistent", NULL, 0);
}

static int remove_an_attribute(void)
{
	return removexattr("/nonexistent", "user.x");
}

/* The init process is root's, as the exporter may be. */
static int kill_another(void)
{
	return kill(1, 0);
}

static int limit_another(void)
{
	struct rlimit limit;

	return (int)syscall(SYS_prlimit64, 1, RLIMIT_NOFILE, NULL, &limit);
}

static int slow_another(void)
{
	return setpriority(PRIO_PROCESS, 1, 0);
}

/* Who is root there is believed, by systemd and D-Bus first of all. */
static int talk_to_a_service(void)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/nonexistent" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return connect(fd, (const struct sockaddr *)&address, sizeof(address));
}

/* Maps of global data can be written so: the action table is one. */
static int share_memory(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0;
}

static int share_memory_surely(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	return mmap(NULL, 4096, PROT_WRITE, MAP_SHARED_VALIDATE, fd, 0) == MAP_FAILED ? -1 : 0;
}

static int (*const forbidden[])(void) = {
	write_a_file,       write_and_read,
	make_a_file,        remove_a_file,
	remove_a_folder,    move,
	change_a_mode,      run,
	mount_something,    go_elsewhere,
	create_for_reading, empty_for_reading,
	change_times,       remove_an_attribute,
	kill_another,       limit_another,
	slow_another,       talk_to_a_service,
	share_memory,       share_memory_surely,
};

static int end_itself(void)
{
	return kill(getpid(), 0);
}

static int use_memory(void)
{
	return mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED ?
		       -1 :
		       0;
}

static void test_reads(void **state)
{
	(void)state;
	assert_int_equal(errno_of(read_a_file), 0);
	assert_int_equal(errno_of(ask_the_kernel), 0);
	assert_int_equal(errno_of(end_itself), 0);
	assert_int_equal(errno_of(use_memory), 0);
}

static void test_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		int error = errno_of(forbidden[i]);

		if (error != EPERM)
			print_error("number %zu: %s\n", i, strerror(error));
		assert_int_equal(error, EPERM);
	}
}

static long number;

static int call_by_number(void)
{
	return (int)syscall(number, AT_FDCWD, "/nonexistent", 0, 0, 0, 0);
}

/* fchmodat2, setxattrat, removexattrat, file_setattr: what nobody knew when this was written. */
static void test_knows_no_new_calls(void **state)
{
	static const long numbers[] = { 452, 463, 466, 469, 500 };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		number = numbers[i];
		assert_int_equal(errno_of(call_by_number), ENOSYS);
	}
}

static unsigned int command;

/* Nothing of an attribute is right: what is allowed fails otherwise than by EPERM. */
static int ask_bpf(void)
{
	union bpf_attr attr;

	memset(&attr, 0xff, sizeof(attr));
	return (int)syscall(SYS_bpf, command, &attr, sizeof(attr));
}

static void test_bpf_only_tells(void **state)
{
	static const unsigned int changes[] = {
		BPF_MAP_CREATE,
		BPF_MAP_UPDATE_ELEM,
		BPF_MAP_DELETE_ELEM,
		BPF_PROG_LOAD,
		BPF_OBJ_PIN,
		BPF_PROG_ATTACH,
		BPF_PROG_DETACH,
		BPF_MAP_UPDATE_BATCH,
		BPF_LINK_CREATE,
		BPF_LINK_UPDATE,
		BPF_LINK_DETACH,
		BPF_MAP_LOOKUP_AND_DELETE_ELEM,
		BPF_MAP_FREEZE,
		63,
		64,
		1000000,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		command = changes[i];
		assert_int_equal(errno_of(ask_bpf), EPERM);
	}
	/* The kernel's own answer, whatever it is. */
	command = BPF_OBJ_GET;
	assert_int_equal(ask_bpf(), -1);
	assert_int_equal(errno_of(ask_bpf), errno);
	command = BPF_MAP_LOOKUP_ELEM;
	assert_int_equal(ask_bpf(), -1);
	assert_int_equal(errno_of(ask_bpf), errno);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_changes_nothing),
		cmocka_unit_test(test_knows_no_new_calls),
		cmocka_unit_test(test_bpf_only_tells),
	};

	return cmocka_run_group_tests_name("rights", tests, NULL, NULL);
}

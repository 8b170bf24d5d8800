// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "kernel.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "report.h"

static char driver_words[KERNEL_WORDS];
static char verifier_words[KERNEL_WORDS];

/* Keep the last line of @text that says something. */
static void keep_last_line(char words[KERNEL_WORDS], const char *text)
{
	size_t length = strlen(text);
	const char *start;

	while (length && (text[length - 1] == '\n' || text[length - 1] == ' '))
		length--;
	start = text + length;
	while (start > text && start[-1] != '\n')
		start--;
	snprintf(words, KERNEL_WORDS, "%.*s", (int)(text + length - start), start);
}

/*
 * The verifier's log arrives as one string between two marker lines of
 * libbpf's; "processed N insns" ends every log and says nothing.
 */
static void keep_verifier(char *text)
{
	static const char *const ends[] = { "\nprocessed ", "\n-- END PROG LOAD LOG" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		char *end = strstr(text, ends[i]);

		if (end)
			*end = '\0';
	}
	keep_last_line(verifier_words, text);
}

static int __attribute__((format(printf, 2, 0)))
hear(enum libbpf_print_level level, const char *format, va_list arguments)
{
	static const char extack[] = "libbpf: Kernel error message: ";
	static char text[1 << 16]; /* a verifier log; the stack is no place for it */
	int length;

	if (level == LIBBPF_DEBUG)
		return 0;
	length = vsnprintf(text, sizeof(text), format, arguments);
	if (!strncmp(text, extack, strlen(extack)))
		keep_last_line(driver_words, text + strlen(extack));
	else if (strstr(text, "BEGIN PROG LOAD LOG"))
		keep_verifier(text);
	return length;
}

void kernel_listen(void)
{
	libbpf_set_print(hear);
}

void kernel_forget(void)
{
	driver_words[0] = '\0';
	verifier_words[0] = '\0';
}

const char *kernel_driver_words(void)
{
	return driver_words[0] ? driver_words : NULL;
}

const char *kernel_verifier_words(void)
{
	return verifier_words[0] ? verifier_words : NULL;
}

const char *kernel_release(void)
{
	static struct utsname name;

	uname(&name);
	return name.release;
}

unsigned int kernel_number(void)
{
	unsigned int major = 0, minor = 0;

	sscanf(kernel_release(), "%u.%u", &major, &minor);
	return 100 * major + (minor < 100 ? minor : 99);
}

bool kernel_too_old(void)
{
	return kernel_number() < 510;
}

/* CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON (kernel/bpf/syscall.c). */
static const struct {
	const char *name;
	int number;
	bool admin;
} needed[] = {
	{ "CAP_NET_ADMIN", CAP_NET_ADMIN, false },
	{ "CAP_BPF", CAP_BPF, true },
	{ "CAP_PERFMON", CAP_PERFMON, true },
};

const char *kernel_missing_rights(char text[KERNEL_WORDS])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
	struct rlimit locked = { .rlim_cur = RLIM_INFINITY };
	__u64 effective;
	size_t used = 0;

	text[0] = '\0';
	if (syscall(SYS_capget, &header, data))
		return text;
	effective = data[0].effective | (__u64)data[1].effective << 32;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (effective >> needed[i].number & 1)
			continue;
		if (needed[i].admin && (effective >> CAP_SYS_ADMIN & 1))
			continue;
		used += (size_t)snprintf(text + used, KERNEL_WORDS - used, "%s%s", used ? ", " : "",
					 needed[i].name);
	}
	/* Before 5.11 the memory of maps is charged to RLIMIT_MEMLOCK. */
	getrlimit(RLIMIT_MEMLOCK, &locked);
	if (kernel_number() < 511 && locked.rlim_cur != RLIM_INFINITY &&
	    !(effective >> CAP_SYS_RESOURCE & 1))
		snprintf(text + used, KERNEL_WORDS - used,
			 "%sCAP_SYS_RESOURCE (or 'ulimit -l unlimited')", used ? ", " : "");
	return text;
}

int kernel_refused(int error, const char *what, ...)
{
	char missing[KERNEL_WORDS], task[KERNEL_WORDS];
	va_list arguments;

	va_start(arguments, what);
	vsnprintf(task, sizeof(task), what, arguments);
	va_end(arguments);

	if (error == EPERM || error == EACCES) {
		if (*kernel_missing_rights(missing))
			return fail(
				error,
				"%s: %s: the process lacks %s; run it as root (sudo) or give it that",
				task, strerror(error), missing);
		if (!kernel_verifier_words())
			return fail(
				error,
				"%s: %s, though no capability is missing: a container, a security module or a seccomp filter may forbid it",
				task, strerror(error));
	}
	/* Whatever the verifier said before. */
	if (error == EMFILE)
		return fail(error,
			    "%s: too many open files: raise 'ulimit -n', or name fewer interfaces",
			    task);
	if (kernel_too_old())
		return fail(error,
			    "%s: %s: kernel %s is older than 5.10, the oldest that flagwall supports",
			    task, strerror(error), kernel_release());
	if (kernel_verifier_words())
		return fail(error, "%s: %s: the verifier of kernel %s says '%s'; please report it",
			    task, strerror(error), kernel_release(), kernel_verifier_words());
	return fail(error, "%s: %s (kernel %s)", task, strerror(error), kernel_release());
}

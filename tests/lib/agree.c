// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "agree.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frame.h" /* before the parser */

#include "expected.h"
#include "flagwall/parse.h"
#include "frames.h"

static bool dropped[FW_OUTCOMES]; /* by the default policy */
static __u8 *page_end;            /* nothing may be read from here on */

int agree_prepare(const char *path)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	static struct expected expected;
	__u8 *pages;

	pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED || page < KERNEL_LONGEST ||
	    mprotect(pages + page, page, PROT_NONE)) {
		perror("mmap");
		return -1;
	}
	page_end = pages + page;
	if (expected_read(&expected))
		return -1;
	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		const struct expected_row *row = expected_row(&expected, outcome);

		dropped[outcome] = row && !strcmp(row->action, "drop");
	}
	return kernels_load(path);
}

/* Which slot grew, if not that of @told? */
static bool blame(const struct kernel *kernel, __u32 told, char text[256])
{
	char native[64], other[64];
	struct fw_count now;

	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		if (kernel_read_slot(kernel, outcome, &now) || outcome == told ||
		    !memcmp(&now, &kernel->counted[outcome], sizeof(now)))
			continue;
		snprintf(text, 256, "native: %s; the kernel%s: %s", outcome_print(told, native),
			 kernel->name, outcome_print(outcome, other));
		return false;
	}
	snprintf(text, 256, "%s in the kernel%s: verdict, packets, bytes or dropped are wrong",
		 outcome_print(told, native), kernel->name);
	return false;
}

bool agree(struct kernel *kernel, const __u8 *data, size_t length, char text[256])
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = data, .data_size_in = (__u32)length,
		    .repeat = 1);
	const struct fw_packet packet = {
		.data = memcpy(page_end - length, data, length),
		.length = length,
		.tunnels = (int)kernel->switches.tunnels,
	};
	__u32 outcome = fw_parse(&packet);
	struct fw_count *counted = &kernel->counted[outcome];
	struct fw_count now;
	int err;

	err = bpf_prog_test_run_opts(kernel->loaded.program, &options);
	if (err) {
		snprintf(text, 256, "test run: %s", strerror(-err));
		return false;
	}
	kernel->frames_run++;
	counted->packets++;
	counted->bytes += length;
	counted->dropped += dropped[outcome];
	if (kernel_read_slot(kernel, outcome, &now) || memcmp(&now, counted, sizeof(now)) ||
	    options.retval != (dropped[outcome] ? XDP_DROP : XDP_PASS))
		return blame(kernel, outcome, text);
	return true;
}

bool agree_sum(const struct kernel *kernel, char text[256])
{
	struct fw_count now;
	char name[64];
	__u64 sum = 0;

	for (__u32 outcome = 0; outcome < FW_OUTCOMES; outcome++) {
		if (kernel_read_slot(kernel, outcome, &now) ||
		    memcmp(&now, &kernel->counted[outcome], sizeof(now))) {
			snprintf(text, 256, "%s%s: %llu packets", outcome_print(outcome, name),
				 kernel->name, now.packets);
			return false;
		}
		sum += now.packets;
	}
	snprintf(text, 256, "%llu packets of %llu frames%s", sum, kernel->frames_run, kernel->name);
	return sum == kernel->frames_run;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The program in the kernel against the native parser (tests/lib/agree.h), over
 * every Ethernet frame of every capture in $CAPTURES, or else in ../shared/captures.
 * What is longer than the kernel takes for a test run is cut there.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agree.h"
#include "capture.h"
#include "linktype.h"

#define MOST_TESTS 1024

static const char *folder;

static void check(const char *path, const struct capture_packet *packet)
{
	size_t length = packet->captured;
	char text[256];

	if (length < KERNEL_SHORTEST)
		return;
	if (length > KERNEL_LONGEST)
		length = KERNEL_LONGEST;
	for (size_t i = 0; i < KERNELS; i++)
		if (!agree(&kernels[i], packet->data, length, text))
			fail_msg("%s, packet %llu: %s", path, packet->number, text);
}

static void test_capture(void **state)
{
	const struct dirent *entry = *state;
	struct capture_packet packet;
	struct capture capture;
	struct source source;
	char path[4096];
	int fd, more;

	snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(source_file(&source, fd), 0);
	assert_int_equal(capture_open(&capture, &source), 0);
	while ((more = capture_next(&capture, &packet)) == 1)
		if (capture.interfaces[packet.interface].link_type == LINKTYPE_ETHERNET)
			check(path, &packet);
	assert_int_equal(more, 0);
	capture_close(&capture);
	source_close(&source);
	close(fd);
}

static void test_sum(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < KERNELS; i++) {
		if (!agree_sum(&kernels[i], text))
			fail_msg("%s", text);
		assert_true(kernels[i].frames_run > 0);
		print_message("# %s\n", text);
	}
}

static int is_capture(const struct dirent *entry)
{
	return strstr(entry->d_name, ".pcap") != NULL;
}

/* test_captures [OBJECT] */
int main(int argc, char **argv)
{
	static struct CMUnitTest tests[MOST_TESTS];
	struct dirent **entries;
	int count, failures;

	folder = getenv("CAPTURES");
	if (!folder)
		folder = "../shared/captures";
	count = scandir(folder, &entries, is_capture, alphasort);
	if (count <= 0) {
		printf("ok 1 - captures # SKIP none in %s (CAPTURES names another folder)\n1..1\n",
		       folder);
		return 0;
	}
	if (count >= MOST_TESTS || agree_prepare(argc > 1 ? argv[1] : "build/flagwall.bpf.o"))
		return 1;
	for (int i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ .name = entries[i]->d_name,
						.test_func = test_capture,
						.initial_state = entries[i] };
	tests[count] =
		(struct CMUnitTest){ .name = "each grew one slot by one", .test_func = test_sum };
	failures = _cmocka_run_group_tests("captures", tests, (size_t)count + 1, NULL, NULL);
	kernels_close();
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	return failures;
}

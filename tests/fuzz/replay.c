// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A fuzz target over its corpus, without libFuzzer: each file of corpus/NAME, at
 * its exact length on the heap. Speaks TAP. NAME comes from the build; another
 * folder, or one file, may be given.
 */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define QUOTE_(name) #name
#define QUOTE(name) QUOTE_(name)

/* Weak: not every target prepares something. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* If it fails, this is the last that is heard: which file it was. */
static int replay_file(const char *path)
{
	struct stat status;
	FILE *file = fopen(path, "re");
	uint8_t *data;

	if (!file || fstat(fileno(file), &status)) {
		printf("not ok - %s cannot be read\n", path);
		return -1;
	}
	data = malloc((size_t)status.st_size);
	if ((!data && status.st_size) ||
	    fread(data, 1, (size_t)status.st_size, file) != (size_t)status.st_size) {
		printf("not ok - %s cannot be read\n", path);
		return -1;
	}
	fclose(file);
	dprintf(1, "# %s\n", path);
	LLVMFuzzerTestOneInput(data, (size_t)status.st_size);
	free(data);
	return 0;
}

static int replay_folder(const char *folder)
{
	struct dirent **names;
	int count = scandir(folder, &names, NULL, alphasort);
	int replayed = 0;

	if (count < 0)
		return replay_file(folder) ? -1 : 1;
	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (names[i]->d_name[0] != '.') {
			if (replay_file(path))
				return -1;
			replayed++;
		}
		free(names[i]);
	}
	free(names);
	return replayed;
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "tests/fuzz/corpus/" QUOTE(NAME);
	int count;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (LLVMFuzzerInitialize(&argc, &argv))
		return 1;
	count = replay_folder(folder);
	dprintf(1, "%s 1 - %s: %d inputs\n1..1\n", count > 0 ? "ok" : "not ok", QUOTE(NAME), count);
	return count > 0 ? 0 : 1;
}

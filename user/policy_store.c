// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "policy_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "embedded.h"
#include "report.h"

#define SUFFIX ".policy"
#define BUILT_IN "built in"
#define FILE_MOST (64 << 20) /* bytes: a million exceptions */

static const char *const folders[] = { "/etc/flagwall/policies", SHARE_POLICIES };

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

static bool is_path(const char *name)
{
	size_t length = strlen(name), suffix = strlen(SUFFIX);

	return strchr(name, '/') || (length > suffix && !strcmp(name + length - suffix, SUFFIX));
}

/* The whole of a file. Returns 0 or -errno in silence; the caller frees *@text. */
static int read_file(const char *path, char **text, size_t *length)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	_cleanup_free_ char *buffer = NULL;
	size_t used = 0;
	ssize_t count;

	if (fd < 0)
		return -errno;
	buffer = malloc(FILE_MOST + 1);
	if (!buffer)
		return -ENOMEM;
	while (used <= FILE_MOST && (count = read(fd, buffer + used, FILE_MOST + 1 - used)) != 0) {
		if (count < 0 && errno != EINTR)
			return -errno;
		used += count > 0 ? (size_t)count : 0;
	}
	if (used > FILE_MOST)
		return -EFBIG;
	*length = used;
	*text = take_ptr(buffer);
	return 0;
}

static int read_embedded(const char *name, char **text, size_t *length)
{
	for (size_t i = 0; i < embedded_policy_count; i++) {
		const struct embedded_policy *policy = &embedded_policies[i];

		if (strcmp(policy->name, name) != 0)
			continue;
		*length = embedded_size(&policy->file);
		*text = malloc(*length + 1);
		if (!*text)
			return -ENOMEM;
		memcpy(*text, policy->file.start, *length);
		return 0;
	}
	return -ENOENT;
}

/*
 * The text of the policy called @name. Writes into @place where it was found.
 * Returns 0 or -errno in silence.
 */
static int find_text(const char *name, char place[PATH_MAX], char **text, size_t *length)
{
	/* A name is no way out of the folders. */
	if (!*name || strchr(name, '/'))
		return -ENOENT;
	for (size_t i = 0; i < FOLDERS; i++) {
		int err;

		snprintf(place, PATH_MAX, "%s/%s" SUFFIX, folders[i], name);
		err = read_file(place, text, length);
		if (err != -ENOENT && err != -ENOTDIR)
			return err;
	}
	snprintf(place, PATH_MAX, BUILT_IN);
	return read_embedded(name, text, length);
}

static int include(const char *name, char **text, size_t *length)
{
	char place[PATH_MAX];

	return find_text(name, place, text, length);
}

static int refuse(const char *where, const struct policy_error *error, int err)
{
	if (err == -ENOMEM)
		return fail(ENOMEM, "%s: no memory for the policy", where);
	return fail(-err, "%s:%u:%u: %s", error->file[0] ? error->file : where, error->line,
		    error->column, error->message);
}

/* The name of a policy in a file is the file's, without folder and suffix. */
static void name_of(const char *path, char name[POLICY_NAME])
{
	const char *slash = strrchr(path, '/');
	size_t length;

	path = slash ? slash + 1 : path;
	length = strlen(path);
	if (is_path(path))
		length -= strlen(SUFFIX);
	snprintf(name, POLICY_NAME, "%.*s", (int)length, path);
}

int policy_load(const char *name, struct policy *policy)
{
	_cleanup_free_ char *text = NULL;
	struct policy_error error = {};
	char own_name[POLICY_NAME];
	char place[PATH_MAX];
	size_t length = 0;
	int err;

	if (is_path(name)) {
		snprintf(place, sizeof(place), "%s", name);
		err = read_file(name, &text, &length);
	} else {
		err = find_text(name, place, &text, &length);
	}
	if (err == -ENOENT && !is_path(name))
		return fail(
			ENOENT,
			"no policy '%s': 'flagwall policy list' lists them; a file is named by its path",
			name);
	if (err == -EFBIG)
		return fail(EFBIG, "%s is longer than %d MiB: that is no policy", place,
			    FILE_MOST >> 20);
	if (err)
		return fail(-err, "cannot read %s: %s", place, strerror(-err));
	name_of(name, own_name);
	err = policy_parse_with(own_name, text, length, include, policy, &error);
	return err ? refuse(strcmp(place, BUILT_IN) != 0 ? place : name, &error, err) : 0;
}

int policy_in_force(const struct fw_config *state, struct policy *policy)
{
	char name[sizeof(state->policy) + 1] = "";
	struct policy_error error = {};
	int err;

	memcpy(name, state->policy, sizeof(state->policy));
	err = policy_parse(name, state->text, strnlen(state->text, sizeof(state->text)), policy,
			   &error);
	return err ? refuse("the policy that the kernel keeps", &error, err) : 0;
}

int policy_embedded(const char *name, struct policy *policy)
{
	for (size_t i = 0; i < embedded_policy_count; i++)
		if (!strcmp(embedded_policies[i].name, name))
			return policy_built_in(i, policy);
	return fail(ENOENT, "no policy '%s' inside this program: build it again", name);
}

int policy_built_in(size_t index, struct policy *policy)
{
	const struct embedded_policy *entry = &embedded_policies[index];
	struct policy_error error = {};
	int err;

	if (index >= embedded_policy_count)
		return -ENOENT;
	err = policy_parse_with(entry->name, entry->file.start, embedded_size(&entry->file),
				include, policy, &error);
	return err ? refuse(entry->name, &error, err) : 0;
}

/* --- listing --- */

struct list {
	struct policy_entry *entries; /* owned */
	int count;
};

/* The first place that has a name is the one that counts. */
static int list_add(struct list *list, const char *name, const char *place)
{
	struct policy_entry *grown;

	for (int i = 0; i < list->count; i++)
		if (!strcmp(list->entries[i].name, name))
			return 0;
	grown = reallocarray(list->entries, (size_t)list->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->entries = grown;
	snprintf(grown[list->count].name, sizeof(grown->name), "%s", name);
	snprintf(grown[list->count].place, sizeof(grown->place), "%s", place);
	list->count++;
	return 0;
}

static int list_folder(struct list *list, const char *folder)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int err = 0;

	while (directory && !err && (entry = readdir(directory))) {
		char name[POLICY_NAME], place[256];

		if (entry->d_name[0] == '.' || !is_path(entry->d_name))
			continue;
		name_of(entry->d_name, name);
		if ((size_t)snprintf(place, sizeof(place), "%s/%s", folder, entry->d_name) <
		    sizeof(place))
			err = list_add(list, name, place);
	}
	if (directory)
		closedir(directory);
	return err;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct policy_entry *)a)->name,
		      ((const struct policy_entry *)b)->name);
}

int policy_entries(struct policy_entry **entries)
{
	struct list list = {};
	int err = 0;

	for (size_t i = 0; i < FOLDERS && !err; i++)
		err = list_folder(&list, folders[i]);
	for (size_t i = 0; i < embedded_policy_count && !err; i++)
		err = list_add(&list, embedded_policies[i].name, BUILT_IN);
	if (err) {
		free(list.entries);
		return fail(-err, "no memory for the list of policies");
	}
	if (list.entries)
		qsort(list.entries, (size_t)list.count, sizeof(*list.entries), by_name);
	*entries = list.entries;
	return list.count;
}

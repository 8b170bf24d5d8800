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
#include "text.h"

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

/* The texts that are being read, one including the next. */
struct chain {
	struct policy_includes includes;
	char places[POLICY_INCLUDES_MOST + 1][PATH_MAX];
};

static bool is_read(const struct chain *chain, unsigned int count, const char *place)
{
	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(chain->places[i], place))
			return true;
	return false;
}

/*
 * The text of the policy called @name, the @count-th of @chain: the first that is
 * not being read already, so that a site's "default" may include that one which it
 * takes the place of. Notes its place. Returns 0 or -errno in silence.
 */
static int find_text(struct chain *chain, unsigned int count, const char *name, char **text,
		     size_t *length)
{
	char *place = chain->places[count];
	bool loop = false;
	int err;

	/* A name is no way out of the folders. */
	if (!*name || strchr(name, '/'))
		return -ENOENT;
	for (size_t i = 0; i < FOLDERS; i++) {
		snprintf(place, PATH_MAX, "%s/%s" SUFFIX, folders[i], name);
		if (is_read(chain, count, place)) {
			loop = true;
			continue;
		}
		err = read_file(place, text, length);
		if (err != -ENOENT && err != -ENOTDIR)
			return err;
	}
	snprintf(place, PATH_MAX, BUILT_IN " %s", name);
	if (is_read(chain, count, place))
		return -ELOOP;
	err = read_embedded(name, text, length);
	return err == -ENOENT && loop ? -ELOOP : err;
}

static int find_include(struct policy_includes *includes, unsigned int depth, const char *name,
			char **text, size_t *length)
{
	/* The chain's first member. */
	return find_text((struct chain *)includes, depth + 1, name, text, length);
}

static int refuse(const struct chain *chain, const struct policy_error *error, int err)
{
	const char *place = chain->places[error->depth];

	if (err == -ENOMEM)
		return fail(ENOMEM, "%s: no memory for the policy", chain->places[0]);
	if (!error->depth)
		return fail(-err, "%s:%u:%u: %s", place, error->line, error->column, error->message);
	return fail(-err, "%s:%u:%u: %s (included by %s)", place, error->line, error->column,
		    error->message, chain->places[error->depth - 1]);
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
	text_printable(name);
}

/* Where a file is, to know it again when it is included. */
static void find_place(const char *path, char place[PATH_MAX])
{
	if (!realpath(path, place))
		snprintf(place, PATH_MAX, "%s", path);
}

int policy_load(const char *name, struct policy *policy)
{
	struct chain chain = { .includes.find = find_include };
	_cleanup_free_ char *text = NULL;
	struct policy_error error = {};
	char own_name[POLICY_NAME];
	size_t length = 0;
	int err;

	if (is_path(name)) {
		find_place(name, chain.places[0]);
		err = read_file(name, &text, &length);
	} else {
		err = find_text(&chain, 0, name, &text, &length);
	}
	if (err == -ENOENT && !is_path(name))
		return fail(
			ENOENT,
			"no policy '%s': 'flagwall policy list' lists them; a file is named by its path",
			name);
	if (err == -EFBIG)
		return fail(EFBIG, "%s is longer than %d MiB: that is not a policy",
			    chain.places[0], FILE_MOST >> 20);
	if (err)
		return fail(-err, "cannot read %s: %s", chain.places[0], strerror(-err));
	name_of(name, own_name);
	err = policy_parse_with(own_name, text, length, &chain.includes, policy, &error);
	return err ? refuse(&chain, &error, err) : 0;
}

int policy_in_force(const struct fw_config *state, struct policy *policy)
{
	struct chain chain = { .places[0] = "the policy that the kernel keeps" };
	char name[sizeof(state->policy) + 1] = "";
	struct policy_error error = {};
	int err;

	memcpy(name, state->policy, sizeof(state->policy));
	err = policy_parse(name, state->text, strnlen(state->text, sizeof(state->text)), policy,
			   &error);
	return err ? refuse(&chain, &error, err) : 0;
}

int policy_built_in(size_t index, struct policy *policy)
{
	const struct embedded_policy *entry = &embedded_policies[index];
	struct chain chain = { .includes.find = find_include };
	struct policy_error error = {};
	int err;

	if (index >= embedded_policy_count)
		return -ENOENT;
	snprintf(chain.places[0], PATH_MAX, BUILT_IN " %s", entry->name);
	err = policy_parse_with(entry->name, entry->file.start, embedded_size(&entry->file),
				&chain.includes, policy, &error);
	return err ? refuse(&chain, &error, err) : 0;
}

/* --- listing --- */

struct list {
	struct policy_entry *entries; /* owned */
	int count;
};

/* What follows @key in a comment line of the @length bytes at @line; or nothing. */
static bool take_note(const char *line, size_t length, const char *key, char *note, size_t size)
{
	size_t before = strlen(key);

	if (length < before || strncasecmp(line, key, before) != 0)
		return false;
	snprintf(note, size, "%.*s", (int)(length - before), line + before);
	text_printable(note);
	return true;
}

/* The comment that a policy begins with says where it is from. */
static void read_notes(struct policy_entry *entry, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end && *text == '#') {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((stop ? stop : end) - text);

		if (!take_note(text, size, "# source: ", entry->source, sizeof(entry->source)) &&
		    !take_note(text, size, "# from: ", entry->source, sizeof(entry->source)))
			take_note(text, size, "# verified: ", entry->verified,
				  sizeof(entry->verified));
		text += size + 1;
	}
}

/* The first place that has a name is the one that counts. */
static int list_add(struct list *list, const char *name, const char *place, const char *text,
		    size_t length)
{
	struct policy_entry *grown;

	for (int i = 0; i < list->count; i++)
		if (!strcmp(list->entries[i].name, name))
			return 0;
	grown = reallocarray(list->entries, (size_t)list->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->entries = grown;
	grown += list->count++;
	*grown = (struct policy_entry){};
	snprintf(grown->name, sizeof(grown->name), "%s", name);
	snprintf(grown->place, sizeof(grown->place), "%s", place);
	read_notes(grown, text, length);
	return 0;
}

static int list_folder(struct list *list, const char *folder)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int err = 0;

	while (directory && !err && (entry = readdir(directory))) {
		_cleanup_free_ char *text = NULL;
		char name[POLICY_NAME], place[256];
		size_t length = 0;

		if (entry->d_name[0] == '.' || !is_path(entry->d_name))
			continue;
		name_of(entry->d_name, name);
		if ((size_t)snprintf(place, sizeof(place), "%s/%s", folder, entry->d_name) >=
		    sizeof(place))
			continue;
		/* One that cannot be read is listed: to find that out is for 'check'. */
		read_file(place, &text, &length);
		err = list_add(list, name, text_printable(place), text, length);
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
		err = list_add(&list, embedded_policies[i].name, BUILT_IN,
			       embedded_policies[i].file.start,
			       embedded_size(&embedded_policies[i].file));
	if (err) {
		free(list.entries);
		return fail(-err, "no memory for the list of policies");
	}
	if (list.entries)
		qsort(list.entries, (size_t)list.count, sizeof(*list.entries), by_name);
	*entries = list.entries;
	return list.count;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "iptables_load.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "cleanup.h"
#include "report.h"
#include "tool.h"

#define FAMILIES 2
#define OUR_JUMP "--comment flagwall -j "

/* What is in force of one family, and what is to be done. */
struct table {
	char save[32], restore[32]; /* programs */
	char *text;                 /* owned: of iptables-save */
	char *change;               /* owned: for iptables-restore; NULL: nothing */
};

static void tables_release(struct table (*tables)[FAMILIES])
{
	for (int i = 0; i < FAMILIES; i++) {
		free((*tables)[i].text);
		free((*tables)[i].change);
	}
}

static int read_table(struct table *table, int family, enum iptables_backend backend)
{
	const char *const save[] = { table->save, "-t", "raw", NULL };

	snprintf(table->save, sizeof(table->save), "ip%stables%s-save", family ? "6" : "",
		 iptables_suffix(backend));
	snprintf(table->restore, sizeof(table->restore), "ip%stables%s-restore", family ? "6" : "",
		 iptables_suffix(backend));
	return tool_run(save, NULL, &table->text);
}

static bool begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/* Is @word what stands before @end, behind a blank? */
static bool is_last_word(const char *end, const char *word)
{
	size_t length = strlen(word);

	return end[-(ptrdiff_t)length - 1] == ' ' && !strncmp(end - length, word, length);
}

/* Does this rule go to one of our chains, and not to another whose name begins like it? */
static bool goes_there(const char *line)
{
	const char *at = strstr(line, " -j " IPTABLES_CHAIN) ?: strstr(line, " -g " IPTABLES_CHAIN);

	if (!at)
		return false;
	at += strlen(" -j ");
	at += strcspn(at, " ");
	return is_last_word(at, IPTABLES_CHAIN) || is_last_word(at, IPTABLES_FLAGS);
}

/*
 * Write the deletion of the jump in this line of iptables-save, if it is one of ours.
 * Rules of others in the chain, and jumps to it, are not: -EEXIST.
 */
static int take_line(FILE *change, const struct table *table, const char *line, bool remove)
{
	bool inside = iptables_rule_is_inside(line);

	if (inside && !iptables_rule_is_ours(line))
		return fail(EEXIST,
			    "%s: in chain " IPTABLES_CHAIN
			    " of table raw is a rule that is not of flagwall: "
			    "'%s'; move it to another chain",
			    table->save, line);
	if (inside || !begins(line, "-A ") || !goes_there(line))
		return 0;
	if (begins(line, "-A PREROUTING ") && strstr(line, OUR_JUMP))
		fprintf(change, "-D %s\n", line + strlen("-A "));
	else if (remove)
		return fail(EEXIST,
			    "%s: a rule that is not of flagwall needs chain " IPTABLES_CHAIN
			    ": '%s'; take it out first",
			    table->save, line);
	return 0;
}

/* The change that leads from what is in force to @request, or to nothing of it if NULL. */
static int write_change(FILE *change, const struct table *table,
			const struct iptables_request *request, bool *needed)
{
	_cleanup_free_ char *lines = strdup(table->text);
	char *rest = NULL;

	if (!lines)
		return fail(ENOMEM, "no memory for what %s says", table->save);
	*needed = request;
	/* This makes both chains, or empties them. */
	fputs("*raw\n:" IPTABLES_CHAIN " - [0:0]\n:" IPTABLES_FLAGS " - [0:0]\n", change);
	for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		int err = take_line(change, table, line, !request);

		if (err)
			return err;
		*needed |= begins(line, ":" IPTABLES_CHAIN " ") ||
			   begins(line, ":" IPTABLES_FLAGS " ");
	}
	if (request) {
		iptables_print_jumps(change, request, "-I");
		iptables_print_chains(change, request);
		if (request->pin)
			fputs("-X " IPTABLES_FLAGS "\n", change);
	} else {
		fputs("-X " IPTABLES_CHAIN "\n-X " IPTABLES_FLAGS "\n", change);
	}
	fputs("COMMIT\n", change);
	return 0;
}

static int plan(struct table *table, const struct iptables_request *request)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	bool needed = false;
	int err;

	if (!stream)
		return fail(ENOMEM, "no memory for the rules");
	err = write_change(stream, table, request, &needed);
	if (fclose(stream) && !err)
		err = fail(ENOMEM, "no memory for the rules");
	if (!err && needed)
		table->change = take_ptr(text);
	return err;
}

static int restore(const struct table *table, const char *how)
{
	const char *const command[] = { table->restore, "--noflush", "-w", "5", how, NULL };

	return table->change ? tool_run(command, table->change, NULL) : 0;
}

static int change(const struct iptables_request *request, enum iptables_backend backend)
{
	_cleanup_(tables_release) struct table tables[FAMILIES] = {};
	int err = 0;

	for (int i = 0; i < FAMILIES && !err; i++)
		err = read_table(&tables[i], i, backend) ?: plan(&tables[i], request);
	for (int i = 0; i < FAMILIES && !err; i++)
		err = restore(&tables[i], "--test");
	for (int i = 0; i < FAMILIES && !err; i++)
		err = restore(&tables[i], NULL);
	return err;
}

int iptables_install(const struct iptables_request *request, enum iptables_backend backend)
{
	return change(request, backend);
}

int iptables_remove(enum iptables_backend backend)
{
	return change(NULL, backend);
}

const char *iptables_suffix(enum iptables_backend backend)
{
	static const char *const suffixes[] = {
		[IPTABLES_LEGACY] = "-legacy",
		[IPTABLES_NFT] = "-nft",
		[IPTABLES_DEFAULT] = "",
	};

	return suffixes[backend];
}

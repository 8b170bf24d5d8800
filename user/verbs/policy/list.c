// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>

#include "cleanup.h"
#include "json.h"
#include "policy_store.h"
#include "report.h"
#include "verbs.h"

static json_t *entry_json(const struct policy_entry *entry)
{
	const struct json_member members[] = {
		{ "name", json_text(entry->name) },
		{ "place", json_text(entry->place) },
		{ "source", json_text(*entry->source ? entry->source : NULL) },
		{ "verified", json_text(*entry->verified ? entry->verified : NULL) },
		{},
	};

	return json_members(json_object(), members);
}

static int print_json(const struct policy_entry *entries, int count)
{
	json_t *array = json_array();
	const struct json_member members[] = { { "policies", array }, {} };

	for (int i = 0; i < count; i++)
		json_array_append_new(array, entry_json(&entries[i]));
	return json_emit(json_members(json_document(), members));
}

static int run(const struct invocation *invocation)
{
	_cleanup_free_ struct policy_entry *entries = NULL;
	int count = policy_entries(&entries);

	if (count < 0)
		return count;
	if (invocation->given[OPTION_JSON])
		return print_json(entries, count);
	printf("%-20s  %-8s  %-8s  %s\n", "POLICY", "VERIFIED", "PLACE", "FROM");
	for (int i = 0; i < count; i++)
		printf("%-20s  %-8s  %-8s  %s\n", entries[i].name,
		       *entries[i].verified ? entries[i].verified : "-", entries[i].place,
		       entries[i].source);
	return 0;
}

const struct verb verb_policy_list = {
	.name = "policy list",
	.arguments = "",
	.summary = "The policies that have names, and where they come from",
	.details =
		"VERIFIED by the kernel: it decides as the real thing does, which a test loads. The others\n"
		"follow a document or a source text of the date given: they are there for comparison.\n",
	.options = OPTION_SET(OPTION_JSON),
	.most = 0,
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "iptables_use.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "iptables.h"
#include "report.h"
#include "tool.h"

/* In what @program lists, @text. Returns 1 with *@rule, 0, or -ENOMEM in silence. */
static int find(const char *program, char *text, const char *pin, bool others, char **rule)
{
	bool raw = false;
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (line[0] == '*')
			raw = !strcmp(line, "*raw");
		if (!iptables_rule_names(line, pin) ||
		    (others && raw && iptables_rule_is_ours(line)))
			continue;
		return asprintf(rule, "%s: %s", program, line) < 0 ? -ENOMEM : 1;
	}
	return 0;
}

int iptables_find_use(const char *pin, bool others, char **rule)
{
	static const char *const programs[] = {
		"iptables-save",         "ip6tables-save",    "iptables-legacy-save",
		"ip6tables-legacy-save", "iptables-nft-save", "ip6tables-nft-save",
	};

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		const char *const command[] = { programs[i], NULL };
		_cleanup_free_ char *text = NULL;
		int found;

		/* A kind that this machine or kernel has not lists nothing. */
		if (tool_ask(command, &text))
			continue;
		found = find(programs[i], text, pin, others, rule);
		if (found < 0)
			return fail(-found, "no memory for what %s says", programs[i]);
		if (found)
			return 1;
	}
	return 0;
}

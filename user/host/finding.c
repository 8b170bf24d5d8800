// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "finding.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "text.h"

struct finding *finding_add(struct findings *findings, const char *name, enum finding_state state,
			    const char *format, ...)
{
	struct finding *finding = &findings->list[findings->count];
	va_list arguments;

	assert(findings->count < FINDINGS_MOST);
	findings->count++;
	*finding = (struct finding){ .name = name, .state = state };
	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
	/* Names of devices and drivers come from outside. */
	text_printable(finding->text);
	return finding;
}

void finding_fix(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->fix, sizeof(finding->fix), format, arguments);
	va_end(arguments);
	text_printable(finding->fix);
}

enum finding_state findings_worst(const struct findings *findings)
{
	enum finding_state worst = FINDING_OK;

	for (size_t i = 0; i < findings->count; i++)
		if (findings->list[i].state > worst)
			worst = findings->list[i].state;
	return worst;
}

const char *finding_state_name(enum finding_state state)
{
	static const char *const names[] = {
		[FINDING_OK] = "ok",
		[FINDING_WARN] = "warn",
		[FINDING_BAD] = "bad",
	};

	return names[state];
}

void findings_text(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];

		printf("  %-4s  %-8s  %s\n", finding_state_name(finding->state), finding->name,
		       finding->text);
		if (finding->fix[0])
			printf("                  # %s\n", finding->fix);
	}
}

json_t *findings_json(const struct findings *findings)
{
	json_t *array = json_array();

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];
		const struct json_member members[] = {
			{ "name", json_string(finding->name) },
			{ "state", json_string(finding_state_name(finding->state)) },
			{ "text", json_text(finding->text) },
			{ "fix", json_text(finding->fix[0] ? finding->fix : NULL) },
			{},
		};

		if (json_array_append_new(array, json_members(json_object(), members))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

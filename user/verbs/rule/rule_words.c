// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "rule_words.h"

#include <stdio.h>
#include <string.h>

#include "reason.h"
#include "report.h"

int rule_devices(const struct invocation *invocation, const char *language,
		 bool (*valid)(const char *name), const char *otherwise)
{
	char *const *devices = invocation->argv;

	for (int i = 0; i < invocation->argc; i++) {
		if (!valid(devices[i]))
			return fail(FW_EUSAGE, "rule %s: '%s' cannot be an interface in %s",
				    language, devices[i], otherwise);
		for (int j = 0; j < i; j++)
			if (!strcmp(devices[i], devices[j]))
				return fail(FW_EUSAGE, "rule %s: '%s' is named twice", language,
					    devices[i]);
	}
	return 0;
}

json_t *rule_devices_json(char *const *devices, int count)
{
	json_t *array = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(array, json_string(devices[i]));
	return array;
}

const char *rule_reasons(const bool reasons[FW_REASON_COUNT], char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < FW_REASON_COUNT && used < size; i++)
		if (reasons[i])
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
						 reason_texts[i].name);
	return text;
}

json_t *rule_reasons_json(const bool reasons[FW_REASON_COUNT])
{
	json_t *array = json_array();

	for (size_t i = 0; i < FW_REASON_COUNT; i++)
		if (reasons[i])
			json_array_append_new(array, json_string(reason_texts[i].name));
	return array;
}

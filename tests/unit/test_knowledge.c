// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Something is known about every combination, and no entry is in vain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "flagwall/signature.h"
#include "knowledge.h"
#include "match.h"

#define MOST_ENTRIES 64

static void check_entry(const struct knowledge *entry, unsigned int allowed)
{
	struct match match;
	struct text_error error;

	assert_int_equal(match_parse(entry->match, strlen(entry->match), &match, &error), 0);
	assert_int_equal((match.set | match.clear) & ~allowed, 0);
	assert_non_null(entry->description);
	assert_int_equal(entry->description[strlen(entry->description) - 1], '.');
	assert_non_null(entry->sources[0]);
	assert_non_null(entry->senders);
	assert_non_null(entry->tools);
}

static void knowledge_covers_everything(void **state)
{
	bool used[MOST_ENTRIES] = {};

	(void)state;
	assert_in_range(knowledge_count, 1, MOST_ENTRIES);
	for (size_t i = 0; i < knowledge_count; i++)
		check_entry(&knowledge_table[i], FW_CONTROL);
	for (unsigned int signature = 0; signature < FW_SIGNATURES; signature++) {
		const struct knowledge *entry = knowledge_find(signature);

		assert_non_null(entry);
		assert_ptr_equal(entry, knowledge_find(signature & FW_CONTROL));
		used[entry - knowledge_table] = true;
	}
	for (size_t i = 0; i < knowledge_count; i++)
		if (!used[i])
			fail_msg("never reached: %s", knowledge_table[i].match);
}

static void modifiers_explain_every_bit(void **state)
{
	(void)state;
	for (size_t i = 0; i < knowledge_modifier_count; i++)
		check_entry(&knowledge_modifiers[i], FW_FLAGS | FW_RSV);
	for (unsigned int signature = 0; signature < FW_DATA; signature++) {
		unsigned int found = 0;

		for (size_t i = 0; i < knowledge_modifier_count; i++)
			found += knowledge_holds(&knowledge_modifiers[i], signature);
		assert_int_equal(found > 0, (signature & ~(unsigned int)FW_CONTROL) > 0);
		/* On a SYN the three ECN bits are one question, and have one answer. */
		if (signature & FW_SYN)
			assert_in_range(found, 0, signature & FW_RSV ? 2 : 1);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(knowledge_covers_everything),
		cmocka_unit_test(modifiers_explain_every_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

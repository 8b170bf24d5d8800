// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "nft_except.h"

#define EVERYTHING FW_CLASSES /* the set of those that are excepted from everything */
#define FAMILIES 2
#define DIRECTIONS 2

static bool belongs(const struct exception *exception, unsigned int class)
{
	if (class == EVERYTHING || exception_everything(exception))
		return class == EVERYTHING && exception_everything(exception);
	return exception_holds(exception, class);
}

static bool is_in(const struct exception *exception, unsigned int set, unsigned int class)
{
	return exception->direction == (set & 1 ? FW_TO : FW_FROM) &&
	       exception->family == (set & 2 ? 6 : 4) && belongs(exception, class);
}

static bool has_any(const struct policy *policy, unsigned int set, unsigned int class)
{
	for (size_t i = 0; i < policy->exception_count; i++)
		if (is_in(&policy->exceptions[i], set, class))
			return true;
	return false;
}

static const char *name_of(const struct policy *policy, unsigned int set, unsigned int class,
			   char text[PATTERN_NAME + 32])
{
	snprintf(text, PATTERN_NAME + 32, "except-%s%s%s%s", set & 1 ? "to" : "from",
		 set & 2 ? "6" : "4", class == EVERYTHING ? "" : "-",
		 class == EVERYTHING ? "" : policy_class_name(policy, class));
	return text;
}

static void print_set(FILE *file, const struct policy *policy, unsigned int set, unsigned int class)
{
	char name[PATTERN_NAME + 32], prefix[PREFIX_TEXT];

	fprintf(file,
		"\tset %s {\n\t\ttype ipv%s_addr\n\t\tflags interval\n\t\tauto-merge\n"
		"\t\telements = {\n",
		name_of(policy, set, class, name), set & 2 ? "6" : "4");
	for (size_t i = 0; i < policy->exception_count; i++)
		if (is_in(&policy->exceptions[i], set, class))
			fprintf(file, "\t\t\t%s,\n",
				exception_print(&policy->exceptions[i], prefix));
	fputs("\t\t}\n\t}\n", file);
}

void nft_except_sets(FILE *file, const struct policy *policy)
{
	for (unsigned int class = 0; class <= EVERYTHING; class ++)
		for (unsigned int set = 0; set < FAMILIES * DIRECTIONS; set++)
			if (has_any(policy, set, class))
				print_set(file, policy, set, class);
}

static void print_rules(FILE *file, const struct policy *policy, unsigned int class)
{
	char name[PATTERN_NAME + 32];

	for (unsigned int set = 0; set < FAMILIES * DIRECTIONS; set++)
		if (has_any(policy, set, class))
			fprintf(file, "\t\tip%s %caddr @%s counter name \"excepted\" accept\n",
				set & 2 ? "6" : "", set & 1 ? 'd' : 's',
				name_of(policy, set, class, name));
}

void nft_except_rules(FILE *file, const struct policy *policy, unsigned int class)
{
	print_rules(file, policy, EVERYTHING);
	print_rules(file, policy, class);
}

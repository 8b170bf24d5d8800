// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "notation.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "notation_words.h"

#define FLAGS_FORMS "write SYN,FIN or SF or 0x03, or 'none' for no flag at all"
#define NEGATED "it holds all but a few combinations: ask for the same without !"

/* nft and iptables look at byte 13 of the header, iptables' --syn at four flags. */
#define NFT_BYTE 0x0ff
#define IPTABLES_SYN (FW_FIN | FW_SYN | FW_RST | FW_ACK)

/* Go behind @first and @second, or stay. */
static bool accept_words(struct reader *reader, const char *first, const char *second)
{
	const char *at = reader->at;

	if (reader_accept_word(reader, first) && reader_accept_word(reader, second))
		return true;
	reader->at = at;
	return false;
}

/*
 * tshark's tcp.flags.str: twelve places, each its letter or a middle dot, or
 * the dot or star that older versions print; N is what AE was called before.
 * Where it knows that Accurate ECN is spoken, AE, CWR and ECE are a number: -7-.
 */
static bool read_tshark(struct reader *reader, struct notation *notation)
{
	static const char places[] = "RRRACEUAPRSF";
	const char *at = reader->at;
	unsigned int value = 0;

	for (unsigned int place = 0; place < 12; place++) {
		unsigned int bit = 0x800U >> place;

		if (at == reader->end)
			return false;
		if (bit == FW_AE && reader->end - at >= 3 && at[0] == '-' && at[2] == '-' &&
		    at[1] >= '0' && at[1] <= '7') {
			value |= (unsigned int)(at[1] - '0') * FW_ECE;
			place += 2;
			at += 3;
		} else if (*at == places[place] || (*at == 'N' && bit == FW_AE)) {
			value |= bit > FW_FLAGS ? FW_RSV : bit;
			at++;
		} else if (*at == '.' || *at == '*') {
			at++;
		} else if (reader->end - at >= 2 && !memcmp(at, "\xc2\xb7", 2)) {
			at += 2;
		} else {
			return false;
		}
	}
	if (at < reader->end && !is_blank(*at))
		return false;
	reader->at = at;
	*notation = (struct notation){ value, NOTATION_EXACT };
	return true;
}

/* Behind the bracket: "S.]", "SYN, ACK]", "none]", "<None>]"; a comma may follow. */
static int read_brackets(struct reader *reader, struct notation *notation)
{
	unsigned int value = 0;
	int err;

	if (!reader_accept(reader, "<none>")) {
		err = reader_list(reader, LIST_BRACKETS, &value);
		if (err)
			return err;
	}
	if (!reader_accept(reader, "]"))
		return reader_refuse_rest(reader, "expected ] instead of");
	reader_accept(reader, ",");
	*notation = (struct notation){ value, NOTATION_EXACT };
	return 0;
}

/* MASK COMP, or MASK/COMP if @separator is "/". */
static int read_mask_comp(struct reader *reader, const char *separator, struct notation *notation)
{
	struct notation result = {};
	int err;

	err = reader_list(reader, LIST_ALL, &result.mask);
	if (err)
		return err;
	if (!reader_accept(reader, separator))
		return reader_refuse_rest(reader, "expected / instead of");
	err = reader_list(reader, LIST_ALL, &result.value);
	if (err)
		return err;
	*notation = result;
	return 0;
}

/* [-p tcp] [-m tcp] --tcp-flags MASK COMP, or --syn */
static bool is_iptables(struct reader *reader)
{
	while (accept_words(reader, "-p", "tcp") || accept_words(reader, "-m", "tcp"))
		;
	reader_skip_blanks(reader);
	return reader->at < reader->end && *reader->at == '-';
}

static int read_iptables(struct reader *reader, struct notation *notation)
{
	if (reader_accept_word(reader, "--tcp-flags"))
		return read_mask_comp(reader, "", notation);
	if (!reader_accept_word(reader, "--syn"))
		return reader_refuse_rest(reader, "unknown option");
	*notation = (struct notation){ FW_SYN, IPTABLES_SYN };
	return 0;
}

/* Is it MASK COMP, without --tcp-flags in front? notation.h has the rule. */
static bool is_mask_comp(const struct reader *reader)
{
	size_t words = 0;
	bool telling = false;

	for (const char *at = reader->at; at < reader->end;) {
		const char *word = at;
		size_t length;

		while (at < reader->end && !is_blank(*at))
			at++;
		length = (size_t)(at - word);
		if (word[0] == ',' || at[-1] == ',' || memchr(word, '/', length))
			return false;
		telling = telling || memchr(word, ',', length) ||
			  (length == 3 && !strncasecmp(word, "all", length)) ||
			  (length == 4 && !strncasecmp(word, "none", length));
		words++;
		while (at < reader->end && is_blank(*at))
			at++;
	}
	return words == 2 && telling;
}

/* What stands beside nft's operators: a list, in parentheses or not. */
static int read_operand(struct reader *reader, unsigned int *bits)
{
	bool open = reader_accept(reader, "(");
	int err;

	err = reader_list(reader, 0, bits);
	if (err)
		return err;
	if (open && !reader_accept(reader, ")"))
		return reader_refuse_rest(reader, "expected ) instead of");
	return 0;
}

/* Behind nft's &: "(fin|syn) == fin" */
static int read_nft_masked(struct reader *reader, struct notation *notation)
{
	struct notation result = {};
	const char *mask;
	int err;

	reader_skip_blanks(reader);
	mask = reader->at;
	err = read_operand(reader, &result.mask);
	if (err)
		return err;
	if (*mask != '(' && memchr(mask, '|', (size_t)(reader->at - mask)))
		return reader_refuse(
			reader, mask, (size_t)(reader->at - mask), "not a mask",
			"nft reads & before |, put it in parentheses: & (fin|syn) == fin");
	if (!reader_accept(reader, "=="))
		return reader_refuse_rest(reader, "expected == instead of");
	err = read_operand(reader, &result.value);
	if (err)
		return err;
	*notation = result;
	return 0;
}

/* Behind "tcp flags": "fin,syn / fin,syn", or a list that means any of them. */
static int read_nft_list(struct reader *reader, struct notation *notation)
{
	struct notation result = {};
	const char *list = reader->at;
	int err;

	err = read_operand(reader, &result.value);
	if (err)
		return err;
	if (reader_accept(reader, "/")) {
		err = read_operand(reader, &result.mask);
		if (err)
			return err;
	} else {
		result.mask = result.value;
		if (!result.mask || (result.mask & (result.mask - 1)))
			return reader_refuse(
				reader, list, (size_t)(reader->at - list), "nft takes any of",
				"write '== LIST' for exactly these flags, or 'LIST / MASK'");
	}
	*notation = result;
	return 0;
}

/* Behind nft's "tcp flags". */
static int read_nft(struct reader *reader, struct notation *notation)
{
	struct notation result = {};
	int err;

	if (reader_accept(reader, "&"))
		return read_nft_masked(reader, notation);
	if (reader_accept(reader, "==")) {
		result.mask = NFT_BYTE;
		err = read_operand(reader, &result.value);
	} else if (reader_accept(reader, "!")) {
		err = read_operand(reader, &result.mask); /* none of them */
	} else {
		return read_nft_list(reader, notation);
	}
	if (!err)
		*notation = result;
	return err;
}

/* Our own notation and letters, or nft's VALUE / MASK without "tcp flags". */
static int read_plain(struct reader *reader, struct notation *notation)
{
	struct notation result = { .mask = NOTATION_EXACT };
	int err;

	err = reader_list(reader, LIST_BLANKS, &result.value);
	if (!err && reader_accept(reader, "/"))
		err = reader_list(reader, LIST_BLANKS, &result.mask);
	if (!err)
		*notation = result;
	return err;
}

static int read_text(struct reader *reader, struct notation *notation)
{
	if (read_tshark(reader, notation))
		return 0;
	if (reader_accept(reader, "[") || reader_accept(reader, "flags ["))
		return read_brackets(reader, notation);
	if (reader_accept(reader, "tcp flags:") || reader_accept(reader, "flags:"))
		return read_mask_comp(reader, "/", notation);
	if (accept_words(reader, "tcp", "flags"))
		return read_nft(reader, notation);
	if (is_iptables(reader))
		return read_iptables(reader, notation);
	if (reader->at < reader->end && (*reader->at == '&' || *reader->at == '='))
		return read_nft(reader, notation);
	if (is_mask_comp(reader))
		return read_mask_comp(reader, "", notation);
	return read_plain(reader, notation);
}

/* "! --tcp-flags", "tcp flags:!0x17/0x02", "!=": all but nft's "tcp flags ! syn". */
static bool is_negated(const struct reader *reader)
{
	const char *sign = memchr(reader->at, '!', (size_t)(reader->end - reader->at));
	struct reader before = *reader;

	if (!sign)
		return false;
	if (reader->end - sign > 1 && sign[1] == '=')
		return true;
	before.end = sign;
	if (!accept_words(&before, "tcp", "flags"))
		return true;
	reader_skip_blanks(&before);
	return before.at < sign;
}

int notation_parse(const char *text, size_t length, struct notation *notation,
		   struct text_error *error)
{
	struct reader reader = { .start = text, .at = text, .end = text + length, .error = error };
	struct notation result = {};
	int err;

	while (reader.end > text && is_blank(reader.end[-1]))
		reader.end--;
	reader_skip_blanks(&reader);
	if (reader.at == reader.end)
		return reader_refuse(&reader, text, length, "no flags in", FLAGS_FORMS);
	if (is_negated(&reader))
		return reader_refuse(&reader, text, length, "cannot explain a negated rule",
				     NEGATED);
	err = read_text(&reader, &result);
	if (err)
		return err;
	reader_skip_blanks(&reader);
	if (reader.at < reader.end)
		return reader_refuse_rest(&reader, "too much behind the flags:");
	*notation = result;
	return 0;
}

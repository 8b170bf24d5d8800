// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "notation_words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "flags.h"
#include "flagwall/signature.h"

#define SHOWN 16 /* at most this much of somebody's text goes into a message */

#define FLAGS_VALID                                                                                \
	"valid are syn, fin, rst, psh, ack, urg, ece, cwr, ae, rsv, none, letters (SF), or a number"
#define FORMS_VALID                                                                                \
	"write SYN,FIN or SF or 0x03, or paste the flags as tcpdump, tshark, iptables or nft print them"

struct word {
	const char *text;
	size_t length;
};

/* What a word means. */
struct item {
	unsigned int bits;
	bool alone;  /* a number, none, ALL: nothing may stand beside it */
	size_t more; /* bytes that belong to it behind the word */
};

/* Other names than those of flags.h. */
static const struct {
	const char *name;
	unsigned int bits;
} aliases[] = {
	{ "none", 0 }, { "null", 0 }, { "ecn", FW_ECE }, { "ns", FW_AE }, { "reserved", FW_RSV },
};

static const struct {
	char letter;
	unsigned int bit;
} letters[] = {
	{ 'F', FW_FIN }, { 'S', FW_SYN }, { 'R', FW_RST }, { 'P', FW_PSH },
	{ 'A', FW_ACK }, { '.', FW_ACK }, { 'U', FW_URG }, { 'E', FW_ECE },
	{ 'C', FW_CWR }, { 'W', FW_CWR }, { 'N', FW_AE },  { 'e', FW_AE },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int reader_refuse(struct reader *reader, const char *at, size_t length, const char *what,
		  const char *way_out)
{
	char shown[SHOWN + 1] = "";

	if (length > SHOWN)
		length = SHOWN;
	for (size_t i = 0; i < length; i++)
		shown[i] = (at[i] < ' ' || at[i] > '~') ? '?' : at[i];
	reader->error->column = (size_t)(at - reader->start);
	snprintf(reader->error->message, sizeof(reader->error->message), "%s '%s': %s", what, shown,
		 way_out);
	return -EINVAL;
}

int reader_refuse_rest(struct reader *reader, const char *what)
{
	if (reader->at == reader->end)
		return reader_refuse(reader, reader->start, (size_t)(reader->end - reader->start),
				     "something is missing in", FORMS_VALID);
	return reader_refuse(reader, reader->at, (size_t)(reader->end - reader->at), what,
			     FORMS_VALID);
}

static int refuse_word(struct reader *reader, const struct word *word, const char *what,
		       const char *way_out)
{
	return reader_refuse(reader, word->text, word->length, what, way_out);
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_upper(c) || is_lower(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
}

static bool word_is(const struct word *word, const char *text)
{
	return strlen(text) == word->length && !strncasecmp(word->text, text, word->length);
}

void reader_skip_blanks(struct reader *reader)
{
	while (reader->at < reader->end && is_blank(*reader->at))
		reader->at++;
}

/* The word that comes next; of length 0 if it is something else. */
static struct word peek_word(struct reader *reader)
{
	struct word word;

	reader_skip_blanks(reader);
	word = (struct word){ .text = reader->at };
	while (word.text + word.length < reader->end && is_word(word.text[word.length]))
		word.length++;
	return word;
}

bool reader_accept_word(struct reader *reader, const char *text)
{
	struct word word = peek_word(reader);

	if (!word_is(&word, text))
		return false;
	reader->at += word.length;
	return true;
}

bool reader_accept(struct reader *reader, const char *text)
{
	size_t length = strlen(text);

	reader_skip_blanks(reader);
	if ((size_t)(reader->end - reader->at) < length ||
	    strncasecmp(reader->at, text, length) != 0)
		return false;
	reader->at += length;
	return true;
}

/* The 12 bits as they are on the wire: the reserved ones become one. */
static unsigned int from_wire(unsigned int bits)
{
	return (bits & FW_FLAGS) | (bits > FW_FLAGS ? FW_RSV : 0);
}

static int read_number(struct reader *reader, const struct word *word, struct item *item)
{
	bool hex = word->length > 2 && word->text[0] == '0' && (word->text[1] | 0x20) == 'x';
	unsigned int base = hex ? 16 : 10;
	unsigned int number = 0;

	for (size_t i = hex ? 2 : 0; i < word->length; i++) {
		char c = word->text[i];
		unsigned int digit = is_digit(c) ? (unsigned int)(c - '0') :
						   (unsigned int)((c | 0x20) - 'a') + 10;

		if (digit >= base)
			return refuse_word(reader, word, "not a number",
					   "numbers are decimal, or hexadecimal with 0x");
		number = number * base + digit;
		if (number > 0xfff)
			return refuse_word(reader, word, "number out of range",
					   "flags and reserved bits are 12 bits, 0 to 0xfff");
	}
	*item = (struct item){ .bits = from_wire(number), .alone = true };
	return 0;
}

/* The flag of a letter of tcpdump, tshark or scapy, or 0. */
static unsigned int letter_bit(char letter)
{
	for (size_t i = 0; i < COUNT(letters); i++)
		if (letters[i].letter == letter)
			return letters[i].bit;
	return 0;
}

static int read_letters(struct reader *reader, const struct word *word, bool brackets,
			struct item *item)
{
	bool fold = !brackets;

	*item = (struct item){};
	for (size_t i = 0; i < word->length; i++)
		if (is_upper(word->text[i]) || word->text[i] == '.')
			fold = false;
	for (size_t i = 0; i < word->length; i++) {
		char c = word->text[i];
		unsigned int bit = letter_bit(fold && is_lower(c) ? (char)(c & ~0x20) : c);

		if (!bit)
			return refuse_word(reader, word, "unknown flag", FLAGS_VALID);
		if (item->bits & bit)
			return refuse_word(reader, word, "a flag named twice in",
					   "name each flag once");
		item->bits |= bit;
	}
	return 0;
}

/* What tshark prints of AE, CWR and ECE in a connection with Accurate ECN. */
static bool read_ace(const struct reader *reader, const struct word *word, struct item *item)
{
	const char *behind = word->text + word->length;

	if (!word_is(word, "ace") || reader->end - behind < 2 || *behind != '=')
		return false;
	if (behind[1] < '0' || behind[1] > '7')
		return false;
	*item = (struct item){ .bits = (unsigned int)(behind[1] - '0') * FW_ECE, .more = 2 };
	return true;
}

static int read_item(struct reader *reader, const struct word *word, unsigned int how,
		     struct item *item)
{
	unsigned int bit = flags_bit(word->text, word->length);

	if (is_digit(word->text[0]))
		return read_number(reader, word, item);
	if ((how & LIST_BRACKETS) && read_ace(reader, word, item))
		return 0;
	if (bit == FW_DATA)
		return refuse_word(reader, word, "no flag",
				   "payload does not enter here, leave it out");
	if (bit) {
		*item = (struct item){ .bits = bit };
		return 0;
	}
	for (size_t i = 0; i < COUNT(aliases); i++) {
		if (word_is(word, aliases[i].name)) {
			*item = (struct item){ .bits = aliases[i].bits, .alone = !aliases[i].bits };
			return 0;
		}
	}
	if ((how & LIST_ALL) && word_is(word, "all")) {
		*item = (struct item){ .bits = FW_CONTROL, .alone = true };
		return 0;
	}
	return read_letters(reader, word, how & LIST_BRACKETS, item);
}

/* Flags, with , | or + between. */
int reader_list(struct reader *reader, unsigned int how, unsigned int *bits)
{
	bool alone = false;

	*bits = 0;
	for (size_t count = 0;; count++) {
		struct word word = peek_word(reader);
		struct item item = {};
		int err;

		if (!word.length)
			return reader_refuse_rest(reader, "no flag at");
		err = read_item(reader, &word, how, &item);
		if (err)
			return err;
		if (count && (alone || item.alone))
			return refuse_word(reader, &word, "cannot combine",
					   "a number, none and ALL stand alone");
		if (*bits & item.bits)
			return refuse_word(reader, &word, "flag named twice", "name each flag once");
		*bits |= item.bits;
		alone = item.alone;
		reader->at += word.length + item.more;
		if (reader_accept(reader, ",") || reader_accept(reader, "|") ||
		    reader_accept(reader, "+"))
			continue;
		if (!(how & LIST_BLANKS) || !peek_word(reader).length)
			return 0;
	}
}

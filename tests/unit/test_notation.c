// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every notation that is accepted, and many that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flags.h"
#include "notation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define X NOTATION_EXACT
#define LETTERS 22U
#define DOT "\xc2\xb7" /* tshark's middle dot */

static const struct {
	const char *text;
	unsigned int value;
	unsigned int mask;
} accepted[] = {
	/* our own */
	{ "SYN,FIN", 0x003, X },
	{ "syn,fin", 0x003, X },
	{ "Syn | Fin", 0x003, X },
	{ "SYN+FIN", 0x003, X },
	{ "SYN FIN", 0x003, X },
	{ "SYN ACK", 0x012, X },
	{ "SYN, ACK", 0x012, X },
	{ " \tFIN SYN RST\n", 0x007, X },
	{ "none", 0, X },
	{ "NULL", 0, X },
	{ "ae", 0x100, X },
	{ "NS", 0x100, X },
	{ "ecn", 0x040, X },
	{ "CWR", 0x080, X },
	{ "SYN,RSV", 0x202, X },
	{ "syn,reserved", 0x202, X },
	/* letters */
	{ "SF", 0x003, X },
	{ "sf", 0x003, X },
	{ "S", 0x002, X },
	{ "e", 0x040, X },
	{ "EA", 0x050, X },
	{ "Se", 0x102, X },
	{ "se", 0x042, X },
	{ "SEW", 0x0c2, X },
	{ "SEC", 0x0c2, X },
	{ "FSRPAUEC", 0x0ff, X },
	{ "FSRPAUECN", 0x1ff, X },
	{ "SA,FIN", 0x013, X },
	/* numbers */
	{ "0x03", 0x003, X },
	{ "0X3f", 0x03f, X },
	{ "3", 0x003, X },
	{ "0", 0, X },
	{ "0x1ff", 0x1ff, X },
	{ "0x200", 0x200, X },
	{ "0x402", 0x202, X },
	{ "0x8c2", 0x2c2, X },
	{ "4095", 0x3ff, X },
	/* tcpdump */
	{ "[S]", 0x002, X },
	{ "[S.]", 0x012, X },
	{ "[F.]", 0x011, X },
	{ "[.]", 0x010, X },
	{ ".", 0x010, X },
	{ "S.E", 0x052, X },
	{ "[S.E]", 0x052, X },
	{ "[SEWe]", 0x1c2, X },
	{ "[e]", 0x100, X },
	{ ".e", 0x110, X },
	{ "[none]", 0, X },
	{ "Flags [S.],", 0x012, X },
	/* tshark */
	{ "[SYN, ACK]", 0x012, X },
	{ "[<None>]", 0, X },
	{ "[FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE, Reserved]", 0x3ff, X },
	{ DOT DOT DOT DOT DOT DOT DOT "A" DOT DOT "S" DOT, 0x012, X },
	{ ".......A..S.", 0x012, X },
	{ "***N********", 0x100, X },
	{ "...-7-.A....", 0x1d0, X },
	{ "RRR-2-.A....", 0x290, X },
	{ "[ACK, ACE=7, Reserved]", 0x3d0, X },
	{ "[PSH, ACK, ACE=1]", 0x058, X },
	{ "............", 0, X },
	{ "RRRACEUAPRSF", 0x3ff, X },
	/* iptables */
	{ "SYN,RST SYN", 0x002, 0x006 },
	{ "FIN,ACK FIN", 0x001, 0x011 },
	{ "SYN,RST SYN,RST", 0x006, 0x006 },
	{ "SYN SYN,ACK", 0x012, 0x002 },
	{ "ALL NONE", 0, 0x03f },
	{ "ALL ALL", 0x03f, 0x03f },
	{ "ALL FIN,PSH,URG", 0x029, 0x03f },
	{ "SYN NONE", 0, 0x002 },
	{ "--tcp-flags SYN,RST SYN", 0x002, 0x006 },
	{ "--tcp-flags SYN SYN", 0x002, 0x002 },
	{ "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN", 0x002, 0x017 },
	{ "--syn", 0x002, 0x017 },
	{ "tcp flags:0x17/0x02", 0x002, 0x017 },
	{ "flags:SYN,RST/SYN", 0x002, 0x006 },
	/* nft */
	{ "tcp flags & (fin|syn) == fin|syn", 0x003, 0x003 },
	{ "tcp flags & (fin | syn | cwr | ecn) == (fin | cwr)", 0x081, 0x0c3 },
	{ "& (fin|syn) == fin|syn", 0x003, 0x003 },
	{ "tcp flags & ack == ack", 0x010, 0x010 },
	{ "tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0", 0, 0x03f },
	{ "tcp flags & 0x3 == 0x3", 0x003, 0x003 },
	{ "tcp flags fin,syn / fin,syn", 0x003, 0x003 },
	{ "fin,syn / fin,syn", 0x003, 0x003 },
	{ "tcp flags syn / fin,syn,rst,ack", 0x002, 0x017 },
	{ "syn/fin,syn,rst,ack", 0x002, 0x017 },
	{ "syn /fin,syn", 0x002, 0x003 },
	{ "tcp flags == 0x0", 0, 0x0ff },
	{ "== 0x0", 0, 0x0ff },
	{ "tcp flags == syn", 0x002, 0x0ff },
	{ "tcp flags syn", 0x002, 0x002 },
	{ "tcp flags ! syn", 0, 0x002 },
	{ "tcp flags ! fin,syn,rst,psh,ack,urg", 0, 0x03f },
};

static const char *const refused[] = {
	"-p tcp",
	"",
	" ",
	"\t\n",
	"XYZ",
	"SFX",
	"SYN,",
	",SYN",
	"SYN,,FIN",
	"SYN,SYN",
	"SS",
	"S.A",
	"EC,W,C",
	"SYN;FIN",
	"SYN-ACK",
	"SYN,DATA",
	"!syn",
	"syn,!ack",
	"sY",
	"0x",
	"0xg",
	"4096",
	"0x1000",
	"-1",
	"1.5",
	"0x3,SYN",
	"3 4",
	"none,syn",
	"99999999999999999999",
	"0x3 junk",
	"[",
	"]",
	"[]",
	"[S",
	"S]",
	"[[S]]",
	"[ACE=8]",
	"[ACE=]",
	"[ACE=1, ECE]",
	"ACE=1",
	"...-8-.A....",
	"...-7-A....",
	"[S][S]",
	"[S.] junk",
	"[s.]",
	"[<None>",
	"[Sx]",
	"[S.],,",
	".......A..S",
	".......A..S.x",
	"ALL",
	"ALL,SYN NONE",
	"--tcp-flags",
	"--tcp-flags SYN",
	"--tcp-flags SYN,RST SYN -j DROP",
	"! --tcp-flags SYN,RST SYN",
	"--dport 80",
	"! --syn",
	"SYN,RST SYN FIN,",
	"tcp flags:0x17",
	"tcp flags:!0x17/0x02",
	"tcp",
	"tcp flags",
	"tcp flags fin,syn",
	"tcp flags fin|syn",
	"tcp flags != syn",
	"tcp flags != syn / fin,syn",
	"tcp flags & (fin|syn) != 0",
	"tcp flags & (fin|syn) == ! fin",
	"tcp flags & (fin|syn",
	"tcp flags & (fin|syn)",
	"tcp flags & fin|syn == fin",
	"tcp flags { syn, ack }",
	"tcp flags syn counter drop",
	"fin,syn /",
	"/ fin",
	"fin / syn / rst",
	"==",
	"&",
	"\x1b[31mSYN",
	"\xff\xfe",
	"S\xc2\xb7",
	"caf\xc3\xa9",
};

static int parse(const char *text, struct notation *notation)
{
	/* In a block of its own size, so that reading past the end is seen. */
	size_t length = strlen(text);
	char *copy = malloc(length ? length : 1);
	struct text_error error = { .message = "" };
	int err;

	assert_non_null(copy);
	memcpy(copy, text, length);
	err = notation_parse(copy, length, notation, &error);
	free(copy);
	if (!err)
		return 0;
	assert_int_equal(err, -EINVAL);
	assert_in_range(error.column, 0, length);
	assert_in_range(strlen(error.message), 10, sizeof(error.message) - 2);
	for (const char *c = error.message; *c; c++)
		assert_in_range(*c, ' ', '~');
	return err;
}

static void assert_reads(const char *text, unsigned int value, unsigned int mask)
{
	struct notation notation = {};

	if (parse(text, &notation))
		fail_msg("refused: '%s'", text);
	if (notation.value != value || notation.mask != mask)
		fail_msg("'%s' is 0x%x & 0x%x, not 0x%x & 0x%x", text, notation.value,
			 notation.mask, value, mask);
}

static void accepts_every_notation(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++)
		assert_reads(accepted[i].text, accepted[i].value, accepted[i].mask);
}

static void refuses_the_rest(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct notation notation = { 0x155, 0x2aa };

		if (!parse(refused[i], &notation))
			fail_msg("accepted: '%s'", refused[i]);
		assert_int_equal(notation.value, 0x155);
		assert_int_equal(notation.mask, 0x2aa);
	}
}

static void refuses_long_and_binary_text(void **state)
{
	static const char *const fillers[] = { "S", "9", "0", "[", "(", ",", " ", ".", "syn,", "!" };
	struct notation notation;
	struct text_error error;
	char text[10240];

	(void)state;
	for (size_t i = 0; i < COUNT(fillers); i++) {
		size_t length = strlen(fillers[i]);

		for (size_t at = 0; at < sizeof(text); at++)
			text[at] = fillers[i][at % length];
		if (fillers[i][0] == '0')
			continue; /* a long zero is zero */
		assert_int_equal(notation_parse(text, sizeof(text), &notation, &error), -EINVAL);
		assert_in_range(strlen(error.message), 10, sizeof(error.message) - 2);
	}
	assert_int_equal(notation_parse("S\0F", 3, &notation, &error), -EINVAL);
	assert_int_equal(notation_parse("\0", 1, &notation, &error), -EINVAL);
}

/* No text of four bytes breaks it. */
static void survives_any_bytes(void **state)
{
	static const char alphabet[] = "SFe.,|[]()/!=&:-0x9 \xc2\xb7";
	struct notation notation;
	char text[5] = "";

	(void)state;
	for (unsigned int i = 0; i < LETTERS * LETTERS * LETTERS * LETTERS; i++) {
		for (unsigned int at = 0, rest = i; at < 4; at++, rest /= LETTERS)
			text[at] = alphabet[rest % LETTERS];
		parse(text, &notation);
	}
}

static void own_notation_round_trip(void **state)
{
	char text[FLAGS_TEXT];

	(void)state;
	for (unsigned int value = 0; value <= FW_FLAGS; value++)
		assert_reads(flags_print(value, text), value, X);
}

static void number_round_trip(void **state)
{
	char text[16];

	(void)state;
	for (unsigned int wire = 0; wire <= 0xfff; wire++) {
		unsigned int value = (wire & FW_FLAGS) | (wire & 0xe00 ? FW_RSV : 0);

		snprintf(text, sizeof(text), "0x%04x", wire);
		assert_reads(text, value, X);
		snprintf(text, sizeof(text), "%u", wire);
		assert_reads(text, value, X);
	}
}

static void tcpdump_round_trip(void **state)
{
	static const char order[] = "FSRP.UEWe"; /* print-tcp.c */
	char text[16];

	(void)state;
	for (unsigned int value = 0; value <= FW_FLAGS; value++) {
		char *at = text;

		*at++ = '[';
		for (unsigned int bit = 0; bit < 9; bit++)
			if (value & 1U << bit)
				*at++ = order[bit];
		strcpy(at, value ? "]" : "none]");
		assert_reads(text, value, X);
	}
}

static void tshark_round_trip(void **state)
{
	static const char order[] = "RRRACEUAPRSF"; /* packet-tcp.c */
	char text[32];

	(void)state;
	for (unsigned int wire = 0; wire <= 0xfff; wire++) {
		char *at = text;

		for (unsigned int place = 0; place < 12; place++) {
			if (wire & 0x800U >> place)
				*at++ = order[place];
			else
				at = stpcpy(at, DOT);
		}
		*at = '\0';
		assert_reads(text, (wire & FW_FLAGS) | (wire & 0xe00 ? FW_RSV : 0), X);
	}
}

static void sets_hold_what_they_say(void **state)
{
	struct notation notation;

	(void)state;
	assert_reads("ALL FIN,PSH,URG", 0x029, 0x03f);
	assert_int_equal(parse("ALL FIN,PSH,URG", &notation), 0);
	assert_true(notation_is_one(&notation));
	assert_int_equal(parse("SYN,RST SYN", &notation), 0);
	assert_false(notation_is_one(&notation));
	for (unsigned int control = 0; control <= FW_CONTROL; control++)
		assert_int_equal(notation_holds(&notation, control),
				 (control & FW_SYN) && !(control & FW_RST));
	assert_int_equal(parse("SYN SYN,ACK", &notation), 0);
	for (unsigned int control = 0; control <= FW_CONTROL; control++)
		assert_false(notation_holds(&notation, control));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_every_notation),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(refuses_long_and_binary_text),
		cmocka_unit_test(survives_any_bytes),
		cmocka_unit_test(own_notation_round_trip),
		cmocka_unit_test(number_round_trip),
		cmocka_unit_test(tcpdump_round_trip),
		cmocka_unit_test(tshark_round_trip),
		cmocka_unit_test(sets_hold_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

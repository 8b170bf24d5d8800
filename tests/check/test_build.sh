#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What make makes anew: all that a header is in, and nothing for what a file that is
# gone had in it.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

mkdir "$WORK/tree"
cd "$TOP" || exit 1
{ git ls-files -co --exclude-standard -z 2>/dev/null || find . -path ./build -prune -o -type f -print0; } |
	tar --null --ignore-failed-read -T - -c 2>/dev/null | tar -x -C "$WORK/tree"
cd "$WORK/tree" || exit 1

# remade OBJECT FILE: built, is it built again once FILE is another, and only then?
remade() {
	local before

	make -s "$1" && before=$(stat -c %y "$1") && make -s "$1" || return 1
	[ "$(stat -c %y "$1")" = "$before" ] || return 1
	touch "$2"
	make -s "$1" && [ "$(stat -c %y "$1")" != "$before" ]
}
check "a header is changed: the tool" remade build/user/capture/endpoints.o user/capture/endpoints.h
check "a header is changed: the tool, a folder deeper" remade build/user/verbs/rule/rule_words.o user/verbs/rule/rule_words.h
check "a header is changed: what builds the default policy" remade build/host/user/signature/match.o user/signature/match.h
check "a header is changed: tests" remade build/tests/lib/frames.o tests/lib/frames.h
check "a header is changed: what tests are of" remade build/tests/user/capture/endpoints.o headers/flagwall/ip.h
check "a header is changed: the kernel's side" remade build/tc_entry.bpf.o bpf/entry.h

# gone SOURCE DEPENDENCIES TARGET: as if TARGET had been made of SOURCE, before that was renamed.
gone() {
	mkdir -p "$(dirname "$2")"
	printf '%s: %s headers/flagwall/gone.h\nheaders/flagwall/gone.h:\n' "$3" "$1" >"$2"
	rm -f "$3"
	make -n "$3" >/dev/null
}
check "a source is renamed: the kernel's side" gone bpf/gone.bpf.c build/gone.bpf.d build/flagwall.bpf.o
check "a source is renamed: the tool" gone user/watch/gone.c build/user/watch/gone.d build/user/main.o
check "a source is renamed: a folder deeper" gone user/verbs/rule/gone.c build/user/verbs/rule/gone.d build/user/main.o
check "a source is renamed: what builds the default policy" gone user/gone.c build/host/user/gone.d build/host/user/text.o
check "a source is renamed: tests" gone tests/unit/gone.c build/tests/unit/gone.d build/tests/unit/test_judge.o
check "a source is renamed: what tests are of" gone user/top/gone.c build/tests/user/top/gone.d build/tests/unit/test_judge.o

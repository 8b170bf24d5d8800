#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The table of drivers in docs/drivers.md is the one in user/host/driver.c.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# "NAME MTU" a line, of either.
in_code() {
	tr '\n' ' ' <"$TOP/user/host/driver.c" | grep -oE '\{ "[a-z0-9_]+", *[0-9]+, *[0-9]+' |
		sed -E 's/\{ "([^"]*)", *[0-9]+, *([0-9]+)/\1 \2/; s/ 0$/ ?/'
}
in_docs() {
	# shellcheck disable=SC2016
	sed -nE 's/^\| `([a-z0-9_]+)` \| [0-9.]+ \| ([0-9?]+) \|.*/\1 \2/p' "$TOP/docs/drivers.md"
}

between "there are some" "$(in_code | wc -l)" 10 100
in_code >"$WORK/code"
in_docs >"$WORK/docs"
check "the same in both, in order" diff "$WORK/code" "$WORK/docs"
check "in the order of the alphabet" env LC_ALL=C sort -c "$WORK/code"

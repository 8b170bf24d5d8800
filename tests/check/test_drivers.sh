#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The table of drivers in docs/drivers.md is the one in user/driver.c.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# "NAME MTU" a line, of either.
in_code() {
	tr '\n' ' ' <"$TOP/user/driver.c" | grep -oE '\{ "[a-z0-9_]+", *[0-9]+, *[0-9]+' |
		sed -E 's/\{ "([^"]*)", *[0-9]+, *([0-9]+)/\1 \2/; s/ 0$/ ?/'
}
in_docs() {
	sed -nE 's/^\| `([a-z0-9_]+)` \| [0-9.]+ \| ([0-9?]+) \|.*/\1 \2/p' "$TOP/docs/drivers.md"
}

between "there are some" "$(in_code | wc -l)" 10 100
check "the same in both" diff <(in_code | sort) <(in_docs | sort)
check "in order" diff <(in_code) <(in_code | LC_ALL=C sort)

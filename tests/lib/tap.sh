# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Tests in shell speak TAP: every check is a line "ok N - what" or
# "not ok N - what". Source this first.

# shellcheck source=tests/lib/script.sh
. "$(dirname "${BASH_SOURCE[0]}")/script.sh"

tap_count=0
tap_failed=0

last_words() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ] && return "$1"
	return 1
}

# check WHAT COMMAND...: the command must succeed. What it prints is shown
# when it does not.
check() {
	local what=$1 output

	shift
	tap_count=$((tap_count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $tap_count - $what"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $what"
		printf '# command: %s\n' "$*"
		printf '%s\n' "$output" | sed 's/^/# /' | head -40
	fi
}

# equal WHAT ACTUAL EXPECTED: the two must be the same text.
equal() {
	# shellcheck disable=SC2016
	check "$1" bash -c '[ "$1" = "$2" ] || { echo "got:      $1"; echo "expected: $2"; exit 1; }' - "$2" "$3"
}

# between WHAT ACTUAL LEAST MOST: a number in a range.
between() {
	# shellcheck disable=SC2016
	check "$1" bash -c '[ "$1" -ge "$2" ] && [ "$1" -le "$3" ] || { echo "got $1, expected $2 to $3"; exit 1; }' \
		- "$2" "$3" "$4"
}

# exits WHAT CODE COMMAND...: the exit code must be CODE; its output stays in
# $WORK/stdout and $WORK/stderr for further checks.
exits() {
	local what=$1 expected=$2 code=0

	shift 2
	"$@" >"$WORK/stdout" 2>"$WORK/stderr" || code=$?
	equal "$what (exit code)" "$code" "$expected"
}

# skip WHAT WHY: say what cannot be tested here.
skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Tests in shell speak TAP: every check is a line "ok N - what" or
# "not ok N - what". Source this first.

# shellcheck source=tests/lib/script.sh
. "${BASH_SOURCE[0]%/*}/script.sh"

tap_count=0
tap_failed=0

last_words() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ] && return "$1"
	return 1
}

# Hundreds of checks a test: what is not the thing that is tested starts no process.

# tap_ok WHAT, tap_not_ok WHAT TEXT: the line, and why.
tap_ok() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

tap_not_ok() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	printf '%s\n' "$2" | sed 's/^/# /' | head -40
}

# check WHAT COMMAND...: the command must succeed. What it prints is shown
# when it does not. A function runs in this shell: it must not end it.
check() {
	local what=$1 said=$WORK/said-$BASHPID

	shift
	if "$@" >"$said" 2>&1; then
		tap_ok "$what"
	else
		tap_not_ok "$what" "command: $*
$(<"$said")"
	fi
}

# equal WHAT ACTUAL EXPECTED: the two must be the same text.
equal() {
	if [ "$2" = "$3" ]; then
		tap_ok "$1"
	else
		tap_not_ok "$1" "got:      $2
expected: $3"
	fi
}

# between WHAT ACTUAL LEAST MOST: a number in a range.
between() {
	if [ "$2" -ge "$3" ] 2>/dev/null && [ "$2" -le "$4" ]; then
		tap_ok "$1"
	else
		tap_not_ok "$1" "got $2, expected $3 to $4"
	fi
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

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What every script here needs: where things are, a folder to work in, and
# cleaning up however it ends. Source this first.

set -u

TOP=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
FLAGWALL=${FLAGWALL:-$BUILD/flagwall}
# The distribution's Python, not one that somebody put before it in $PATH.
PYTHON=/usr/bin/python3
WORK=
export TOP BUILD FLAGWALL PYTHON WORK

at_exit_commands=()

# at_exit COMMAND...: run it when the script ends; the last one first.
at_exit() {
	local command

	printf -v command '%q ' "$@"
	at_exit_commands=("$command" "${at_exit_commands[@]}")
}

# What the script has to say last; it may choose the exit code.
last_words() {
	return "$1"
}

clean_up() {
	local status=$? command

	# A child that is killed before it has become its program has this trap, too.
	[ "$BASHPID" = $$ ] || exit "$status"
	trap - EXIT
	for command in "${at_exit_commands[@]}"; do
		eval "$command" >/dev/null 2>&1
	done
	[ -z "$WORK" ] || rm -rf "$WORK"
	last_words "$status"
	exit $?
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
WORK=$(mktemp -d "${TMPDIR:-/tmp}/flagwall-test.XXXXXX")

# sleep SECONDS: without a process, by waiting for what never comes.
exec {NEVER}<> <(:)
sleep() {
	read -r -t "$1" -u "$NEVER" || true
}

# says FILE TEXT: is this text in it already?
says() {
	[[ $(<"$1") == *"$2"* ]] 2>/dev/null
}

# python ARGUMENT...: warm.sh has another, which is faster.
python() {
	"$PYTHON" "$@"
}

# answer ARGUMENT...: python, and what it prints in $answer. That of warm.sh starts no process.
# shellcheck disable=SC2034 # for whoever calls it
answer() {
	answer=$(python "$@")
}

# shellcheck disable=SC2034
FIELD='import json, sys
d = json.load(open(sys.argv[1]))
v = eval(sys.argv[2])
print(json.dumps(v) if isinstance(v, (dict, list, bool)) or v is None else v)'

# field FILE EXPRESSION: a value of a JSON file, by a Python expression over d.
field() {
	python -c "$FIELD" "$1" "$2"
}

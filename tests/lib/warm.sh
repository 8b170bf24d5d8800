# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# python: as $PYTHON, but without the time that it takes to start, from warm_up
# on; see warm.py. Source it after script.sh.

WARM_PID=

# warm_up: from here on. Not a child of the script, which may wait for its own.
# As many may ask at once as there are letters: each takes one, and brings it back.
warm_up() {
	[ -z "$WARM_PID" ] || return 0
	mkdir "$WORK/warm"
	mkfifo "$WORK/warm"/{asked,letters,{a..p}}
	exec {WARM_ASK}<>"$WORK/warm/asked" {WARM_LETTERS}<>"$WORK/warm/letters"
	printf %s {a..p} >&"$WARM_LETTERS"
	WARM_PID=$("$PYTHON" "$TOP/tests/lib/warm.py" "$WORK/warm" $$ </dev/null >"$WORK/warm/log" 2>&1 &
		echo $!)
	at_exit kill "$WARM_PID"
}

# answer_in NAMESPACE ARGUMENT...: python3 in a network namespace ("": in this one), and
# what it prints in $answer. Nothing can be piped into it.
answer_in() {
	local letter fifo code out err

	answer=
	read -r -N 1 -u "$WARM_LETTERS" letter || return 1
	printf '%s\0' "${1:+/run/netns/$1}" "${@:2}" >"$WORK/warm/$letter.ask"
	exec {fifo}<>"$WORK/warm/$letter"
	printf %s "$letter" >&"$WARM_ASK"
	until read -r -t 2 -u "$fifo" code out err; do
		kill -0 "$WARM_PID" 2>/dev/null || {
			cat "$WORK/warm/log" >&2
			return 1
		}
	done
	exec {fifo}<&-
	[ "$out" = 0 ] || answer=$(<"$WORK/warm/$letter.out")
	[ "$err" = 0 ] || printf '%s\n' "$(<"$WORK/warm/$letter.err")" >&2
	printf %s "$letter" >&"$WARM_LETTERS"
	return "$code"
}

# python_in NAMESPACE ARGUMENT...: the same, printed.
python_in() {
	local answer code

	answer_in "$@"
	code=$?
	[ -z "$answer" ] || printf '%s\n' "$answer"
	return $code
}

# python ARGUMENT...: python3 here. The ordinary one before warm_up.
python() {
	if [ -n "$WARM_PID" ]; then
		python_in "" "$@"
	else
		"$PYTHON" "$@"
	fi
}

# answer ARGUMENT...: python, and what it prints in $answer.
answer() {
	if [ -n "$WARM_PID" ]; then
		answer_in "" "$@"
	else
		answer=$("$PYTHON" "$@")
	fi
}

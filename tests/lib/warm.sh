# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# python: as $PYTHON, but without the time that it takes to start, from warm_up
# on; see warm.py. Source it after script.sh.

WARM_PID=

# warm_up: from here on. Not a child of the script, which may wait for its own.
warm_up() {
	[ -z "$WARM_PID" ] || return 0
	mkdir "$WORK/warm"
	mkfifo "$WORK/warm/asked" "$WORK/warm/never"
	exec {WARM_ASK}<>"$WORK/warm/asked" {WARM_NEVER}<>"$WORK/warm/never"
	WARM_PID=$("$PYTHON" "$TOP/tests/lib/warm.py" "$WORK/warm" $$ </dev/null >"$WORK/warm/log" 2>&1 &
		echo $!)
	at_exit kill "$WARM_PID"
}

# python_in NAMESPACE ARGUMENT...: python3 in a network namespace ("": in this one).
# Nothing can be piped into it.
python_in() {
	local request=$WORK/warm/$BASHPID-$RANDOM$RANDOM code

	printf '%s\0' "${1:+/run/netns/$1}" "${@:2}" >"$request.ask"
	echo "${request##*/}" >&"$WARM_ASK"
	until [ -e "$request.code" ]; do
		kill -0 "$WARM_PID" 2>/dev/null || {
			cat "$WORK/warm/log" >&2
			return 1
		}
		read -r -t 0.01 -u "$WARM_NEVER"
	done
	read -r code <"$request.code"
	[ ! -s "$request.out" ] || printf '%s\n' "$(<"$request.out")"
	[ ! -s "$request.err" ] || printf '%s\n' "$(<"$request.err")" >&2
	return "$code"
}

# python ARGUMENT...: python3 here. The ordinary one before warm_up.
python() {
	if [ -n "$WARM_PID" ]; then
		python_in "" "$@"
	else
		"$PYTHON" "$@"
	fi
}

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the tests of evasions share: each trick has a name and a row or more in
# the table of docs/evasion.md, which says what must be counted and what is done
# with it. A trick without a row fails, and so does a row that nobody tried.
#
# Source it first, set TOPIC, define tricks() and call evasions.

# shellcheck source=tests/lib/live.sh
. "${BASH_SOURCE[0]%/*}/live.sh"

MODE=
POLICY=
declare -A tried=()

table() {
	python "$TOP/tests/lib/check_evasion.py" "$@"
}

# behind_frames: frames that were seen behind the filter, since ever. In $answer.
behind_frames() {
	answer_in "$HOST" -c 'import behind; print(behind.named("behind")["all_frames"])'
}

# begin and judge NAME: what happened between them is what the table says.
begin() {
	counters
	mv "$WORK/counters.json" "$WORK/before.json"
	behind_frames
	behind_before=$answer
}

judge() {
	tried[$TOPIC/$1]=1
	behind_frames
	check "$MODE, $POLICY: $TOPIC/$1" table check "$TOPIC/$1" "$POLICY" \
		"$WORK/before.json" "$WORK/counters.json" $((answer - behind_before))
}

# trick NAME [COUNT FRAME]...: frames as send_frames.py takes them.
trick() {
	local name=$1 target answer tries=100

	shift
	begin
	answer_in "$PEER" "$TOP/tests/lib/send_frames.py" out "$@" || answer=-1
	target=$answer
	counted "$WORK/before.json"
	target=$((answer + target))
	while counters && counted "$WORK/counters.json" && [ "$answer" != "$target" ]; do
		[ $((tries -= 1)) -gt 0 ] || break
		sleep 0.02
	done
	judge "$name"
}

# counted FILE: all packets in these counters. In $answer.
counted() {
	answer -c "$FIELD" "$1" "d['packets']"
}

# tool NAME COMMAND...: a tool that sends by itself. It ends when it likes, or
# after a while.
tool() {
	local name=$1

	shift
	begin
	in_peer timeout 20 "$@" >/dev/null 2>&1
	settle
	counters
	judge "$name"
}

# evasions [MODE:POLICY]...: all tricks under each, and then nothing is left over.
evasions() {
	local run

	net_up
	live_up
	for run in "$@"; do
		POLICY=${run#*:}
		filter_up "${run%:*}" --policy "$POLICY" --enforce
		tricks
		accounts "$MODE, $POLICY"
		filter_down
	done
	equal "every row of the table was tried" \
		"$(printf '%s\n' "${!tried[@]}" | sort)" "$(table names "$TOPIC" | sort)"
}

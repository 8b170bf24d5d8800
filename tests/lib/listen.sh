# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Listening to filters as `flagwall events` does. Source it after live.sh.

# listen NAME VERB OPTION...: in the background, into $WORK/NAME. Sets $ear, its process.
listen() {
	local name=$1 verb=$2

	shift 2
	: >"$WORK/$name.err"
	"$FLAGWALL" "$verb" --netns "$HOST" "$@" >"$WORK/$name" 2>"$WORK/$name.err" &
	ear=$!
	until says "$WORK/$name.err" listening || ! kill -0 "$ear" 2>/dev/null; do sleep 0.05; done
}

# hear NAME OPTION...: as `events` does.
hear() {
	listen "$1" events "${@:2}"
}

# hush: end it as Ctrl-C does. Its exit code is $ended.
hush() {
	settle
	sleep 0.2
	kill -TERM "$ear"
	wait "$ear"
	# shellcheck disable=SC2034 # for whoever calls it
	ended=$?
}

# kill_both: the one that listens, and the one that waits for its end, until neither holds anything.
kill_both() {
	local guard

	guard=$(pgrep -P "$ear")
	kill -KILL "$guard" "$ear"
	wait "$ear" 2>/dev/null
	while kill -0 "$guard" 2>/dev/null && [[ $(<"/proc/$guard/stat") != *') Z '* ]]; do sleep 0.01; done 2>/dev/null
}

# of NAME EXPRESSION: over the packets e and the totals t of $WORK/NAME.
of() {
	python -c 'import collections, json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
e = [x for x in lines if x["type"] == "packet"]
t = [x for x in lines if x["type"] == "totals"][-1:]
t = t[0] if t else {}
print(eval(sys.argv[2]))' "$WORK/$1" "$2"
}

# rings: how many there are in the filters of this BPF file system.
rings() {
	find /sys/fs/bpf/flagwall -name events | wc -l
}

# gone: no ring is left, within a second or two.
gone() {
	local tries=60

	while [ "$(rings)" != 0 ]; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.05
	done
}

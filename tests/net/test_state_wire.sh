#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Flags against the state of connections over a bad line: one that loses, that lets
# segments overtake each other, that has them come twice, that takes its time, and one
# whose segments come in batches, of which TCP sees the first after the filter has seen
# them all. What is flagged has its cause on the wire; no shipped policy drops any of it.
# FLAGWALL_CONNECTIONS=50000 makes so many over each family, over the line that does all of it.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/wire.sh
. "$TOP/tests/lib/wire.sh"

# cases NAME...: a line each of the name, what was flagged, and all that was counted.
cases() {
	"$PYTHON" "$TOP/tests/lib/state_cases.py" "$@" 2>"$WORK/cases.err" || sed "s/^/failed\t/" "$WORK/cases.err"
}

# expected NAME=FLAGGED...
expected() {
	local name flagged about rows one

	while IFS=$'\t' read -r name flagged about rows; do
		for one in "$@"; do
			[ "${one%%=*}" != "$name" ] || equal "$LINE: $name: $about ($rows)" "$flagged" "${one#*=}"
		done
	done < <(cases "${@%%=*}")
}

# lags CASE FLAGGED: where its segments get into one batch, which a busy machine may
# prevent, and nothing else ever.
lags() {
	local about flagged rows tries=20 odd=""

	while [ $((tries -= 1)) -ge 0 ]; do
		IFS=$'\t' read -r _ flagged about rows <<<"$(cases "$1")"
		[ "$flagged" = "$2" ] && break
		[ "$flagged" = - ] || odd+="$flagged; "
	done
	equal "$LINE: $1: $about ($rows)" "$odd$flagged" "$2"
}

# found_old: SYNs that found a connection which was over, as the wire had it.
found_old() {
	field "$WORK/counters.json" "sum(s['packets'] for s in d['states'] if (s['state'], s['flags']) == ('other', 'SYN'))"
}

# TCP sees the first segment of a batch after the filter has seen eight: a kernel thread
# receives, which sleeps while the wire sends them.
batches() {
	local tries=20

	LINE="a line of batches"
	filter_up native --policy stateful
	threaded 1 || {
		skip "$LINE" "this kernel has no threads that receive (Linux 5.12)"
		filter_down
		return
	}
	wire_begin -g 30
	expected plain=- outgoing=- fastopen=- orphan=- reset_reuse=-
	lags two_parts "listen PSH,ACK"
	lags fastopen_asked "syn-sent PSH,ACK"
	counters
	# They get into one batch, which a busy machine may prevent.
	while [ "$(found_old)" = 0 ] && [ $((tries -= 1)) -gt 0 ]; do
		cases reset_reuse >/dev/null
		counters
	done
	wire_end
	check "$LINE: a SYN in one batch with the reset before it finds the old connection" test "$(found_old)" -gt 0
	equal "$LINE: nothing was dropped" "$(value dropped)" 0
	threaded 0
	filter_down
}

threaded() {
	ip netns exec "$HOST" sh -c "echo $1 >/sys/class/net/eth0/threaded" 2>/dev/null
}

# well: the cases of $WORK/many came to their end.
well() {
	equal "$LINE: all connections ended well" "$(grep -c "^many" "$WORK/many"):$(grep -E "AF_INET|failed" "$WORK/many")" \
		"$(wc -l <"$WORK/many"):"
}

# Every policy that is shipped, while it loses, swaps and repeats.
policies() {
	local policy before tries load idle=""

	until [ -e "$WORK/enough" ]; do cases many; done >"$WORK/many" &
	load=$!
	for policy in "$TOP"/policies/*.policy; do
		fw policy set eth0 "$policy" --enforce >/dev/null 2>&1
		counters
		before=$(value packets) tries=100
		while counters && [ "$(value packets)" -lt $((before + 20)) ]; do
			[ $((tries -= 1)) -gt 0 ] || break
			sleep 0.1
		done
		[ $tries -gt 0 ] || idle+=" ${policy##*/}"
	done
	touch "$WORK/enough"
	wait $load
	counters
	equal "$LINE: segments came under each policy that is shipped" "$idle" ""
	equal "$LINE: and none was dropped by any" "$(value dropped)" 0
	well
}

bad_line() {
	LINE="a bad line"
	filter_up native --policy stateful
	wire_begin -l 10 -h 50 -t 10
	fw events eth0 --rate 1000000 -w "$WORK/flagged.pcapng" 2>"$WORK/events" &
	listener=$!
	until says "$WORK/events" listening; do sleep 0.05; done
	FLAGWALL_CONNECTIONS=$CONNECTIONS cases many >"$WORK/many"
	kill $listener
	wait $listener
	settle
	counters
	echo "# $(cut -f 4 "$WORK/many")"
	well
	equal "$LINE: nothing was dropped" "$(value dropped)" 0
	policies
	wire_end
	echo "# $(cat "$WORK/wire.end")"
	check "$LINE: it lost, swapped and repeated" test "$(wired lost)" -gt 0 -a "$(wired overtaken)" -gt 0 -a "$(wired twice)" -gt 0
	causes=$(python "$TOP/tests/lib/state_causes.py" "$WORK/flagged.pcapng" "$WORK/wire" 2>"$WORK/unknown")
	check "$LINE: what was flagged has its cause there ($causes)" test ! -s "$WORK/unknown"
	filter_down
}

CONNECTIONS=${FLAGWALL_CONNECTIONS:-1000}
unset FLAGWALL_CONNECTIONS

net_up
live_up
wire_up

LINE="a good line"
filter_up native --policy stateful
wire_begin
expected plain=-
wire_end

LINE="a long line"
wire_begin -d 5
expected plain=- aborted="listen RST"
wire_end
filter_down

batches
bad_line

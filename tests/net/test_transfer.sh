#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Legal traffic: what real clients send arrives, to the last segment.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# sent: frames that left the peer. In native mode by its queue, which knows
# nothing of what the other end received.
sent() {
	if [ "$MODE" = native ]; then
		in_peer tc -s -j qdisc show dev out
	else
		in_peer ip -j -s link show out
	fi | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin)[0]
print(d["packets"] if "packets" in d else d["stats64"]["tx"]["packets"])'
}

# lost_before: frames for which there was no room in the veth.
lost_before() {
	in_peer ip -j -s link show out | "$PYTHON" -c 'import json, sys
print(json.load(sys.stdin)[0]["stats64"]["tx"]["dropped"])'
}

start_counting() {
	filter_up "$1"
	in_peer tc qdisc replace dev out root pfifo
	sent_before=$(sent) lost=$(lost_before)
}

nothing_lost() {
	accounts "$what"
	equal "$what: nothing was dropped" "$(value dropped)" 0
	equal "$what: what was sent is what was seen behind the filter" "$(behind tcp)" \
		"$(($(sent) - sent_before - ($(lost_before) - lost)))"
	equal "$what: nothing was flagged" "$(field "$WORK/counters.json" \
		"sum(p['packets'] for p in d['patterns'] + d['reasons']
			if p['name'] not in ('syn', 'syn-ack', 'ack', 'fin-ack', 'rst'))")" 0
	filter_down
}

# curls MODE ADDRESS: a file comes, by HTTP.
curls() {
	local url=$2 server

	[[ $2 == *:* ]] && url="[$2]"
	what="$1, curl $2"
	# Not in_host: $! shall be the server, not a shell around it.
	nsenter --net="/run/netns/$HOST" "$PYTHON" "$TOP/tests/lib/serve_files.py" "$2" 80 \
		"$WORK/served" >/dev/null 2>&1 &
	server=$!
	listening 80
	start_counting "$1"
	check "$what: curl" in_peer curl -s --max-time 60 -o "$WORK/got" "http://$url/file"
	check "$what: the file arrived whole" cmp "$WORK/served/file" "$WORK/got"
	kill $server
	wait $server 2>/dev/null
	nothing_lost
}

# iperf MODE ADDRESS MIB: so many MiB go through the filter. When iperf3 has
# written all of it, it does not wait for the last of it to arrive: it gets
# some more to write.
iperf() {
	local server

	what="$1, iperf3 $2, $3 MiB"
	in_host iperf3 -s -1 >/dev/null 2>&1 &
	server=$!
	listening 5201
	start_counting "$1"
	check "$what: iperf3" in_peer timeout 120 iperf3 -c "$2" -n "$(($3 * 21 / 20))M"
	wait $server
	nothing_lost
	check "$what: the filter counted as many bytes" test "$(value bytes)" -ge $(($3 << 20))
	check "$what: they were seen behind the filter" test "$(behind tcp bytes)" -ge $(($3 << 20))
}

net_up
live_up
mkdir "$WORK/served"
head -c 16M /dev/urandom >"$WORK/served/file"

iperf native "$HOST4" 1024
iperf native "$HOST6" 200
curls native "$HOST4"
curls native "$HOST6"
# Without a native program the sender's TSO is on: frames of up to 64 KiB.
iperf generic "$HOST4" 400
curls generic "$HOST4"
in_peer ethtool -K out tso off gso off
iperf generic "$HOST6" 100
curls generic "$HOST6"

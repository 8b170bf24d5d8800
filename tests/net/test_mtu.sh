#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Large MTUs: where the kernel gives packets in several buffers (5.18 and newer)
# native mode goes on, and counts whole frames; elsewhere the message says which
# MTU would do.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# mtu N: of both ends.
mtu() {
	in_peer ip link set out mtu "$1" && in_host ip link set eth0 mtu "$1"
}

# member EXPRESSION: of the status of eth0.
member() {
	fw status eth0 -j >"$WORK/status.json"
	field "$WORK/status.json" "d['interfaces'][0]$1"
}

# big: illegal and legal frames of 8,054 bytes, and of 64.
big() {
	local before after

	counters
	before="$(pattern syn-fin) $(pattern syn-fin bytes) $(pattern ack) $(pattern ack bytes) $(value dropped)"
	behind_up
	send 3 'ip/TCP(flags="SF")/Raw(b"x" * 8000)' 4 'ip/TCP(flags="PA")/Raw(b"x" * 8000)' \
		5 'ip/TCP(flags="SF")/Raw(b"x" * 10)' 6 'ip/TCP(flags="PA")/Raw(b"x" * 10)' >/dev/null
	sleep 0.4
	counters
	after="$(pattern syn-fin) $(pattern syn-fin bytes) $(pattern ack) $(pattern ack bytes) $(value dropped)"
	equal "$what: packets and whole frames, SYN/FIN and ACK, and dropped" \
		"$(echo "$before $after" | awk '{ print $6 - $1, $7 - $2, $8 - $3, $9 - $4, $10 - $5 }')" \
		"8 $((3 * 8054 + 5 * 64)) 10 $((4 * 8054 + 6 * 64)) 8"
	equal "$what: the legal ones are seen behind it, and no other" "$(behind tcp)" 10
	equal "$what: none was truncated" "$(pattern truncated)" 0
}

net_up
live_up
in_host ethtool -K eth0 gro off
fw doctor eth0 -j >"$WORK/doctor.json"
several=$(field "$WORK/doctor.json" "int(any('several buffers' in c['text'] for c in d['checks']))")

if [ "$several" = 1 ]; then
	what="MTU 9000 from the start"
	mtu 9000
	check "$what: attach" fw attach eth0 --mode native
	big
	fw counters eth0 -j --samples >"$WORK/counters.json"
	equal "$what: a sample has the whole length" \
		"$(field "$WORK/counters.json" "[s['first']['length'] for s in d['samples'] if s['name'] == 'syn-fin'][0]")" 8054
	what="MTU 9000, replaced"
	check "$what: attach again" fw attach eth0
	big
	what="MTU 9000, on trial"
	check "$what: policy set --confirm" fw policy set eth0 strict --confirm 60
	big
	check "$what: confirm" fw policy confirm eth0
	big
	fw detach eth0 >/dev/null

	what="raised while attached"
	mtu 1500
	fw attach eth0 --mode native >/dev/null
	check "$what: to 9000" mtu 9000
	big
	check "$what: to 65535" mtu 65535
	big
	equal "$what: native still" "$(member "['mode']")" native
	fw detach eth0 >/dev/null
	mtu 1500

	what="a filter of an older version, replaced on trial"
	fw attach eth0 --mode native >/dev/null
	rmdir /sys/fs/bpf/flagwall/*/xdp/*/frags
	check "$what: refused or done" fw policy set eth0 strict
	fw detach eth0 >/dev/null
else
	what="MTU 9000"
	mtu 9000
	exits "$what: native is refused" 2 fw attach eth0 --mode native
	check "$what: it says which MTU would do" grep -q 'MTU of 3506' "$WORK/stderr"
	most=$(grep -o 'MTU of [0-9]*' "$WORK/stderr" | tr -dc 0-9)
	mtu "${most:-9000}"
	check "$what: and that does" fw attach eth0 --mode native
	fw detach eth0 >/dev/null
	mtu 9000
fi

what="MTU 9000, generic"
mtu 9000
check "$what: attach" fw attach eth0 --mode generic
big
fw detach eth0 >/dev/null

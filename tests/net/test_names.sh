#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Names: equal ones in two namespaces, and a dot in one.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# at NETNS IFACE SYN_FIN ALL: what this filter counted and dropped, by its own
# counters and by the driver's.
at() {
	local driver

	"$FLAGWALL" counters --netns "$1" "$2" -j >"$WORK/counters.json"
	driver=$(nsenter --net="/run/netns/$1" ethtool -S "$2" |
		awk '/rx_queue_[0-9]+_xdp_packets/ { all += $2 } /rx_queue_[0-9]+_xdp_drops/ { drops += $2 }
			END { print all + 0, drops + 0 }')
	reconciles "$what: $2 in $1"
	equal "$what: $2 in $1: name" "$(value interface)" "$2"
	equal "$what: $2 in $1: SYN/FIN, dropped, all" \
		"$(flags SYN,FIN) $(value dropped) $(value packets)" "$3 $3 $4"
	equal "$what: $2 in $1: the driver's count" "$driver" "$5 $6"
}

ifindex() {
	in_ns "$1" ip -o link show eth0 | cut -d: -f1
}

attach() {
	check "$what: attach $2 in $1" "$FLAGWALL" attach --netns "$1" --mode native "$2"
}

illegal='ip/TCP(flags="SF")' legal='ip/TCP(flags="S")'
MODE=native
net_up
live_up
one=$HOST one_peer=$PEER
HOST=$one-2 PEER=$one_peer-2
net_up
live_up
two=$HOST two_peer=$PEER

what="equal names"
equal "$what: equal numbers as well" "$(ifindex "$one")" "$(ifindex "$two")"
attach "$one" eth0
attach "$two" eth0
PEER=$one_peer send 5 "$illegal" 2 "$legal" >/dev/null
PEER=$two_peer send 3 "$illegal" 1 "$legal" >/dev/null
settle
at "$one" eth0 5 7 7 5
at "$two" eth0 3 4 4 3
check "$what: detach one" "$FLAGWALL" detach --netns "$one" eth0
exits "$what: it is gone" 3 "$FLAGWALL" status --netns "$one" eth0 --check
PEER=$two_peer send 2 "$illegal" >/dev/null
settle
at "$two" eth0 5 6 6 5

what="a dot in the name"
in_ns "$one" ip link set eth0 down
in_ns "$one" ip link set eth0 name eth0.100
in_ns "$one" ip link set eth0.100 up
in_ns "$one" ip neigh add "$PEER4" lladdr "$PEER_MAC" dev eth0.100 nud permanent
attach "$one" eth0.100
PEER=$one_peer send 4 "$illegal" 6 "$legal" >/dev/null
sleep 0.3
at "$one" eth0.100 4 10 17 9 # the driver's goes on from before
at "$two" eth0 5 6 6 5
check "$what: status" "$FLAGWALL" status --netns "$one" eth0.100 --check
check "$what: detach" "$FLAGWALL" detach --netns "$one" eth0.100
exits "$what: it is gone" 3 "$FLAGWALL" status --netns "$one" eth0.100 --check
check "$what: detach the other" "$FLAGWALL" detach --netns "$two" eth0
equal "nothing pinned is left" "$(find /sys/fs/bpf/flagwall -mindepth 1 2>/dev/null)" ""

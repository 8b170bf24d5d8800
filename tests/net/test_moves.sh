#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The interface goes through what interfaces go through, and the filter with
# it: down and up, a new name, another namespace, a bridge, a bond, a larger
# MTU; deleted and made again. After each, status says what packets meet.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# in_force WHAT [NETNS] [DEVICE]: 6 illegal and 4 legal segments are sent to it;
# it counts all and drops the former.
in_force() {
	local what=$1 netns=${2:-$HOST} device=${3:-eth0} before after

	before=$(numbers "$netns" "$device")
	send 6 'ip/TCP(flags="SF")' 4 'ip/TCP(flags="S")' >/dev/null
	sleep 0.3
	after=$(numbers "$netns" "$device")
	equal "$what: counted SYN/FIN, SYN, and dropped" \
		"$(echo "$before $after" | awk '{ print $4 - $1, $5 - $2, $6 - $3 }')" "6 4 6"
	"$FLAGWALL" status --netns "$netns" "$device" --check >/dev/null
	equal "$what: status --check" $? 0
}

# numbers NETNS DEVICE: SYN/FIN, SYN and dropped packets so far.
numbers() {
	"$FLAGWALL" counters --netns "$1" "$2" -j >"$WORK/counters.json"
	echo "$(pattern syn-fin) $(pattern syn) $(value dropped)"
}

back_up() {
	in_host ip link set "${1:-eth0}" up
	in_host ip neigh replace "$PEER4" lladdr "$PEER_MAC" dev "${1:-eth0}" nud permanent
	for _ in $(seq 50); do
		in_peer ip link show out | grep -q 'state UP' && return
		sleep 0.1
	done
}

# `ip link add ... type bond` takes a module that not every kernel has.
has_type() {
	in_host ip link add fw-try type "$1" 2>/dev/null && in_host ip link del fw-try
}

goes_through() {
	local mode=$1

	MODE=$mode
	fw attach eth0 --mode "$mode" >/dev/null || return
	in_force "$mode, attached"

	in_host ip link set eth0 down
	exits "$mode, down: status" 0 fw status eth0 -j
	equal "$mode, down: still attached" "$(field "$WORK/stdout" "d['interfaces'][0]['mode']")" "$mode"
	back_up
	in_force "$mode, down and up"

	in_host ip link set eth0 down
	in_host ip link set eth0 name wan.7
	back_up wan.7
	in_force "$mode, renamed" "$HOST" wan.7
	in_host ip link set wan.7 down
	in_host ip link set wan.7 name eth0
	back_up

	in_host ip link add br0 type bridge
	in_host ip link set eth0 master br0
	in_host ip link set br0 up
	in_force "$mode, in a bridge"
	check "$mode, in a bridge: attach again" fw attach eth0
	in_host ip link del br0
	in_force "$mode, out of the bridge"

	ip netns add "$HOST-3"
	in_host ip link set eth0 netns "$HOST-3"
	in_ns "$HOST-3" ip link set eth0 up
	in_force "$mode, in another namespace" "$HOST-3"
	exits "$mode, in another namespace: attach again" 0 "$FLAGWALL" attach --netns "$HOST-3" eth0
	in_force "$mode, in another namespace, attached again" "$HOST-3"
	in_ns "$HOST-3" ip link set eth0 netns "/run/netns/$HOST" 2>/dev/null ||
		in_ns "$HOST-3" ip link set eth0 netns "$HOST"
	in_host ip addr add "$HOST4/24" dev eth0
	back_up
	in_force "$mode, and back"
	check "$mode: detach" fw detach eth0
	ip netns del "$HOST-3"
}

net_up
live_up
# Segments are counted where the filter is, so nothing may be needed behind it.
goes_through native
goes_through generic

# --- a program above: the kernel takes none below (since 5.15)
in_host ip link add br0 type bridge
in_host ip link set eth0 master br0
fw attach br0 >/dev/null 2>&1
if [ "$(uname -r | awk -F. '{ print ($1 * 100 + $2 >= 515) }')" = 1 ]; then
	exits "below a filtered bridge" 2 fw attach eth0
	check "below a filtered bridge: it says which" grep -q 'br0' "$WORK/stderr"
fi
fw detach br0 >/dev/null
in_host ip link del br0
in_host ip link add link eth0 name eth0.5 type vlan id 5 2>/dev/null &&
	in_host ip link set eth0.5 up && fw attach eth0.5 --mode generic >/dev/null
if [ "$(uname -r | awk -F. '{ print ($1 * 100 + $2 >= 515) }')" = 1 ] && fw status eth0.5 --check >/dev/null 2>&1; then
	exits "below a filtered VLAN" 2 fw attach eth0
	check "below a filtered VLAN: one sentence" test "$(grep -c '^flagwall: eth0: .*VLAN' "$WORK/stderr")" -eq 1
	fw detach eth0.5 >/dev/null
fi
in_host ip link del eth0.5 2>/dev/null

# --- a bond, and its members
if has_type bond; then
	in_host ip link add bond0 type bond mode active-backup miimon 100
	in_host ip link set eth0 down
	in_host ip link set eth0 master bond0
	in_host ip link set bond0 up
	back_up
	fw attach eth0 --mode native >/dev/null
	in_force "a member of a bond"
	exits "the bond above a filtered member" 2 fw attach bond0 --mode native
	fw detach eth0 >/dev/null
	if fw attach bond0 --mode native >/dev/null 2>"$WORK/stderr"; then
		in_force "the bond, native" "$HOST" bond0
		exits "a member below a filtered bond" 2 fw attach eth0 --mode native
		check "a member below a filtered bond: it says why" grep -q bond0 "$WORK/stderr"
		fw detach bond0 >/dev/null
	else
		check "the bond, native: only before 5.15" grep -q 'native mode' "$WORK/stderr"
	fi
	fw attach bond0 --mode generic >/dev/null
	in_force "the bond, generic" "$HOST" bond0
	fw detach bond0 >/dev/null
	in_host ip link del bond0
	back_up
else
	skip "a bond" "this kernel has none"
fi

# --- deleted and made again: not filtered, status says so, and attach repairs
fw attach eth0 --mode native >/dev/null
in_host ip link del eth0
exits "deleted: status --check" 3 fw status --check
fw status -j >"$WORK/status.json"
equal "deleted: status names it" "$(field "$WORK/status.json" "[s['interface'] for s in d['severed']]")" '["eth0"]'
in_host ip link add eth0 address "$HOST_MAC" type veth peer name out address "$PEER_MAC" netns "$PEER"
in_host ip addr add "$HOST4/24" dev eth0
in_peer ip addr add "$PEER4/24" dev out
in_peer ip link set out up
in_peer ip neigh replace "$HOST4" lladdr "$HOST_MAC" dev out nud permanent
back_up
exits "made again: status --check" 3 fw status --check eth0
check "made again: attach" fw attach eth0 --mode native
in_force "made again, attached"
fw detach eth0 >/dev/null

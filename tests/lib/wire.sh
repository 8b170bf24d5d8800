# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Between PEER and HOST a third one, which hands on their frames, and does so badly: see
# wire.c. Source it after live.sh, and call net_up, live_up and wire_up.

WIRE=fw-wire-$$
WIRE_PID=

net_join() {
	at_exit net_down "$WIRE"
	ip netns add "$WIRE"
	in_ns "$WIRE" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip link add out netns "$PEER" address "$PEER_MAC" type veth peer name one netns "$WIRE"
	ip link add eth0 netns "$HOST" address "$HOST_MAC" type veth peer name other netns "$WIRE"
	in_ns "$WIRE" ip link set one up
	in_ns "$WIRE" ip link set other up
}

# wire_up: frames are as long as on a wire, and have their checksums.
wire_up() {
	in_peer ethtool -K out tx off >/dev/null 2>&1
	in_host ethtool -K eth0 tx off >/dev/null 2>&1
}

# wire_begin OPTION...: from here on frames are handed on like this. Before, none are.
wire_begin() {
	nsenter --net="/run/netns/$WIRE" "$BUILD/tests/unit/wire" "$@" one other \
		>"$WORK/wire" 2>"$WORK/wire.end" &
	WIRE_PID=$!
	until [ "$(in_ns "$WIRE" awk 'NR > 1' /proc/net/packet | wc -l)" -ge 2 ]; do
		kill -0 "$WIRE_PID" 2>/dev/null || return 1
		sleep 0.05
	done
}

# wire_end: no frames are handed on any more. What was done stands in $WORK/wire.end.
wire_end() {
	kill "$WIRE_PID"
	wait "$WIRE_PID"
}

# wired WHAT: how many frames were so, by $WORK/wire.end.
wired() {
	sed -nE "s/.*\b$1 ([0-9]+).*/\1/p" "$WORK/wire.end"
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The object file alone, with a loader that knows nothing of flagwall: it drops
# what the default policy drops.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

OBJECT=$BUILD/flagwall.bpf.o

# by_iproute2 XDP: one of the ways in which ip attaches programs.
by_iproute2() {
	local arrived_before sent drops

	what="ip link, $1"
	MODE=$([ "$1" = xdpgeneric ] && echo generic || echo native)
	arrived_before=$(received "$HOST" eth0) drops=$(xdp_drops)
	check "$what: attach" in_host ip link set dev eth0 "$1" obj "$OBJECT" sec xdp
	in_host ethtool -K eth0 gro off
	behind_up
	sent=$(send 3 'ip/TCP(flags="SF")' 4 'ip6/TCP(flags="SFRP")/b"x"' 5 'ip/TCP(flags=0)' \
		6 'ip/TCP(flags="FPU")' 7 'ip6/TCP(flags="F")' 8 'ip/TCP(flags="SR")' \
		9 'link/Dot1Q(vlan=5)/IP(src="192.0.2.1")/TCP(flags="SF")' 10 'ip/TCP(flags="P")' \
		20 'ip/TCP(flags="S")' 21 'ip6/TCP(flags="PA")/b"x"' 22 'ip/TCP(flags="FA")' \
		23 'ip/TCP(flags="R")' 24 'ip/UDP()' 2 'ip/TCP(flags="RP")')
	settle
	equal "$what: all arrived" "$(($(received "$HOST" eth0) - arrived_before))" "$sent"
	equal "$what: 52 of them were dropped" "$(behind frames)" $((sent - 52))
	[ "$MODE" = native ] && equal "$what: 52 by the driver's count" "$(($(xdp_drops) - drops))" 52
	equal "$what: nothing illegal was seen behind it" \
		"$(behind 'f & (S|F) == S|F or f & (S|R) == S|R or f in (0, F, P, F|P|U)')" 0
	equal "$what: the legal and the odd were" "$(behind 'f == S') $(behind 'f == P|A') $(
		behind 'f == F|A') $(behind 'f == R') $(behind 'f == R|P') $(behind udp)" "20 21 22 23 2 24"
	check "$what: detach" in_host ip link set dev eth0 "$1" off
	send 3 'ip/TCP(flags="SF")' >/dev/null
	sleep 0.2
	equal "$what: SYN/FIN is seen again" "$(behind 'f == S|F')" 3
}

xdp_drops() {
	xdp_statistic "$HOST" eth0 drops
}

net_up
live_up
for way in xdp xdpdrv xdpgeneric; do
	by_iproute2 $way
done

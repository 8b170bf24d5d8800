#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# inspect tunnels: through the kernel's own tunnels, as far as this one has them.
# What came out of them is nft's word.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

LOOKS=$WORK/looks.policy
printf 'include default\ninspect tunnels\n' >"$LOOKS"

TUNNEL_MAC=02:77:00:00:00

# tunnel_up TYPE: the kernel's own, "tun" on both sides. Fails if there is none.
tunnel_up() {
	local from=("local $PEER4" "local $HOST4") options=

	case $1 in
	vxlan) options="id 42 dstport 4789" ;;
	geneve)
		options="id 42"
		from=("" "")
		;;
	esac
	# shellcheck disable=SC2086
	in_peer ip link add tun type "$1" $options remote "$HOST4" ${from[0]} 2>/dev/null || return
	# shellcheck disable=SC2086
	in_host ip link add tun type "$1" $options remote "$PEER4" ${from[1]}
	case $1 in
	vxlan | geneve | gretap)
		in_peer ip link set tun address "$TUNNEL_MAC:01" arp off
		in_host ip link set tun address "$TUNNEL_MAC:02" arp off
		;;
	esac
	in_peer sysctl -qw net.ipv6.conf.tun.disable_ipv6=1
	in_host sysctl -qw net.ipv6.conf.tun.disable_ipv6=1
	in_peer ip addr add 10.77.0.1/24 dev tun
	in_host ip addr add 10.77.0.2/24 dev tun
	in_peer ip link set tun up
	in_host ip link set tun up
	case $1 in
	vxlan | geneve | gretap)
		in_peer ip neigh add 10.77.0.2 lladdr "$TUNNEL_MAC:02" dev tun nud permanent
		in_host ip neigh add 10.77.0.1 lladdr "$TUNNEL_MAC:01" dev tun nud permanent
		;;
	esac
}

# probe COUNT OPTION...: segments through the tunnel.
probe() {
	local count=$1

	shift
	in_peer hping3 -q -c "$count" -i u2000 -p 9 "$@" 10.77.0.2 >/dev/null 2>&1
}

# by_device MODE TYPE: the same through a tunnel of the kernel's.
by_device() {
	local what="$1, $2"

	if ! tunnel_up "$2"; then
		skip "$what" "this kernel has no $2"
		return
	fi
	filter_up "$1"
	probe 7 -S -F
	probe 5 -S
	accounts "$what, not looked at"
	equal "$what: not looked at: they are not TCP" "$(pattern not-tcp) $(value dropped)" "12 0"
	equal "$what: not looked at: all of it comes out of the tunnel" \
		"$(behind 'f == S|F') $(behind 'f == S')" "7 5"
	check "$what: policy set" fw policy set eth0 "$LOOKS"
	probe 7 -S -F
	probe 5 -S
	accounts "$what, looked at"
	equal "$what: SYN/FIN drops" "$(pattern syn-fin) $(pattern syn-fin dropped)" "7 7"
	equal "$what: SYN passes" "$(pattern syn) $(pattern syn dropped)" "5 0"
	equal "$what: no more SYN/FIN came out of the tunnel, all SYN did" \
		"$(behind 'f == S|F') $(behind 'f == S')" "7 10"
	filter_down
	in_peer ip link del tun
	in_host ip link del tun
}

net_up
live_up
for type in vxlan geneve gre gretap ipip; do
	by_device native $type
done
by_device generic vxlan

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What live tests share: frames that are known to the last one, and counters
# that are not ours, before the filter and behind it. Source it first, call
# net_up and live_up, and filter_up for every new filter.
#
# Every test has a bpffs of its own, in a mount namespace of its own: it meets
# nobody else's filters, and however it ends, its own end with it. (A slave of
# the old one, or it would keep namespaces alive that others delete.)

if [ -z "${FLAGWALL_TEST_MOUNTS:-}" ]; then
	FLAGWALL_TEST_MOUNTS=1 exec unshare --mount --propagation slave "$0" "$@"
fi
unset FLAGWALL_TEST_MOUNTS
mount -t bpf bpf /sys/fs/bpf || exit 1

# shellcheck source=tests/lib/tap.sh
. "${BASH_SOURCE[0]%/*}/tap.sh"
# shellcheck source=tests/lib/net.sh
. "${BASH_SOURCE[0]%/*}/net.sh"

# Of these tests those of one mode may be left out where everything is slow.
# shellcheck disable=SC2034
MODES=${FLAGWALL_MODES:-native generic}

# live_up: nothing but what the test sends. IPv6 would report its multicast
# groups for a second or two.
live_up() {
	local ns

	for ns in "$PEER" "$HOST"; do
		nsenter --net="/run/netns/$ns" nft -f - <<-'NFT'
			table ip6 hush {
				chain out {
					type filter hook output priority raw;
					icmpv6 type mld2-listener-report drop
				}
			}
		NFT
	done
	behind_up
	settle
}

# behind_rules: see behind_up. A table has to be there to be deleted.
behind_rules() {
	local f

	printf 'table %s {}\ndelete table %s\n' 'inet behind' 'inet behind' 'netdev behind' 'netdev behind'
	echo 'table netdev behind {'
	echo 'counter all_frames { }'
	echo 'counter all_arp { }'
	echo 'chain in { type filter hook ingress device eth0 priority 0;'
	echo 'counter name all_frames'
	echo 'ether type arp counter name all_arp'
	printf '}\n}\n'
	echo 'table inet behind {'
	for ((f = 0; f < 256; f++)); do echo "counter f$f { }"; done
	printf 'map by_flags { type tcp_flag : counter; elements = { 0 : "f0"'
	for ((f = 1; f < 256; f++)); do printf ', %d : "f%d"' $f $f; done
	printf '}\n}\n'
	for f in tcp udp icmp; do echo "counter all_$f { }"; done
	echo "chain in { type filter hook prerouting priority ${BEHIND_PRIORITY:-raw};"
	for f in tcp udp icmp; do echo "meta l4proto $f counter name all_$f"; done
	echo 'counter name tcp flags map @by_flags'
	printf '}\n}\n'
}

# behind_up: count once more, by nftables, what the filter let through: every
# frame of eth0, and TCP by its flags. From zero, if it was there before.
behind_up() {
	local rules=$WORK/behind.${BEHIND_PRIORITY:-raw}.nft

	[ -e "$rules" ] || behind_rules >"$rules"
	in_host nft -f "$rules" || exit 1
}

# behind WHAT [MEMBER]: packets (or bytes) seen behind the filter. WHAT is
# frames, arp, tcp, udp or icmp, or else an expression in Python over the flags
# f of a segment and the bits F S R P A U E C, as 'f == S|F' or 'f & S'.
behind() {
	python_in "$HOST" -c 'import sys, behind
print(behind.behind(*sys.argv[1:]))' "$1" "${2:-packets}"
}

# send COUNT FRAME...: see send_frames.py. Prints how many frames were sent.
send() {
	python_in "$PEER" "$TOP/tests/lib/send_frames.py" out "$@"
}

# received NAMESPACE INTERFACE: frames that it ever received, by its driver: in
# native mode those that it gave to XDP.
received() {
	local answer

	received_of "$@"
	echo "$answer"
}

# received_of: the same in $answer.
received_of() {
	in_devices "$1" 'received(*sys.argv[1:])' "$2" "${MODE:-}" 2>/dev/null
}

# arrived: frames that eth0 received since filter_up.
received_before=0
arrived() {
	local answer

	received_of "$HOST" eth0
	echo $((answer - received_before))
}

# settle: wait until no frames come any more.
settle() {
	local answer

	in_devices "$HOST" 'settle(*sys.argv[1:])' eth0 "${MODE:-}" 2>/dev/null
}

# filter_up MODE [OPTION...]: a new filter on eth0, and all counters at zero.
# Behind it nothing may be merged: one segment, one count.
filter_up() {
	MODE=$1
	shift
	received_of "$HOST" eth0
	received_before=$answer
	fw attach eth0 --mode "$MODE" "$@" >"$WORK/attach" 2>&1
	in_devices "$HOST" 'no_gro("eth0")'
	behind_up
	counters
	answer -c "$FIELD" "$WORK/counters.json" "d['mode']"
	equal "$MODE: the filter is attached in this mode" "$answer" "$MODE"
}

filter_down() {
	check "$MODE: the filter is detached" fw detach eth0
}

# value MEMBER: of $WORK/counters.json.
value() {
	field "$WORK/counters.json" "d['$1']"
}

# slot FLAGS DATA [MEMBER]: segments with exactly these flags, with (True) or
# without (False) payload.
slot() {
	field "$WORK/counters.json" "sum(f['${3:-packets}'] for f in d['flags']
		if f['flags'] == '$1' and f['data'] is $2)"
}

# accounts WHAT: fresh counters, and the sums that must always hold.
accounts() {
	settle
	counters --by flags
	reconciles "$1"
	equal "$1: the flags add up to all patterns" \
		"$(field "$WORK/counters.json" "sum(f['packets'] for f in d['flags'])")" \
		"$(field "$WORK/counters.json" "sum(p['packets'] for p in d['patterns'])")"
	equal "$1: every frame that the driver saw was counted" "$(value packets)" "$(arrived)"
	equal "$1: all but the dropped were seen behind the filter" \
		"$(behind frames)" "$(($(value packets) - $(value dropped)))"
}

# under_fire SECONDS: a transfer and a flood of SYN/FIN through the filter, which
# go on. Sets the caller's transfer and flood to their processes.
# shellcheck disable=SC2034
under_fire() {
	in_peer tc qdisc replace dev out root pfifo
	in_host iperf3 -s -1 >/dev/null 2>&1 &
	listening 5201
	# Not by in_peer: what is killed must be the program, not a shell around it.
	nsenter --net="/run/netns/$PEER" timeout $(($1 + 10)) iperf3 -c "$HOST4" -t "$1" >"$WORK/iperf" 2>&1 &
	transfer=$!
	nsenter --net="/run/netns/$PEER" timeout $(($1 + 10)) hping3 -q --flood -S -F -p 9 "$HOST4" >/dev/null 2>&1 &
	flood=$!
	sleep 0.5
}

# fire_over WHAT: both went on until now. They end.
fire_over() {
	check "$1: the flood and the transfer were still running" kill -0 "$flood" "$transfer"
	kill "$flood" "$transfer"
	wait "$flood" "$transfer" 2>/dev/null
}

# fire_dropped WHAT: of what came under fire all SYN/FIN were dropped, and nothing else.
fire_dropped() {
	accounts "$1"
	check "$1: there was a flood" test "$(flags SYN,FIN)" -gt 10000
	equal "$1: every SYN/FIN was dropped" "$(flags SYN,FIN dropped)" "$(flags SYN,FIN)"
	equal "$1: none was seen behind the filter" "$(behind 'f & (S|F) == S|F')" 0
	equal "$1: nothing else was dropped" "$(value dropped)" "$(flags SYN,FIN)"
	check "$1: the transfer was seen behind" test "$(behind tcp bytes)" -gt 10000000
}

# listening PORT: wait until the host listens there.
listening() {
	local tries=100

	until [ -n "$(in_host ss -Hltn "sport = :$1")" ]; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.05
	done
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Samples: what a flagged packet looked like. Passed traffic leaves none.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# sample NAME WHICH MEMBER...: members of the first or last sample.
sample() {
	local name=$1 which=$2 members

	shift 2
	printf -v members '"%s", ' "$@"
	field "$WORK/counters.json" "' '.join(str(s['$which'][m]) for s in d['samples']
		if s['name'] == '$name' for m in ($members))"
}

samples() {
	local from="Ether(src='02:aa:00:00:00:07',dst='$HOST_MAC')" sent

	filter_up "$1"
	sent=$(send 1 "$from/Dot1Q(vlan=77)/IP(src='192.0.2.7',dst='$HOST4',ttl=33)/TCP(sport=1234,dport=8443,flags='SF')/b'abc'" \
		1 "$from/IPv6(src='2001:db8::7',dst='$HOST6',hlim=44)/TCP(sport=4321,dport=22,flags=0)" \
		1 "$from/Dot1Q(vlan=100)/Dot1Q(vlan=200)/IP(src='192.0.2.8',dst='$HOST4',ttl=55)/TCP(sport=5,dport=6,flags='RP')" \
		4 'ip/TCP(sport=111,flags="S")' 4 'ip/TCP(sport=111,flags="SA")' \
		4 'ip/TCP(sport=111,flags="PA")/b"x"' 4 'ip/TCP(sport=111,flags="FA")' \
		4 'ip/TCP(sport=111,flags="R")' 4 'ip/UDP(sport=111)' 4 'link/Raw(b"\0"*46)')
	sleep 1.5 # the least time between two samples of the same kind, at any HZ
	sent=$((sent + $(send 1 'ip/TCP(sport=99,dport=98,flags="SF")')))
	accounts "$1"
	counters --samples
	equal "$1: all were counted" "$(value packets)" "$sent"
	equal "$1: only what was flagged left samples" "$(field "$WORK/counters.json" \
		"' '.join(sorted(s['name'] for s in d['samples']))")" "null rst-psh syn-fin"
	equal "$1: addresses, ports, TTL, MAC, VLAN id and length of a tagged frame" \
		"$(sample syn-fin first source source_port destination destination_port ttl \
			source_mac destination_mac vlan length flags data)" \
		"192.0.2.7 1234 $HOST4 8443 33 02:aa:00:00:00:07 $HOST_MAC 77 61 SYN,FIN True"
	equal "$1: the last one is another, without a tag" \
		"$(sample syn-fin last source source_port destination destination_port ttl \
			source_mac vlan data)" \
		"$PEER4 99 $HOST4 98 64 $PEER_MAC None False"
	equal "$1: IPv6" "$(sample null first source source_port destination destination_port ttl \
		vlan flags)" "2001:db8::7 4321 $HOST6 22 44 None none"
	equal "$1: the outermost of two tags, and of what is only counted" \
		"$(sample rst-psh first source source_port vlan ttl flags)" \
		"192.0.2.8 5 100 55 RST,PSH"
	equal "$1: the first was taken before the last" \
		"$(field "$WORK/counters.json" "[s['first']['time'] < s['last']['time']
			for s in d['samples'] if s['name'] == 'syn-fin'][0]")" true
	filter_down
}

net_up
live_up
samples native
samples generic

# --- flags that change all the time: a CPU refreshes a few samples a second
# refreshed: how many samples have another packet as their last than as first.
refreshed() {
	bpftool -j map dump pinned "$(echo /sys/fs/bpf/flagwall/*/xdp/samples)" | "$PYTHON" -c 'import json, sys
taken = [e["formatted"]["value"] for e in json.load(sys.stdin)]
taken = [v for v in taken if v["first"]["time"]]
print(len(taken), sum(v["first"]["time"] != v["last"]["time"] for v in taken))'
}
filter_up native
illegal=()
for ((f = 0; f < 512; f++)); do
	((f & 3)) || ((f & 16)) || illegal+=(1 "ip/TCP(flags=$f)")
	((f & 3 ^ 3)) || illegal+=(1 "ip/TCP(flags=$f)")
done
send "${illegal[@]}" >/dev/null 2>&1
settle
read -r taken _ < <(refreshed)
check "rotating flags: the first of each was kept" test "$taken" -gt 150
sleep 2
send "${illegal[@]}" >/dev/null 2>&1
settle
read -r _ again < <(refreshed)
between "rotating flags: a few were refreshed, and not all $taken" "$again" 1 $((16 * $(nproc)))
filter_down

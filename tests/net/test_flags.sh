#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Frames that are known to the last one, through a live filter: what was sent
# is what was dropped and what somebody else saw behind it.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# expected CODE: run it with the fixture, written by hand, in name[] and drop[].
expected() {
	python -c 'import json, sys
order = dict(S="SYN", F="FIN", R="RST", P="PSH", A="ACK", U="URG")
name, drop = {}, {}
for line in open(sys.argv[1]):
    value, flags, pattern, action = (line.split() + 4 * [""])[:4]
    if value.isdigit() and int(value) < 64:
        name[int(value)] = ",".join(n for f, n in order.items() if f in flags) or "none"
        drop[int(value)] = action == "drop"
'"$1" "$TOP/tests/fixtures/default_patterns.tsv" "$WORK/counters.json" "$WORK/behind.json"
}

every_combination() {
	local c sent frames=()

	for ((c = 0; c < 64; c++)); do
		frames+=("$((c + 1))" "ip/TCP(sport=1000,dport=9,flags=$c)")
	done
	filter_up "$1"
	sent=$(send "${frames[@]}")
	accounts "$1, all 64"
	equal "$1, all 64: sent as planned" "$sent" 2080
	equal "$1, all 64: what was sent arrived" "$(value packets)" "$sent"
	equal "$1, all 64: sent = dropped + seen behind" \
		"$(($(value dropped) + $(behind tcp)))" "$sent"
	check "$1, all 64: each is counted by its name, and dropped or passed as it must" expected '
got = {f["flags"]: (f["packets"], f["dropped"]) for f in json.load(open(sys.argv[2]))["flags"]}
want = {name[c]: (c + 1, (c + 1) * drop[c]) for c in range(64)}
for key in sorted(set(got) | set(want)):
    if got.get(key) != want.get(key):
        print(key, "got", got.get(key), "expected", want.get(key))
sys.exit(got != want)'
	in_host nft -j list counters >"$WORK/behind.json"
	check "$1, all 64: behind the filter are the legal ones and no other" expected '
seen = {i["counter"]["name"]: i["counter"]["packets"]
        for i in json.load(open(sys.argv[3]))["nftables"] if "counter" in i}
bad = [name[c] for c in range(64) if seen["f%d" % c] != (0 if drop[c] else c + 1)]
sys.exit(str(bad) if bad else 0)'
	filter_down
}

by_name() {
	local sent

	filter_up "$1"
	sent=$(send 3 'ip/TCP(flags="SF")' 5 'ip6/TCP(flags="SFP")' 7 'ip/TCP(flags="SFR")' \
		11 'ip6/TCP(flags="SFRP")/b"data"' 2 'ip/TCP(flags="S")')
	accounts "$1, SYN/FIN"
	equal "$1: SYN/FIN by name" "$(flags SYN,FIN) $(flags SYN,FIN dropped)" "3 3"
	equal "$1: SYN/FIN/PSH by name" "$(flags SYN,FIN,PSH) $(flags SYN,FIN,PSH dropped)" "5 5"
	equal "$1: SYN/FIN/RST by name" "$(flags SYN,FIN,RST) $(flags SYN,FIN,RST dropped)" "7 7"
	equal "$1: SYN/FIN/RST/PSH by name" \
		"$(flags SYN,FIN,RST,PSH) $(flags SYN,FIN,RST,PSH dropped)" "11 11"
	equal "$1: they are one pattern" "$(pattern syn-fin) $(pattern syn-fin dropped)" "26 26"
	equal "$1: none of them was seen behind the filter" "$(behind 'f & (S|F) == S|F')" 0
	equal "$1: SYN was" "$(behind 'f == S')" 2
	equal "$1: sent = dropped + seen behind" "$(($(value dropped) + $(behind frames)))" "$sent"
	filter_down
}

payload() {
	local sent

	filter_up "$1"
	# Ethernet fills short frames up to 60 bytes; IPv4 with TCP takes 54.
	sent=$(send 1 'ip/TCP(flags="P")' 2 'ip/TCP(flags="P")/b"x"' \
		3 'ip/TCP(flags="PA")' 4 'ip/TCP(flags="PA")/b"GET /"' \
		5 'ip/TCP(flags="A")/Padding(b"\0"*6)' 6 'ip/TCP(flags="A")' \
		7 'ip/TCP(flags="P")/Padding(b"\0"*6)' 8 'ip/TCP(flags="A")/b"x"/Padding(b"\0"*5)' \
		9 'ip6/TCP(flags="PA")' 10 'ip6/TCP(flags="PA")/b"x"' \
		11 'ip6/TCP(flags="A")/Padding(b"\0"*20)' \
		12 'ip/TCP(flags="PA",options=[("NOP",None)]*4)/Padding(b"\0"*2)')
	accounts "$1, payload"
	equal "$1: PSH without payload, padded or not" \
		"$(slot PSH False) $(slot PSH False dropped)" "8 8"
	equal "$1: PSH with payload" "$(slot PSH True) $(slot PSH True dropped)" "2 2"
	equal "$1: PSH/ACK without payload" \
		"$(slot PSH,ACK False) $(slot PSH,ACK False dropped)" "24 0"
	equal "$1: PSH/ACK with payload" "$(slot PSH,ACK True) $(slot PSH,ACK True dropped)" "14 0"
	equal "$1: a bare ACK in a padded frame has no payload" "$(slot ACK False)" 22
	equal "$1: an ACK of one byte in a padded frame has" "$(slot ACK True)" 8
	equal "$1: sent = dropped + seen behind" "$(($(value dropped) + $(behind frames)))" "$sent"
	equal "$1: no PSH without ACK was seen behind the filter" "$(behind 'f & (P|A) == P')" 0
	filter_down
}

others() {
	local sent

	filter_up "$1"
	sent=$(send 2 "link/ARP(hwsrc='$PEER_MAC',psrc='$PEER4',pdst='$HOST4')" \
		3 'ip/ICMP()' 4 'ip/UDP(dport=9)/b"x"' 5 'ip6/UDP(dport=9)/b"x"' \
		6 'link/Raw(b"\0"*46)')
	accounts "$1, not TCP"
	equal "$1: frames that are not IP" "$(pattern not-ip) $(pattern not-ip dropped)" "8 0"
	equal "$1: IP that is not TCP" "$(pattern not-tcp) $(pattern not-tcp dropped)" "12 0"
	equal "$1: ARP, UDP and ICMP were seen behind" \
		"$(behind arp) $(behind udp) $(behind icmp)" "2 9 3"
	equal "$1: all frames were" "$(behind frames)" "$sent"
	filter_down
}

net_up
live_up
for mode in $MODES; do
	every_combination "$mode"
	by_name "$mode"
	payload "$mode"
	others "$mode"
done

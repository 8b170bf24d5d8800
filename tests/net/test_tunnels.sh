#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# inspect tunnels: what is inside is judged, and only then. Frames are scapy's;
# tshark and nft say what arrived.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/kinds.sh
. "$TOP/tests/lib/kinds.sh"

LOOKS=$WORK/looks.policy
printf 'include default\ninspect tunnels\n' >"$LOOKS"

TUNNEL_MAC=02:77:00:00:00
INNER="IP(src='192.0.2.1',dst='192.0.2.2')/TCP(sport=7,dport=9,flags=F)"
INNER6="IPv6(src='2001:db8::1',dst='2001:db8::2')/TCP(sport=7,dport=9,flags=F)"
ETHER="Ether(src='$TUNNEL_MAC:0a',dst='$TUNNEL_MAC:0b')"

# One frame of each kind, F standing for the flags.
KINDS=(
	"ip/$INNER" "ip/$INNER6" "ip6/$INNER" "ip6/$INNER6"
	"link/Dot1Q(vlan=7)/ip[1]/$INNER"
	"ip/GRE()/$INNER" "ip6/GRE(chksum_present=1,key_present=1,seqnum_present=1)/$INNER6"
	"ip/GRE(proto=0x6558,key_present=1)/$ETHER/$INNER"
	"ip/GRE(proto=0x88be,seqnum_present=1)/Raw(b'\x10\0\0\0\0\0\0\0')/$ETHER/Dot1Q(vlan=5)/$INNER"
	"ip/UDP(sport=40000,dport=4789)/Raw(b'\x08\0\0\0\0\0\x2a\0')/$ETHER/$INNER"
	"ip6/UDP(sport=40000,dport=4789)/Raw(b'\x08\0\0\0\0\0\x2a\0')/$ETHER/Dot1Q(vlan=5)/$INNER6"
	"ip/UDP(sport=40000,dport=6081)/Raw(b'\2\0\x65\x58\0\0\x2a\0'+b'\1\1\1\1'+b'\0\0\0\0')/$ETHER/$INNER"
	"ip/UDP(sport=40000,dport=2152)/Raw(b'\x34\xff\0\x30\0\0\0\x2a'+b'\0\1\0\x85'+b'\1\x10\x09\0')/$INNER"
	"ip/UDP(sport=40000,dport=3544)/$INNER6"
	"ip/GRE()/IP(src='192.0.2.3')/UDP(sport=40000,dport=4789)/Raw(b'\x08\0\0\0\0\0\x2a\0')/$ETHER/$INNER"
)

# shellcheck disable=SC2034 # for kinds.sh
READ=(-o ip.defragment:FALSE)

# by_frames MODE: all kinds, and what comes of them.
by_frames() {
	local what="$1, frames" kinds=${#KINDS[@]}

	filter_up "$1"
	equal "$what: not looked at" "$(every_kind)" $((5 * kinds))
	accounts "$what, not looked at"
	equal "$what: not looked at: they are not TCP" \
		"$(pattern not-tcp) $(value dropped)" "$((5 * kinds)) 0"
	check "$what: policy set" fw policy set eth0 "$LOOKS"
	kinds_judged "$what, looked at"
	send 1 "ip/TCP(flags='A')/$(echo "bytes($INNER)" | sed 's/flags=F/flags="SF"/')" \
		2 "ip/TCP(flags='SF')/$(echo "bytes($INNER)" | sed 's/flags=F/flags="A"/')" >/dev/null
	accounts "$what, TCP in TCP"
	equal "$what: the outer TCP decides" "$(pattern syn-fin) $(pattern ack)" \
		"$((3 * kinds + 2)) $((2 * kinds + 1))"
	send 4 "ip/IP()/IP()/${INNER/flags=F/flags=\"SF\"}" 2 "ip/IP()/${INNER/flags=F/flags=\"SF\"}" >/dev/null
	accounts "$what, three deep"
	equal "$what: three deep is too deep, two are not" \
		"$(pattern encapsulation) $(pattern encapsulation dropped) $(pattern syn-fin)" \
		"4 0 $((3 * kinds + 4))"
	check "$what: policy set back" fw policy set eth0 default
	every_kind >/dev/null
	accounts "$what, not looked at any more"
	equal "$what: not looked at any more" "$(pattern not-tcp) $(pattern syn-fin)" \
		"$((10 * kinds)) $((3 * kinds + 4))"
	filter_down
}

# said: what the tool says of it.
said() {
	filter_up native --policy "$LOOKS"
	fw policy show eth0 >"$WORK/shown"
	equal "policy show: the line" "$(grep -c '^inspect tunnels$' "$WORK/shown")" 1
	fw policy show eth0 -j >"$WORK/shown.json"
	equal "policy show -j" "$(field "$WORK/shown.json" "d['inspect']")" '["tunnels"]'
	fw status eth0 -j >"$WORK/status.json"
	equal "status -j" "$(field "$WORK/status.json" "d['interfaces'][0]['inspect']")" '["tunnels"]'
	equal "the hash is that of the text" \
		"$(field "$WORK/status.json" "d['interfaces'][0]['policy_sha256']")" \
		"$(sha256sum <"$WORK/shown" | cut -d' ' -f1)"
	fw policy preview eth0 default -j >"$WORK/preview.json"
	equal "preview: another look" "$(field "$WORK/preview.json" "d['inspect_differs']")" true
	fw policy preview eth0 "$LOOKS" -j >"$WORK/preview.json"
	equal "preview: the same look" "$(field "$WORK/preview.json" "d['inspect_differs']")" false
	check "attach again keeps it" fw attach eth0
	check "observing keeps it" fw attach eth0 --observe
	send 3 "ip/${INNER/flags=F/flags=\"SF\"}" >/dev/null
	accounts "observing"
	equal "observing: counted" "$(pattern syn-fin) $(pattern syn-fin dropped)" "3 0"
	check "on trial: policy set" fw policy set eth0 default --enforce --confirm 8
	send 3 "ip/${INNER/flags=F/flags=\"SF\"}" >/dev/null
	sleep 8
	send 3 "ip/${INNER/flags=F/flags=\"SF\"}" >/dev/null
	accounts "behind the trial"
	equal "on trial it was not looked at, then again" "$(pattern not-tcp) $(pattern syn-fin)" "3 6"
	filter_down
}

# under_changes SETS: the switch goes on and off, and nothing goes by meanwhile.
under_changes() {
	local transfer flood i refused=0

	filter_up native
	under_fire 120
	for ((i = 0; i < $1; i++)); do
		fw policy set eth0 "$([ $((i % 2)) = 0 ] && echo "$LOOKS" || echo default)" \
			>/dev/null 2>&1 || refused=$((refused + 1))
	done
	fire_over "under fire"
	equal "under fire: policy set refused" "$refused" 0
	fire_dropped "under fire"
	filter_down
}

net_up
live_up
for mode in native generic; do
	by_frames $mode
done
said
under_changes "${FLAGWALL_CHANGES:-8}"

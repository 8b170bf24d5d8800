#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What stands between Ethernet and IP besides VLAN tags: flagged segments behind
# it drop, legal ones pass, samples and exceptions find their addresses. tshark
# says what arrived.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/kinds.sh
. "$TOP/tests/lib/kinds.sh"

INNER="IP(src='192.0.2.1',dst='192.0.2.2',ttl=33)/TCP(sport=1234,dport=8443,flags=F)"
INNER6="IPv6(src='2001:db8::1',dst='2001:db8::2')/TCP(sport=1234,dport=8443,flags=F)"
MACS="b'\2\0\0\0\0\x0a\2\0\0\0\0\x0b'"
AS="Ether(src='$PEER_MAC',dst='$HOST_MAC',type="

# One frame of each kind, F standing for the flags: scapy puts every type.
KINDS=(
	"${AS}0x8864)/Raw(b'\x11\0\0\7\0\x2a\0\x21')/$INNER"
	"${AS}0x8864)/Raw(b'\x11\0\0\7\0\x3e\0\x57')/$INNER6"
	"link/Dot1Q(vlan=7,type=0x8864)/Raw(b'\x11\0\0\7\0\x29\x21')/$INNER"
	"${AS}0x8847)/Raw(b'\0\6\x40\x40'+b'\0\6\x41\x40')/$INNER"
	"${AS}0x8847)/Raw(b'\0\6\x41\x40')/$INNER6"
	"${AS}0x8847)/Raw(b'\0\x0c\x81\x40'+b'\0\0\0\7'+$MACS+b'\x08\0')/$INNER"
	"${AS}48)/Raw(b'\xaa\xaa\3\0\0\0\x08\0')/$INNER"
	"link/Dot1Q(vlan=7,type=68)/Raw(b'\xaa\xaa\3\0\0\0\x86\xdd')/$INNER6"
	"${AS}0x88a8)/Raw(b'\0\7\x88\xe7'+b'\0\0\0\7'+$MACS+b'\x81\0'+b'\0\5\x08\0')/$INNER"
	"${AS}0x8926)/Raw(b'\0\1\0\2\x81\0'+b'\0\5\x86\xdd')/$INNER6"
	"${AS}0x893f)/Raw(b'\0\0\x10\2\0\0\x08\0')/$INNER"
	"${AS}0x8909)/Raw(b'\1\1\0\1\0\7\x08\0')/$INNER"
	"${AS}0x9100)/Raw(b'\0\7\x81\0'+b'\0\5\x08\0')/$INNER"
)

# shellcheck disable=SC2034 # for kinds.sh
READ=(-d 'mpls.label==200,pwethcw')

by_kind() {
	local what=$1 kinds=${#KINDS[@]}

	filter_up "$1"
	kinds_judged "$what"
	send 3 "${AS}0x8847)/Raw(b'\0\6\x40\x40'*9)" 4 "${AS}38)/Raw(b'\x42\x42\3'+b'\0'*35)" \
		5 "${AS}0x8863)/Raw(b'\x11\x09\0\0\0\4\1\1\0\0')" >/dev/null
	accounts "$what, no IP"
	equal "$what: labels without an end, a spanning tree, PPPoE's discovery" \
		"$(pattern encapsulation) $(pattern not-ip) $(value dropped)" "3 9 $((3 * kinds))"
	filter_down
}

# addresses: of the packet behind, in samples and for exceptions.
addresses() {
	local sample

	printf 'include default\nexcept from 192.0.2.1 syn-fin\n' >"$WORK/except.policy"
	filter_up native
	send 1 "${KINDS[0]/flags=F/flags=\"SF\"}" >/dev/null
	accounts "a sample"
	counters --samples
	for sample in 'source 192.0.2.1' 'source_port 1234' 'destination 192.0.2.2' \
		'destination_port 8443' 'ttl 33'; do
		equal "in PPPoE: a sample's ${sample% *}" "$(field "$WORK/counters.json" \
			"d['samples'][0]['first']['${sample% *}']")" "${sample#* }"
	done
	check "policy set" fw policy set eth0 "$WORK/except.policy"
	send 2 "${KINDS[0]/flags=F/flags=\"SF\"}" 3 "${KINDS[1]/flags=F/flags=\"SF\"}" \
		4 "${KINDS[3]/flags=F/flags=\"SF\"}" >/dev/null
	accounts "exceptions"
	equal "exceptions: by the address behind PPPoE and MPLS" \
		"$(value excepted) $(pattern syn-fin dropped)" "6 4"
	filter_down
}

net_up
live_up
by_kind native
by_kind generic
addresses

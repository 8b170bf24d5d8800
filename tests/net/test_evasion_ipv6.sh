#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Evasions in IPv6: chains of headers, fragments, lengths that lie.

# shellcheck source=tests/lib/evasion.sh
. "$(dirname "$0")/../lib/evasion.sh"

# shellcheck disable=SC2034
TOPIC=ipv6
SF='tcp("SF")'
S_BYTES='bytes(ip6/tcp("S"))[54:]'
SF_BYTES='bytes(ip6/tcp("SF"))[54:]'
DST='header(60)'

# times COUNT TEXT: it, so many times.
times() {
	local i

	for ((i = 0; i < $1; i++)); do printf '%s' "$2"; done
}

chains() {
	trick one-header 1 "ip6/IPv6ExtHdrHopByHop(options=PadN(optdata=b'1234'))/$SF" \
		1 "ip6/IPv6ExtHdrRouting(type=0,addresses=['fd66::9'])/$SF" \
		1 "ip6/IPv6ExtHdrRouting(type=2,addresses=['fd66::9'])/$SF" \
		1 "ip6/IPv6ExtHdrRouting(type=4,addresses=['fd66::9','fd66::8'])/$SF" \
		1 "ip6/IPv6ExtHdrDestOpt()/$SF" \
		1 "v6(nh=135)/header(6,16)/$SF" 1 "v6(nh=139)/header(6,40)/$SF" 1 "v6(nh=140)/header(6)/$SF"
	trick long-header 1 "v6(nh=0)/header(6,1400)/$SF"
	trick odd-order 1 "v6(nh=60)/header(0)/header(43)/header(0)/header(6)/$SF"
	trick eight-headers 1 "v6(nh=0)/header(60)/header(43,24)/header(51)/ah(135)/header(139)/header(140)/header(60)/header(6,16)/$SF"
	trick nine-headers 1 "v6(nh=60)/$(times 8 "$DST/")header(6)/$SF"
	trick many-headers 1 "v6(nh=60)/Raw(bytes(header(60))*149)/header(6)/$SF"
	trick eight-and-esp 1 "v6(nh=60)/$(times 7 "$DST/")header(50)/Raw(bytes(8))/$SF"
	trick header-overruns 1 "v6(nh=60,plen=8)/header(6,8,16)/$SF" 1 "v6(nh=60)/header(6,8,2048)/$SF"
	trick header-to-nowhere 1 "v6(nh=60,plen=8)/header(6)/$SF"
	trick ah 1 "v6(nh=51)/ah(6,8)/$SF" 1 "v6(nh=51)/ah(6,24)/$SF" 1 "v6(nh=51)/ah(6,28)/$SF" \
		1 "v6(nh=51)/ah(6,1028)/$SF"
	trick ah-lies 1 "v6(nh=51)/ah(6,24,1028)/$SF"
	trick esp 1 "v6(nh=50)/Raw(bytes(8))/$SF" 1 "v6(nh=0)/header(50)/Raw(bytes(8))/$SF"
	trick no-next 1 "v6(nh=59)/$SF"
	trick in-ipv4 1 "ip/IPv6(src=ip6[IPv6].src,dst=ip6[IPv6].dst)/$SF"
	trick in-ipv6 1 "v6(nh=60)/header(41)/IPv6(src=ip6[IPv6].src,dst=ip6[IPv6].dst)/$SF"
}

atomic_fragments() {
	trick atomic 1 "ip6/fragment(6)/$SF"
	trick atomic-reserved 1 "ip6/fragment(6,res1=255,res2=3)/$SF"
	trick atomic-three 1 "ip6/fragment(44)/fragment(44)/fragment(6)/$SF"
	trick atomic-nine 1 "ip6/$(times 8 'fragment(44)/')fragment(6)/$SF"
}

fragments() {
	local first='ip6/fragment(6,0,1)'

	trick tiny-fragment 1 "$first" 1 "$first/Raw(${SF_BYTES}[:8])" 1 "$first/Raw(${SF_BYTES}[:13])"
	trick chain-in-second 1 'ip6/fragment(60,0,1)/header(6)' 1 "ip6/fragment(60,1)/Raw($SF_BYTES)"
	trick chain-cut 1 'ip6/fragment(60,0,1)/Raw(bytes(header(6,24))[:16])'
	trick first-fragment 1 "$first/Raw($SF_BYTES+bytes(4))" \
		1 "ip6/fragment(60,0,1)/header(6)/Raw(${SF_BYTES}[:16])"
	trick overlap-flags 1 "$first/Raw(${S_BYTES}[:16])" 1 "ip6/fragment(6,1)/Raw(${SF_BYTES}[8:])"
	trick overlap-twice 1 "$first/Raw(${S_BYTES}[:16])" 1 "$first/Raw(${SF_BYTES}[:16])"
	trick overlap-data 1 "$first/Raw($S_BYTES+bytes(12))" 1 'ip6/fragment(6,2)/Raw(bytes(16))'
	trick fragment-lies 1 "ip6/fragment(17,1)/Raw(${SF_BYTES}[8:])"
	trick fragment-option 1 "ip6/fragment(60,1)/Raw(${SF_BYTES}[8:])"
	trick nested-fragments 1 'ip6/fragment(44)/fragment(6,3)/Raw(bytes(16))'
}

lengths() {
	trick length-0 1 "v6(plen=0)/$SF" 1 "v6(nh=0,plen=0)/Raw(bytes([6,0,0xc2,4,0,1,0,0]))/$SF"
	trick length-over 1 "v6(plen=21)/$SF" 1 "v6(plen=1020)/$SF" 1 "v6(plen=65535)/$SF"
	trick length-under-flags 1 "v6(plen=1)/$SF" 1 "v6(plen=8)/$SF" 1 "v6(plen=13)/$SF"
	trick length-under-offset 1 "v6(plen=14)/$SF" 1 "v6(plen=19)/$SF"
	trick version 1 "v6(version=0)/$SF" 1 "v6(version=4)/$SF" 1 "v6(version=5)/$SF" 1 "v6(version=15)/$SF"
	trick class-and-label 1 "v6(tc=255,fl=0xfffff,hlim=0)/$SF"
}

tricks() {
	chains
	atomic_fragments
	fragments
	lengths
}

evasions native:default generic:strict

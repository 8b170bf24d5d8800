#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Evasions in IPv4: options, lengths that lie, fragments, AH.

# shellcheck source=tests/lib/evasion.sh
. "$(dirname "$0")/../lib/evasion.sh"

# shellcheck disable=SC2034
TOPIC=ipv4
SF='tcp("SF")'
# What a datagram of one segment is cut into.
S_BYTES='bytes(ip/tcp("S"))[34:]'
SF_BYTES='bytes(ip/tcp("SF"))[34:]'

headers() {
	local i frames=()

	for i in 1 2 3 4 5 6 7 8 9 10; do
		frames+=(1 "v4(options=[IPOption_NOP()]*(4*$i))/$SF")
	done
	trick options "${frames[@]}"
	frames=()
	for i in 7 131 68 148 130 222; do
		frames+=(1 "v4(options=[Raw(bytes([$i,8,4,0,0,0,0,0]))])/$SF")
	done
	trick option-kinds "${frames[@]}"
	trick option-overrun 1 "v4(options=[Raw(b'\\x44\\xff\\x05\\x00')])/$SF"
	frames=()
	for i in 0 1 2 3 4; do frames+=(1 "v4(ihl=$i)/$SF"); done
	trick ihl-0-to-4 "${frames[@]}"
	trick ihl-too-long 1 "v4(ihl=7)/$SF/Raw(bytes(20))"
	trick ihl-past-packet 1 "v4(ihl=15)/$SF"
	trick version 1 "v4(version=0)/$SF" 1 "v4(version=5)/$SF" 1 "v4(version=6)/$SF" 1 "v4(version=15)/$SF"
	trick bad-ip-checksum 1 "v4(chksum=0xdead)/$SF"
	trick ttl 1 "v4(ttl=0)/$SF" 1 "v4(ttl=1)/$SF" 1 "v4(ttl=255)/$SF"
	trick evil-bit 1 "v4(flags=4)/$SF" 1 "v4(flags=6)/$SF"
}

lengths() {
	trick length-0 1 "v4(len=0)/$SF"
	trick length-over 1 "v4(len=41)/$SF" 1 "v4(len=1040)/$SF" 1 "v4(len=65535)/$SF"
	trick length-under-header 1 "v4(len=1)/$SF" 1 "v4(len=19)/$SF"
	trick length-under-flags 1 "v4(len=20)/$SF" 1 "v4(len=28)/$SF" 1 "v4(len=33)/$SF"
	trick length-under-offset 1 "v4(len=34)/$SF" 1 "v4(len=39)/$SF"
}

fragments() {
	local more='v4(proto=6,flags="MF")/Raw'

	trick tiny-fragment 1 'v4(proto=6,flags="MF")' 1 "$more(${SF_BYTES}[:8])" 1 "$more(${SF_BYTES}[:13])"
	trick first-fragment 1 "$more(${SF_BYTES}[:16])" 1 "$more($SF_BYTES+bytes(4))"
	trick overlap-flags 1 "$more(${S_BYTES}[:16])" 1 "v4(proto=6,frag=1)/Raw(${SF_BYTES}[8:])"
	trick overlap-twice 1 "$more(${S_BYTES}[:16])" 1 "$more(${SF_BYTES}[:16])"
	trick overlap-reversed 1 "v4(proto=6,frag=1)/Raw(${SF_BYTES}[8:])" 1 "$more(${S_BYTES}[:16])"
	trick overlap-data 1 "$more($S_BYTES+bytes(12))" 1 "v4(proto=6,frag=2)/Raw(bytes(16))"
	trick last-first 1 "v4(proto=6,frag=3)/Raw(bytes(8))" 1 "$more($SF_BYTES+bytes(4))"
	trick fragment-end 1 'v4(proto=6,frag=8190,flags="MF")/Raw(bytes(16))' 1 'v4(proto=6,frag=8191)/Raw(bytes(16))'
	trick fragment-df 1 "v4(proto=6,flags='MF+DF')/Raw(${SF_BYTES}[:16])"
	trick fragment-other 1 "v4(proto=17,frag=1)/Raw(${SF_BYTES}[8:])"
}

headers_behind() {
	trick ah 1 "v4(proto=51)/ah(6,12)/$SF" 1 "v4(proto=51)/ah(6,24)/$SF" 1 "v4(proto=51)/ah(6,1028)/$SF"
	trick ah-twice 1 "v4(proto=51)/ah(51,24)/ah(6,16)/$SF"
	trick ah-lies 1 "v4(proto=51)/ah(6,24,1028)/$SF"
	trick ah-fragment 1 'v4(proto=51,flags="MF")/Raw(bytes(ah(6,24))[:16])'
	trick esp 1 "v4(proto=50)/Raw(bytes(8))/$SF"
	trick ipv6-headers 1 "v4(proto=0)/header(6)/$SF" 1 "v4(proto=43)/header(6)/$SF" \
		1 "v4(proto=44)/fragment(6)/$SF" 1 "v4(proto=60)/header(6)/$SF"
	trick in-ipv4 1 "ip/IP(src=ip[IP].src,dst=ip[IP].dst)/$SF"
}

tricks() {
	headers
	lengths
	fragments
	headers_behind
}

evasions native:default generic:strict

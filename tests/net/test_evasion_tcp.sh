#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Evasions in TCP: noise beside the flags, data offsets that lie, checksums.

# shellcheck source=tests/lib/evasion.sh
. "$(dirname "$0")/../lib/evasion.sh"

# shellcheck disable=SC2034
TOPIC=tcp
# noise FLAGS: a segment with them and each bit that must not matter, and all of
# these: ECE, CWR, AE, and the three reserved bits.
noise() {
	local flags=$1 bit

	frames=()
	for bit in 0x040 0x080 0x100 0x200 0x400 0x800 0xfc0; do
		frames+=(1 "ip/tcp($((flags | bit & 0x1ff)),reserved=$((bit >> 9)))")
	done
}

combinations() {
	local frames f

	noise 0
	trick null-noise "${frames[@]}"
	noise 3
	trick syn-fin-noise "${frames[@]}"
	noise 0x29
	trick xmas-noise "${frames[@]}"
	frames=()
	for ((f = 0; f < 16; f++)); do frames+=(1 "ip6/tcp($((3 | f << 2)))"); done
	trick syn-fin-more "${frames[@]}"
	trick ecn-setup 1 'ip/tcp("SEC")' 1 'ip6/tcp("SECN")' 1 'ip/tcp("SAE")'
}

offsets() {
	local frames=() i

	for i in 0 1 2 3 4; do frames+=(1 "ip/tcp('SF',dataofs=$i)/Raw(bytes(40))"); done
	trick offset-0-to-4 "${frames[@]}"
	trick offset-past-segment 1 'ip/tcp("SF",dataofs=6)' 1 'ip6/tcp("SF",dataofs=15)'
	trick offset-15 1 'ip/tcp("SF",options=[("NOP",None)]*40)'
	trick option-garbage 1 'ip/tcp("SF",dataofs=6)/Raw(b"\x02\xff\x00\x00")'
	trick cut-before-flags 1 'bytes(ip/tcp("SF"))[:47]'
	trick cut-after-flags 1 'bytes(ip/tcp("SF"))[:48]'
}

others() {
	trick bad-checksum 1 'ip/tcp("SF",chksum=0xdead)' 1 'ip6/tcp("SF",chksum=0)'
	trick data 1 'ip/tcp("SF")/b"x"' 1 'ip6/tcp("SF")/bytes(1400)'
	trick urgent-pointer 1 'ip/tcp("SF",urgptr=65535)/b"x"'
	trick ports 1 'ip/TCP(sport=0,dport=0,flags="SF")' 1 'ip6/TCP(sport=65535,dport=65535,flags="SF")'
}

tricks() {
	combinations
	offsets
	others
}

evasions native:default generic:strict

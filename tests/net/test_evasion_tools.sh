#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Evasions by the tools that are known for them.

# shellcheck source=tests/lib/evasion.sh
. "$(dirname "$0")/../lib/evasion.sh"

# shellcheck disable=SC2034
TOPIC=tools
PORTS=5

# scan OPTION...: one probe for each of a few closed ports.
scan() {
	tool "$1" nmap -n -Pn -T5 --max-retries 0 --initial-rtt-timeout 100ms \
		--max-rtt-timeout 100ms -p 1-$PORTS "${@:2}"
}

# probe OPTION...: as many packets. hping3 would wait a second for answers.
probe() {
	tool "$1" timeout 0.5 hping3 -q -c $PORTS -i u2000 -p 9 "${@:2}" "$HOST4"
}

# mute: nobody answers over IPv4, or hping3 stops after so many answers.
mute() {
	in_host nft -f - <<-'NFT'
		table ip mute {
			chain out {
				type filter hook output priority 0;
				meta l4proto tcp drop
			}
		}
	NFT
	# Of every answer to thc-ipv6 depends how long it waits.
	in_host sysctl -qw net.ipv6.icmp.ratelimit=0
}

nmap_tricks() {
	scan nmap-f -f -sX "$HOST4"
	scan nmap-ff -ff -sX "$HOST4"
	scan nmap-mtu --mtu 24 -sX "$HOST4"
	scan nmap-data-length --data-length 100 -sF "$HOST4"
	scan nmap-badsum --badsum --scanflags SYNFIN "$HOST4"
	scan nmap-ip-options --ip-options '\x01*40' -sN "$HOST4"
	scan nmap-scanflags --scanflags ECECWR "$HOST4"
	scan nmap-6 -6 -sX --data-length 20 "$HOST6"
	scan nmap-6-badsum -6 -sN --badsum --disable-arp-ping "$HOST6"
}

hping3_tricks() {
	probe hping3-f -S -F -f -d 64
	probe hping3-mtu -S -F -m 8 -d 16
	probe hping3-fragoff -S -F -g 8
	probe hping3-morefrag -S -F -x
	probe hping3-tcpoff -S -O 3
	probe hping3-tcpoff-15 -S -O 15
	probe hping3-xy -X -Y
	probe hping3-badcksum -b -S -F
	probe hping3-rroute -G -S -F
}

# Only those cases that are over in a second or two. firewall6 waits 4 s for an answer to what was dropped.
thc_tricks() {
	local trick

	for trick in hopbyhop:5 dst-3:8 dst-130:9 atomic:10 atomic-3:14 atomic-130:16 atomic-260:18 \
		dst-2k:19; do
		tool "firewall6-${trick%:*}" timeout 1 atk6-firewall6 out "$HOST6" 9 "${trick#*:}"
	done
	tool fragmentation6-overlap atk6-fragmentation6 -p out "$HOST6" 8
	tool fragmentation6-one-shot atk6-fragmentation6 -p out "$HOST6" 9
}

muted=
tricks() {
	[ -n "$muted" ] || mute
	muted=yes
	nmap_tricks
	hping3_tricks
	thc_tricks
}

# They take their time: each policy once.
evasions native:default generic:strict

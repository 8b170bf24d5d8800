#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Scanners against a live filter: nmap and hping3, IPv4 and IPv6, fragments
# and nonsense. What is illegal is counted to the last probe and gone.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

PORTS=20

# scan OPTION...: one probe for each of 20 closed ports.
scan() {
	in_peer nmap -n -Pn -T5 --max-retries 0 --initial-rtt-timeout 100ms \
		--max-rtt-timeout 100ms -p 1-$PORTS "$@" >/dev/null 2>&1
}

# probe OPTION...: five packets.
probe() {
	in_peer hping3 -q -c 5 -i u2000 -p 9 "$@" "$HOST4" >/dev/null 2>&1
}

# mute: the host answers no TCP, and closed ports look filtered. hping3 -c stops
# after so many answers, and takes those to the others for its own.
mute() {
	in_host nft -f - <<-'NFT'
		table inet mute {
			chain out {
				type filter hook output priority 0;
				meta l4proto tcp drop
			}
		}
	NFT
}

# They only differ in what they send, so all can run at once.
all_scans() {
	scan -sN "$HOST4" &
	scan -sF "$HOST4" &
	scan -sX "$HOST4" &
	scan -6 -sX "$HOST6" &
	scan -sX -ff "$HOST4" &
	scan -sX -f "$HOST4" &
	scan --scanflags SYNFIN "$HOST4" &
	scan --scanflags SYNRST "$HOST4" &
	scan -sA "$HOST4" &
	scan -sM "$HOST4" &
	scan -sS "$HOST4" &
	scan -6 -sS "$HOST6" &
	probe -S -F &
	probe -S -F -f -d 64 &
	probe -S -f -d 64 &
	probe -S -O 3 &
	probe -X &
	probe -F -S -R -P -A -U -X -Y &
	wait
	probe -1 # these are answered, and hping3 stops after five answers to
	probe -2 # whomever
}

# gone FLAGS EXPRESSION COUNT: counted, dropped, and not seen behind.
gone() {
	equal "$what: $1 counted, dropped, seen behind" \
		"$(flags "$1") $(flags "$1" dropped) $(behind "$2")" "$3 $3 0"
}

# passed FLAGS EXPRESSION LEAST: a scanner may send more to ports that answer.
passed() {
	equal "$what: $1 seen behind as often as counted" "$(behind "$2")" "$(flags "$1")"
	equal "$what: $1 never dropped" "$(flags "$1" dropped)" 0
	between "$what: $1" "$(flags "$1")" "$3" $((2 * $3))
}

reason() {
	equal "$what: $1 counted, dropped" "$(pattern "$1") $(pattern "$1" dropped)" "$2 $3"
}

net_up
live_up
mute
for mode in native generic; do
	what=$mode
	filter_up $mode
	all_scans
	accounts $mode
	gone none 'f == 0' $PORTS
	gone FIN 'f == F' $PORTS
	gone FIN,PSH,URG 'f == F|P|U' $((3 * PORTS)) # IPv4, IPv6, and 16 bytes a fragment
	gone SYN,FIN 'f == S|F' $((PORTS + 10))
	gone SYN,RST 'f == S|R' $PORTS
	gone ECE 'f == E' 5
	gone SYN,FIN,RST,PSH,ACK,URG,ECE,CWR 'f == 255' 5
	passed ACK 'f == A' $PORTS
	passed FIN,ACK 'f == F|A' $PORTS
	# Data offset 3 has no signature here; nft reads its flags all the same.
	equal "$what: SYN seen behind as often as counted, and 5 with a bad offset" \
		"$(behind 'f == S')" "$(($(flags SYN) + 5))"
	between "$what: SYN" "$(flags SYN)" $((2 * PORTS + 5)) $((4 * PORTS + 5))
	# nmap -f: 8 bytes of TCP a fragment, three in all; the second one would
	# rewrite the flags. nmap -ff: the second of two. hping3 -f: 84 bytes.
	reason tiny-fragment $PORTS $PORTS
	reason fragment-overlap $PORTS $PORTS
	reason fragment $((2 * PORTS + 50)) 0
	reason bad-tcp-offset 5 0
	equal "$what: ICMP and UDP passed" "$(behind icmp) $(behind udp)" "5 5"
	between "$what: not-tcp" "$(pattern not-tcp)" 10 100 # nmap asks for its neighbours
	equal "$what: not-tcp never dropped" "$(pattern not-tcp dropped)" 0
	equal "$what: nothing else was dropped" "$(value dropped)" "$((8 * PORTS + 20 + PORTS))"
	filter_down
done

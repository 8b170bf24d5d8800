#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# One connection, counted in both directions: the textbook's handshake and
# teardown, and no other. Then the same with ECN.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# One request, one response, and the server closes first.
SERVER='
import socket, sys
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
with socket.create_server((sys.argv[1], 80), family=family) as server:
    connection, _ = server.accept()
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        request += connection.recv(4096)
    connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody")
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass
    connection.close()
'

# counted WHERE EXPRESSION: packets of the flags f (a list of names), with
# data or without, that make the expression true; WHERE is host or peer.
counted() {
	field "$WORK/$1.json" "sum(n for n, f, data in
		((f['packets'], f['flags'].split(','), f['data']) for f in d['flags']) if $2)"
}

# exchange MODE ADDRESS [OPTION...]: a filter at both ends, and one curl.
exchange() {
	local mode=$1 address=$2 url=$2 server before

	shift 2
	[[ $address == *:* ]] && url="[$address]"
	filter_up "$mode" "$@"
	before=$(received "$PEER" out)
	"$FLAGWALL" attach --netns "$PEER" out --mode "$mode" "$@" >/dev/null
	in_host "$PYTHON" -c "$SERVER" "$address" &
	server=$!
	listening 80
	equal "$what: curl got the page" "$(in_peer curl -s --max-time 10 "http://$url/")" body
	wait "$server"
	accounts "$what"
	equal "$what: nothing was dropped" "$(value dropped)" 0
	mv "$WORK/counters.json" "$WORK/host.json"
	"$FLAGWALL" counters --netns "$PEER" out --by flags -j >"$WORK/peer.json"
	cp "$WORK/peer.json" "$WORK/counters.json"
	reconciles "$what, back"
	equal "$what, back: every frame that the driver saw was counted" \
		"$(value packets)" "$(($(received "$PEER" out) - before))"
	check "$what: the filter is detached" "$FLAGWALL" detach --netns "$HOST" --all
	check "$what, back: the filter is detached" "$FLAGWALL" detach --netns "$PEER" --all
}

textbook() {
	local there back

	# SYN, ACK, request, ACK of the response (with its FIN), FIN.
	equal "$what: one SYN there" "$(counted host "f == ['SYN']")" 1
	equal "$what: one segment with data there" \
		"$(counted host "data") $(counted host "data and f == ['PSH', 'ACK']")" "1 1"
	equal "$what: one FIN there" \
		"$(counted host "'FIN' in f") $(counted host "f == ['FIN', 'ACK']")" "1 1"
	between "$what: bare ACKs there" "$(counted host "f == ['ACK'] and not data")" 1 3
	equal "$what: one SYN/ACK back" "$(counted peer "f == ['SYN', 'ACK']")" 1
	equal "$what: one segment with data back" "$(counted peer "data")" 1
	equal "$what: one FIN back, with ACK" \
		"$(counted peer "'FIN' in f") $(counted peer "'FIN' in f and 'ACK' in f")" "1 1"
	between "$what: bare ACKs back" "$(counted peer "f == ['ACK'] and not data")" 0 3
	equal "$what: no RST, no URG, no other" \
		"$(counted host "'RST' in f or 'URG' in f") $(counted peer "'RST' in f or 'URG' in f")" "0 0"
	there=$(field "$WORK/host.json" "d['packets']")
	back=$(field "$WORK/peer.json" "d['packets']")
	between "$what: segments there, all in all" "$there" 4 6
	between "$what: segments back, all in all" "$back" 3 6
	equal "$what: opened and closed as patterns, there" "$(field "$WORK/host.json" \
		"({p['name']: p['packets'] for p in d['patterns'] if p['packets']} ==
			{'syn': 1, 'ack': d['packets'] - 2, 'fin-ack': 1})")" true
	equal "$what: opened and closed as patterns, back" "$(field "$WORK/peer.json" \
		"({p['name']: p['packets'] for p in d['patterns'] if p['packets'] and p['name'] != 'ack'} ==
			{'syn-ack': 1, 'fin-ack': 1})")" true
}

ecn() {
	for ns in "$PEER" "$HOST"; do
		nsenter --net="/run/netns/$ns" sysctl -qw net.ipv4.tcp_ecn="$1"
	done
}

net_up
live_up
ecn 0
for mode in native generic; do
	for address in "$HOST4" "$HOST6"; do
		what="$mode $address"
		exchange $mode "$address"
		textbook
	done
done
what="native $HOST4 observed"
exchange native "$HOST4" --observe
textbook

ecn 1
for mode in native generic; do
	what="$mode, ECN"
	exchange $mode "$HOST4"
	equal "$what: SYN with ECE and CWR is a syn" "$(counted host "f == ['SYN', 'ECE', 'CWR']") $(
		field "$WORK/host.json" "[p['packets'] for p in d['patterns'] if p['name'] == 'syn'][0]"
	)" "1 1"
	equal "$what: SYN/ACK with ECE is a syn-ack" "$(counted peer "f == ['SYN', 'ACK', 'ECE']") $(
		field "$WORK/peer.json" "[p['packets'] for p in d['patterns'] if p['name'] == 'syn-ack'][0]"
	)" "1 1"
	equal "$what: it was seen behind the filter" "$(behind 'f == S|E|C')" 1
done

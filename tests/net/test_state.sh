#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Flags against the state of connections: real connections in all the ways that are
# hard to tell, of which nothing is flagged but what is named here; scans and floods,
# flagged by state and flags; and whatever is not for the sockets of this host is not
# judged by them. FLAGWALL_CONNECTIONS=50000 makes so many of each family, at a loss of 1 %.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# cases WHAT=FLAGGED...: what must be flagged of each case, "-" for nothing.
cases() {
	local name flagged about rows expected

	while IFS=$'\t' read -r name flagged about rows; do
		for expected in "$@"; do
			[ "${expected%%=*}" != "$name" ] ||
				equal "$MODE: $name: $about ($rows)" "$flagged" "${expected#*=}"
		done
	done < <("$PYTHON" "$TOP/tests/lib/state_cases.py" "${@%%=*}" 2>"$WORK/cases.err" ||
		sed "s/^/failed\t/" "$WORK/cases.err")
}

# state STATE FLAGS [MEMBER]: packets, or another member, of $WORK/counters.json.
state() {
	field "$WORK/counters.json" "sum(s['${3:-packets}'] for s in d['states']
		if s['state'] == '$1' and s['flags'] == '$2')"
}

# flagged: all that was, as "STATE FLAGS PACKETS, ...".
flagged() {
	field "$WORK/counters.json" "', '.join('%s %s %d' % (s['state'], s['flags'], s['packets'])
		for s in d['states'] if s['policy_action'] != 'pass') or '-'"
}

# adds_up WHAT: every segment that the first table let pass has its state.
adds_up() {
	settle
	counters
	reconciles "$1"
	equal "$1: every segment that the first table lets pass has a state" \
		"$(field "$WORK/counters.json" "sum(s['packets'] for s in d['states'])")" \
		"$(field "$WORK/counters.json" "sum(p['packets'] for p in d['patterns'] if p['policy_action'] == 'pass')")"
}

# Every case has a connection; what is flagged is named in docs/state.md.
hard_cases() {
	filter_up native --policy stateful
	cases plain=- refused=- outgoing=- wildcard=- reuseport=- cookies=- fastopen=- simultaneous=- \
		reuse=- lost_syn=- lost_ack=- half_closed=- keepalive=- orphan=- load=- \
		in_flight="none PSH,ACK, none RST,ACK" forgotten="listen FIN,ACK" challenged="syn-sent ACK"
	adds_up "hard cases"
	equal "hard cases: the SYN cookies were checked" "$(state listen ACK)" 0
	check "hard cases: TIME-WAIT was met by a SYN" test "$(state time-wait SYN)" -gt 0
	check "hard cases: both asked at once" test "$(state syn-sent SYN)" -gt 0
	equal "hard cases: nothing was dropped" "$(value dropped)" 0
	equal "life: what was asked for went one way or the other" \
		"$(field "$WORK/counters.json" "(lambda l: l['asked'] == l['opened'] + l['reopened'] + l['repeated'] + l['refused'] +
			sum(s['packets'] for s in d['states'] if (s['state'], s['flags']) == ('syn-sent', 'SYN')))(d['life'])")" true
	equal "life: by the patterns" "$(field "$WORK/counters.json" "[d['life'][n] for n in ('asked', 'accepted', 'closed', 'reset')]")" \
		"[$(pattern syn), $(pattern syn-ack), $(pattern fin-ack), $(pattern rst)]"
	filter_down
}

# Two more hosts with the same names of interfaces, the same addresses and ports: each
# filter asks its own. Meanwhile the first thing happens there that takes a minute.
TWIN_PEER=fw-peer2-$$ TWIN_HOST=fw-host2-$$
twins_begin() {
	PEER=$TWIN_PEER HOST=$TWIN_HOST net_up
	"$FLAGWALL" attach eth0 --netns "$TWIN_HOST" --mode native --policy stateful >/dev/null
	PEER=$TWIN_PEER HOST=$TWIN_HOST "$PYTHON" "$TOP/tests/lib/state_cases.py" late >"$WORK/late" 2>"$WORK/late.err" &
	LATE=$!
}

twins_end() {
	local about flagged rows

	wait "$LATE"
	IFS=$'\t' read -r _ flagged about rows <"$WORK/late" || cat "$WORK/late.err"
	equal "twins: $about ($rows)" "$flagged" "listen FIN,ACK, none FIN,ACK"
	filter_up native --policy stateful
	serve 8080
	send 3 'ip/TCP(sport=80, dport=8080, flags="A")' >/dev/null
	PEER=$TWIN_PEER send 5 'ip/TCP(sport=80, dport=8080, flags="A")' >/dev/null
	adds_up twins
	equal "twins: here somebody listens" "$(flagged)" "listen ACK 3"
	HOST=/run/netns/$TWIN_HOST counters
	equal "twins: and not there, where nothing else was counted" \
		"$(state none ACK) $(state listen ACK) $(state listen FIN,ACK) $(state other SYN)" "5 0 2 0"
	kill "$SERVER"
	filter_down
}

# The same table at every place of the program.
other_hooks() {
	filter_up generic --policy stateful
	cases plain=- cookies=- outgoing=-
	adds_up generic
	filter_down
	MODE=tc-ingress
	fw attach eth0 --hook tc-ingress --policy stateful >"$WORK/attach" 2>&1 || {
		check "tc-ingress: attached, or the kernel has no tcx" grep -q "6.6" "$WORK/attach"
		return
	}
	STATE_HOOK="--hook tc-ingress" cases plain=- cookies=- outgoing=-
	exits "tc-egress: the lines do nothing, which is said" 0 \
		fw attach eth0 --hook tc-egress --policy stateful
	in_peer nmap -n -Pn -sA -p 8080,9 --max-retries 0 "$HOST4" >/dev/null
	counters --hook tc-egress
	equal "tc-egress: nothing has a state" "$(field "$WORK/counters.json" "d['states']")" "[]"
	fw policy preview eth0 stateful --hook tc-egress -j >"$WORK/preview.json"
	equal "tc-egress: preview knows nothing of it" \
		"$(field "$WORK/preview.json" "d['state_lines'], d['states'], d['state_would_drop']")" "(16, None, None)"
	counters --hook tc-ingress
	check "tc-ingress: a scan was flagged" test "$(state none ACK)" -ge 2
	send 1 'Ether(src="02:66:00:00:00:01", dst="02:66:00:00:00:09")/IP(src="10.66.0.1", dst="10.66.0.2")/TCP(dport=9, flags="A")' \
		2 'link/Dot1Q(vlan=7)/IP(src="10.66.0.1", dst="10.66.0.2")/TCP(dport=9, flags="A")' >/dev/null
	settle
	counters --hook tc-ingress
	equal "tc-ingress: other MAC address, VLAN: not judged" "$(state unjudged ACK)" 3
	fw detach eth0 >/dev/null
}

# serve PORT: something that listens there, on all addresses of both families.
serve() {
	nsenter --net="/run/netns/$HOST" "$PYTHON" -c "import socket, time
s = socket.create_server(('', $1), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    c = s.accept()[0]
    c.recv(4096)
    c.sendall(b'HTTP/1.0 200 OK\r\n\r\nbody')
    c.close()" &
	SERVER=$!
	listening "$1"
}

# exported: what an exporter in this host shows, into $WORK/exported and $WORK/status.json.
exported() {
	local exporter

	nsenter --net="/run/netns/$HOST" "$BUILD/flagwall-exporter" 2>"$WORK/exporter" &
	exporter=$!
	until listening 9979; do kill -0 $exporter || break; done
	in_host curl -s -o "$WORK/exported" -H "Accept: application/openmetrics-text;version=1.0.0" http://127.0.0.1:9979/metrics
	in_host curl -s -o "$WORK/status.json" http://127.0.0.1:9979/status.json
	kill $exporter
	wait $exporter
}

scans() {
	local scan flags

	filter_up native --policy stateful
	serve 8080
	for scan in A:ACK W:ACK M:FIN,ACK; do
		flags=${scan#*:}
		counters --save "$WORK/snapshot" >/dev/null
		in_peer nmap -n -Pn "-s${scan%:*}" -p 8080,9,10 --max-retries 0 "$HOST4" >/dev/null &
		in_peer nmap -n -Pn -6 "-s${scan%:*}" -p 8080,9,10 --max-retries 0 "$HOST6" >/dev/null
		wait $!
		settle
		counters --since "$WORK/snapshot"
		equal "nmap -s${scan%:*}: each probe, by state and flags" "$(flagged)" \
			"none $flags 4, listen $flags 2"
	done
	counters --save "$WORK/snapshot" >/dev/null
	send 300 'link/IP(src="203.0.113.8", dst="10.66.0.2")/TCP(sport=80, dport=8080, flags="SA")' \
		300 'link/IP(src="203.0.113.9", dst="10.66.0.2")/TCP(sport=80, dport=9, flags="SA")' \
		300 'ip/TCP(sport=80, dport=8080, flags="R")' 300 'ip6/TCP(sport=80, dport=9, flags="RA")' >/dev/null
	settle
	counters --since "$WORK/snapshot"
	equal "forged SYN/ACKs and RSTs, by state and flags" "$(flagged)" \
		"none SYN,ACK 300, none RST,ACK 300, listen RST 300, listen SYN,ACK 300"
	adds_up scans
	fw counters --format openmetrics >"$WORK/metrics"
	exported
	equal "scans: the exporter shows the same" "$(grep '^flagwall_state_' "$WORK/exported")" \
		"$(sed -n '/^flagwall_state_/s/,netns="[^"]*"//p' "$WORK/metrics")"
	equal "scans: in JSON too" "$(field "$WORK/status.json" "d['interfaces'][0]['states']" | md5sum)" \
		"$(field "$WORK/counters.json" "d['states']" | md5sum)"
	check "scans: prometheus_client reads the states, and sums them up as the lines do" python -c 'import json, sys
from prometheus_client.openmetrics import parser
sums = {}
for family in parser.text_string_to_metric_families(open(sys.argv[1]).read()):
    for s in family.samples:
        if s.name == "flagwall_state_packets_total":
            sums[s.labels["state"]] = sums.get(s.labels["state"], 0) + s.value
lines = dict.fromkeys(sums, 0)
for row in json.load(open(sys.argv[2]))["states"]:
    lines[row["state"]] += row["packets"]
sys.exit(0 if sums == lines and len(sums) == 6 else "%s %s" % (sums, lines))' "$WORK/metrics" "$WORK/counters.json"
	equal "scans: counted, and not dropped" "$(value dropped)" 0
	kill "$SERVER"
	filter_down
}

# Dropping is for who asks for it: in both tables, with samples and exceptions.
drops() {
	local before

	cat >"$WORK/drop.policy" <<-'POLICY'
		include default
		state none ack drop
		state listen ack drop
		except from fd66::1 state
	POLICY
	"$FLAGWALL" policy check "$WORK/drop.policy" -j >"$WORK/check.json" 2>/dev/null
	equal "policy check: what it costs" \
		"$(field "$WORK/check.json" "[c['state'] for c in d['policies'][0]['state_costs']], d['policies'][0]['hazards']")" \
		"(['none', 'listen'], None)"
	filter_up native --policy "$WORK/drop.policy"
	serve 8080
	before=$(behind 'f == A')
	send 5 'ip/TCP(sport=80, dport=8080, flags="A")' 7 'ip/TCP(sport=80, dport=9, flags="A")' \
		3 'ip6/TCP(sport=80, dport=9, flags="A")' >/dev/null
	accounts drop
	equal "drop: by state" "$(state none ACK dropped) $(state listen ACK dropped) $(state none ACK excepted)" "7 5 3"
	equal "drop: in the first table as well" "$(flags ACK dropped) $(value dropped) $(value excepted)" "12 12 3"
	equal "drop: seen behind the filter: what was excepted" "$(($(behind 'f == A') - before))" 3
	counters --samples
	check "drop: samples tell who sent it" grep -q '"source": "10.66.0.1"' "$WORK/counters.json"
	equal "drop: a connection works" "$(in_peer curl -s --max-time 10 "http://$HOST4:8080/")" body
	check "drop: it is observed" fw policy set eth0 "$WORK/drop.policy" --observe
	send 4 'ip/TCP(sport=80, dport=9, flags="A")' >/dev/null
	settle
	counters
	equal "observed: nothing more was dropped" "$(value dropped) $(state none ACK)" "12 14"
	equal "observed: what it would be" "$(field "$WORK/counters.json" "[(s['action'], s['policy_action'])
		for s in d['states'] if s['state'] == 'none' and s['flags'] == 'ACK']")" '[["count", "drop"]]'
	fw policy preview eth0 "$WORK/drop.policy" -j >"$WORK/preview.json"
	equal "preview: what it would drop by state" "$(field "$WORK/preview.json" \
		"[(s['state'], s['flags'], s['packets']) for s in d['states']], d['state_would_drop']")" \
		"([('none', 'ACK', 14), ('listen', 'ACK', 5)], 19)"
	fw policy preview eth0 <(printf 'include default\npattern quiet ack,!syn,!fin,!rst count\nstate none ack drop\n') \
		-j >"$WORK/preview.json"
	equal "preview: what its patterns flag is not looked up" "$(field "$WORK/preview.json" "d['states']")" "[]"
	check "drop: it can be put on trial" fw policy set eth0 stateful --confirm 600
	send 4 'ip/TCP(sport=80, dport=9, flags="A")' >/dev/null
	settle
	counters
	equal "on trial: it is asked, and counters go on" "$(state none ACK)" 18
	check "without state lines" fw policy set eth0 default --enforce
	send 4 'ip/TCP(sport=80, dport=9, flags="A")' >/dev/null
	settle
	counters
	equal "without state lines: nothing is asked, and counters stay" "$(state none ACK)" 18
	exits "a policy that no connection survives is refused" 2 fw policy set eth0 \
		<(printf 'include default\nstate other ack drop\n')
	kill "$SERVER"
	filter_down
}

# What is not for the sockets of this host: other MAC addresses, tags, fragments, tunnels.
not_ours() {
	filter_up native --policy stateful
	send 1 'Ether(src="02:66:00:00:00:01", dst="02:66:00:00:00:09")/IP(src="10.66.0.1", dst="10.66.0.2")/TCP(dport=9, flags="A")' \
		2 'link/Dot1Q(vlan=7)/IP(src="10.66.0.1", dst="10.66.0.2")/TCP(dport=9, flags="A")' \
		4 'link/IP(src="10.66.0.1", dst="10.66.0.2", flags="MF")/TCP(dport=9, flags="A")' \
		8 'ip/IP(src="10.66.0.1", dst="10.66.0.2")/TCP(dport=9, flags="A")' \
		16 'ip6/IPv6ExtHdrDestOpt()/TCP(dport=9, flags="A")' >/dev/null
	adds_up "not ours"
	equal "other MAC address, VLAN, fragment: not judged; behind an extension header: judged" \
		"$(state unjudged ACK) $(state none ACK) $(pattern not-tcp)" "7 16 8"
	filter_down
}

# The namespace behind this host has sockets and a filter of its own, which go together.
behind_router() {
	"$FLAGWALL" attach far0 --netns "$FAR" --policy stateful >/dev/null
	in_peer curl -s -o /dev/null "http://10.67.0.1:8081/"
	send 3 'link/IP(src="10.66.0.1", dst="10.67.0.1")/TCP(sport=80, dport=9, flags="A")' \
		5 'link/IP(src="10.66.0.1", dst="10.67.0.1")/TCP(sport=80, dport=8081, flags="A")' >/dev/null
	settle
	"$FLAGWALL" counters far0 --netns "$FAR" -j >"$WORK/counters.json"
	equal "behind a router: by its own sockets" "$(flagged), SYN $(state listen SYN)" "none ACK 3, listen ACK 5, SYN 1"
	counters
	equal "behind a router: and at the router not" "$(flagged), SYN $(state unjudged SYN)" "-, SYN 6"
	"$FLAGWALL" detach far0 --netns "$FAR" >/dev/null
}

# legacy_nat COMMAND ADDRESS: rules that iptables has in a table of its own.
legacy_nat() {
	in_host "$1" -t nat -A PREROUTING -p tcp --dport 8081 -j DNAT --to-destination "$2" 2>/dev/null || {
		skip "$1: NAT" "this kernel has no such table"
		return
	}
	exits "$1: NAT: state lines are refused" 2 fw policy set eth0 stateful
	exits "$1: NAT: with the rights that attach needs alone, too" 2 in_host setpriv --inh-caps=-all \
		--bounding-set=-all,+net_admin,+bpf,+perfmon "$FLAGWALL" policy set eth0 stateful
	in_host "$1" -t nat -F
	exits "$1: an empty table is no NAT" 0 fw policy set eth0 stateful
}

# Who changes the MAC address of an interface is told that nothing is looked up any more.
other_address() {
	filter_up native --policy stateful
	in_host ip link set eth0 address 02:66:00:00:00:77
	send 3 'Ether(src="02:66:00:00:00:01", dst="02:66:00:00:00:77")/IP(src="10.66.0.1", dst="10.66.0.2")/TCP(dport=9, flags="A")' >/dev/null
	fw status eth0 -j >"$WORK/status.json"
	equal "another MAC address: status tells" "$(field "$WORK/status.json" "d['interfaces'][0]['state_doubt'] is None")" false
	fw attach eth0 >/dev/null
	send 5 'Ether(src="02:66:00:00:00:01", dst="02:66:00:00:00:77")/IP(src="10.66.0.1", dst="10.66.0.2")/TCP(dport=9, flags="A")' >/dev/null
	fw status eth0 -j >"$WORK/status.json"
	equal "another MAC address: taken over" "$(field "$WORK/status.json" "d['interfaces'][0]['state_doubt']")" null
	adds_up "another MAC address"
	equal "another MAC address: not judged until then" "$(state unjudged ACK) $(state none ACK)" "3 5"
	in_host ip link set eth0 address "$HOST_MAC"
	filter_down
	have_tun || {
		skip "no Ethernet" "this kernel has no tun"
		return
	}
	in_host ip tuntap add dev tun7 mode tun
	in_host ip link set tun7 up
	exits "no Ethernet: state lines are refused" 2 fw attach tun7 --hook tc-ingress --policy stateful
	exits "no Ethernet: and nothing else" 0 fw attach tun7 --hook tc-ingress
	fw detach tun7 >/dev/null
	in_host ip link del tun7
}

# HOST hands on between PEER and FAR: by routes, which is not judged; by NAT, where
# sockets say what is not so, and which is refused therefore.
router() {
	FAR=fw-far-$$
	at_exit net_down "$FAR"
	ip netns add "$FAR"
	ip link add far0 netns "$FAR" type veth peer name far1 netns "$HOST"
	in_ns "$FAR" ip addr add 10.67.0.1/24 dev far0
	in_host ip addr add 10.67.0.2/24 dev far1
	in_ns "$FAR" ip link set far0 up
	in_host ip link set far1 up
	in_ns "$FAR" ip route add default via 10.67.0.2
	in_peer ip route add 10.67.0.0/24 via "$HOST4"
	in_host sysctl -qw net.ipv4.ip_forward=1
	nsenter --net="/run/netns/$FAR" "$PYTHON" -c "import socket
s = socket.create_server(('', 8081))
while True: s.accept()[0].close()" &
	filter_up native --policy stateful
	serve 8081
	sleep 0.3
	for _ in 1 2 3 4 5; do in_peer curl -s -o /dev/null "http://10.67.0.1:8081/"; done
	adds_up router
	equal "router: nothing of 5 connections was judged" "$(flagged)" -
	equal "router: all of them" "$(state unjudged SYN) $(field "$WORK/counters.json" "min(s['packets'] for s in d['states'])")" "5 5"
	behind_router
	in_peer curl -s -o /dev/null "http://$HOST4:8081/"
	settle
	counters
	equal "router: its own is" "$(state listen SYN)" 1
	# As docker does it: a local listener holds the port, and NAT takes the segments.
	in_host nft 'add table ip elsewhere; add chain ip elsewhere pre { type nat hook prerouting priority -100; }'
	exits "an empty chain is no NAT" 0 fw policy set eth0 stateful
	in_host nft 'add rule ip elsewhere pre tcp dport 8081 dnat to 10.67.0.1'
	exits "NAT: state lines are refused" 2 fw policy set eth0 stateful
	fw status eth0 -j >"$WORK/status.json"
	equal "NAT: what is in force is in doubt" \
		"$(field "$WORK/status.json" "d['interfaces'][0]['state_lines'], 'elsewhere' in d['interfaces'][0]['state_doubt']")" \
		"(16, True)"
	fw doctor eth0 -j >"$WORK/doctor.json"
	check "NAT: doctor says so" grep -q "refused here.*elsewhere" "$WORK/doctor.json"
	exits "NAT: attach is refused as well" 2 fw attach eth0 --policy stateful
	exits "NAT: what is in force can be attached again" 0 fw attach eth0
	fw counters eth0 --save "$WORK/snapshot" >/dev/null
	for _ in 1 2 3 4 5; do in_peer curl -s -o /dev/null "http://$HOST4:8081/"; done
	settle
	counters --since "$WORK/snapshot"
	check "NAT: and so it must be: legal segments look wrong ($(flagged))" test "$(state listen ACK)" -gt 4
	equal "NAT: counted, and not dropped" "$(value dropped)" 0
	check "default is in force" fw policy set eth0 default
	exits "NAT: by force" 0 fw policy set eth0 stateful --force
	in_host nft delete table ip elsewhere
	exits "without NAT" 0 fw policy set eth0 stateful
	legacy_nat iptables-legacy 10.67.0.1
	legacy_nat ip6tables-legacy fd67::1
	filter_down
	in_host ip link add br0 type bridge
	in_host ip link set eth0 master br0
	exits "a bridge's port: state lines are refused" 2 fw attach eth0 --policy stateful
	exits "a bridge's port: nothing is attached" 3 fw status eth0 --check
	in_host ip link set eth0 nomaster
}

net_up
live_up
twins_begin
hard_cases
other_hooks
scans
drops
not_ours
other_address
twins_end
router

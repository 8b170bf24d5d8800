#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The hook of netfilter: scans, fragments put together before they are judged,
# exchanges under fire, and what belongs to one interface of a namespace.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

# Behind fragments that were put together, and behind the raw tables.
# shellcheck disable=SC2034
BEHIND_PRIORITY=-299

net_up
live_up

if ! fw attach eth0 --hook netfilter >/dev/null 2>"$WORK/stderr"; then
	check "no programs at netfilter: one sentence" sentence netfilter
	check "no programs at netfilter: nothing is left" test ! -e /sys/fs/bpf/flagwall
	skip "the hook of netfilter" "this kernel has no programs there"
	exit
fi
in_host ethtool -K eth0 gro off

# now: the counters of eth0 at netfilter.
now() {
	settle
	fw counters eth0 --hook netfilter --by flags -j >"$WORK/counters.json"
}

# anew: a new filter, and all counters at zero.
anew() {
	fw detach eth0 --hook netfilter >/dev/null
	fw attach eth0 --hook netfilter >/dev/null 2>&1
	behind_up
}

fw status eth0 -j >"$WORK/status.json"
equal "status says which hook" "$(field "$WORK/status.json" "[(i['hook'], i['mode']) for i in d['interfaces']]")" '[["netfilter", null]]'
whole=$(field "$WORK/status.json" "d['interfaces'][0]['defragmented']")

# --- scans and a transfer
behind_up
for scan in -sN -sF -sX; do
	in_peer nmap -n -Pn --max-retries 0 -p 1-50 "$scan" "$HOST4" >/dev/null 2>&1
	in_peer nmap -6 -n -Pn --max-retries 0 -p 1-50 "$scan" "$HOST6" >/dev/null 2>&1
done
in_peer hping3 -q -c 50 -i u1000 -S -F -p 9 "$HOST4" >/dev/null 2>&1
now
reconciles "scans"
equal "scans: dropped" "$(pattern null dropped) $(pattern fin-no-ack dropped) $(pattern xmas dropped) $(pattern syn-fin dropped)" "100 100 100 50"
equal "scans: none is seen behind" "$(behind '(f & 63) in (0, F, F|P|U, S|F)')" 0
fw counters eth0 --samples -j >"$WORK/samples.json"
equal "samples: the neighbour" "$(field "$WORK/samples.json" "sorted({s['last']['source_mac'] for s in d['samples']})")" "[\"$PEER_MAC\"]"
in_host iperf3 -s -1 >/dev/null 2>&1 &
listening 5201
check "a transfer" in_peer iperf3 -c "$HOST4" -n 50M

# --- fragments: the datagram is judged, not its pieces
cat >"$WORK/fragments.py" <<'PY'
import os, socket, sys
from scapy.all import Ether, IP, IPv6, IPv6ExtHdrFragment, TCP, Raw
link = Ether(src=os.environ["PEER_MAC"], dst=os.environ["HOST_MAC"])
four = dict(src=os.environ["PEER4"], dst=os.environ["HOST4"])
six = dict(src=os.environ["PEER6"], dst=os.environ["HOST6"])
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind(("out", 0))

def segment(family, flags, data=b"x" * 20):
    packet = (IP(proto=6, **four) if family == 4 else IPv6(**six)) / TCP(sport=1000, dport=9, flags=flags) / data
    return bytes(packet)[20 if family == 4 else 40:]

def piece(family, id, offset, more, data):
    if family == 4:
        return link / IP(proto=6, id=id, frag=offset // 8, flags="MF" if more else 0, **four) / Raw(data)
    return link / IPv6(**six) / IPv6ExtHdrFragment(nh=6, id=id, offset=offset // 8, m=int(more)) / Raw(data)

def send(*pieces):
    for each in pieces:
        out.send(bytes(each))

def cut(family, id, data, size):
    return [piece(family, id, at, at + size < len(data), data[at:at + size]) for at in range(0, len(data), size)]

for family in (4, 6):
    # Tiny: the flags are in the second piece; in order, and turned around. (Of IPv6 the kernel
    # puts nothing together whose first piece has not all of the TCP header: RFC 8200 section 4.5.)
    send(*cut(family, 1, segment(family, "SF"), 8))
    send(*reversed(cut(family, 2, segment(family, "SF"), 8)))
    send(*cut(family, 3, segment(family, "S"), 8))
    # The same where the header is in the first.
    send(*cut(family, 4, segment(family, "FPU"), 24))
    # One that is never whole.
    send(*cut(family, 5, segment(family, "SR"), 24)[:-1])
    # Bytes 8 to 15 once more, with FIN (RFC 1858 section 4): the kernel has them already.
    good, bad = segment(family, "S"), segment(family, "SF")
    send(piece(family, 6, 0, True, good[:24]), piece(family, 6, 8, True, bad[8:16]),
         piece(family, 6, 24, False, good[24:]))
    # Pieces that overlap: the kernel gives up the datagram.
    send(piece(family, 7, 0, True, good[:24]), piece(family, 7, 8, True, bad[8:32]),
         piece(family, 7, 32, False, good[32:]))
PY
anew
nsenter --net="/run/netns/$PEER" "$PYTHON" "$WORK/fragments.py"
now
if [ "$whole" = true ]; then
	equal "fragments: datagrams are judged whole" \
		"$(pattern syn-fin dropped) $(pattern syn) $(pattern xmas dropped) $(pattern syn-rst)" "2 3 2 0"
	equal "fragments: those that the kernel does not put together, alone" \
		"$(pattern tiny-fragment dropped) $(value packets)" "3 10"
	equal "fragments: SYN alone is seen behind" "$(behind 'f & 63 == S') $(behind 'f & 63 != S')" "3 0"
	in_peer nmap -n -Pn --max-retries 0 -p 1-20 -sX -f "$HOST4" >/dev/null 2>&1
	now
	equal "nmap -f: all of it is seen and dropped" "$(pattern xmas dropped)" 22
else
	equal "without what puts fragments together: each is judged alone" \
		"$(pattern tiny-fragment dropped) $(pattern syn-fin)" "6 0"
fi
check "fragments that are welcome" in_peer ping -q -c 2 -i 0.2 -s 4000 "$HOST4"
check "fragments that are welcome, IPv6" in_peer ping -q -c 2 -i 0.2 -s 4000 "$HOST6"

# --- policies, and the program exchanged under fire
anew
under_fire 4
for policy in strict default basic; do
	fw policy set eth0 "$policy" >/dev/null
	check "under fire: the program replaced" fw attach eth0 --hook netfilter
	check "under fire: $policy on trial" fw policy set eth0 "$policy" --confirm 9
	check "under fire: $policy confirmed" fw policy confirm eth0
done
# shellcheck disable=SC2154
kill "$flood" "$transfer" 2>/dev/null
wait "$flood" "$transfer" 2>/dev/null
now
check "under fire: there was fire" test "$(pattern syn-fin)" -gt 1000
equal "under fire: none came through" "$(behind 'f & 63 == S|F') $(pattern syn-fin dropped)" "0 $(pattern syn-fin)"
check "on trial" fw policy set eth0 strict --confirm 1
sleep 1.2
fw status eth0 -j >"$WORK/status.json"
equal "on trial: it goes back" "$(field "$WORK/status.json" "d['interfaces'][0]['policy']")" basic
printf 'include default\nexcept from %s\ninspect tunnels\n' "$PEER4" >"$WORK/welcome.policy"
check "exceptions" fw policy set eth0 "$WORK/welcome.policy"
in_peer hping3 -q -c 20 -i u1000 -S -F -p 9 "$HOST4" >/dev/null 2>&1
now
equal "exceptions: excepted" "$(value excepted)" 20
before=$(pattern syn-fin)
send 3 'ip/GRE()/IP()/TCP(flags="SF")' 4 'ip6/GRE()/IPv6()/TCP(flags="SF")' >/dev/null
now
equal "tunnels: looked into" "$(($(pattern syn-fin) - before))" 7

# --- each interface has its own, beside XDP and beside others in the namespace
check "beside XDP" fw attach eth0 --observe
check "beside another interface" fw attach lo --hook netfilter
in_host hping3 -q -c 10 -i u1000 -S -F -p 9 127.0.0.1 >/dev/null 2>&1
fw counters lo -j >"$WORK/lo.json"
equal "lo: its own packets" "$(field "$WORK/lo.json" "[p['dropped'] for p in d['patterns'] if p['name'] == 'syn-fin'][0]")" 10
equal "the hooks of each" "$(fw status -j >"$WORK/status.json"; field "$WORK/status.json" "sorted((i['interface'], i['hook']) for i in d['interfaces'])")" \
	'[["eth0", "netfilter"], ["eth0", "xdp"], ["lo", "netfilter"]]'
exits "elsewhere lo is not filtered" 3 "$FLAGWALL" status --check --netns "$PEER" lo
exits "without rights to ask: it is listed" 0 nsenter --net="/run/netns/$HOST" setpriv --bounding-set=-all --inh-caps=-all \
	"$FLAGWALL" status --check lo
nsenter --net="/run/netns/$HOST" "$FLAGWALL" explain SYN,FIN -j >"$WORK/explain.json"
equal "explain knows the hook" "$(field "$WORK/explain.json" "sorted((i['interface'], i['hook']) for i in d['in_force'])")" \
	'[["eth0", "netfilter"], ["eth0", "xdp"], ["lo", "netfilter"]]'
refused "a mode" 1 mode -- fw attach eth0 --hook netfilter --mode native
# Whoever cannot ask whether an interface is there does not know that it is gone.
in_host strace -f -qq -o /dev/null -e trace=socket -e inject=socket:error=ENOMEM:when=2+ "$FLAGWALL" detach gone0 >/dev/null 2>&1
in_host prlimit --nofile=6:6 "$FLAGWALL" detach gone0 >/dev/null 2>&1
exits "what sweeps without means leaves what lives" 0 fw status eth0 --hook netfilter --check

# --- no Ethernet: the network layer is all that it takes
if have_tun; then
	in_host ip tuntap add dev tun9 mode tun
	in_host ip link set tun9 up
	check "no Ethernet" fw attach tun9 --hook netfilter
	exits "no Ethernet: detach" 0 fw detach tun9
else
	skip "no Ethernet" "this kernel has no tun"
fi

# --- the end of one, of an interface and of all
exits "detach of the hook" 0 fw detach eth0 --hook netfilter
behind_up
fw detach eth0 >/dev/null
in_peer hping3 -q -c 5 -i u1000 -S -F -p 9 "$HOST4" >/dev/null 2>&1
settle
equal "detached: nothing is dropped any more" "$(behind 'f & 63 == S|F')" 5
check "the interface goes with its filter" fw attach eth0 --hook netfilter
in_host ip link del eth0
fw status -j >"$WORK/status.json"
equal "an interface that is gone: said" "$(field "$WORK/status.json" "[i['interface'] for i in d['severed']]")" '["eth0"]'
exits "detach --all" 0 fw detach --all
check "nothing is left" test ! -e /sys/fs/bpf/flagwall

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Packets that come without an Ethernet header, or stand for segments that nobody
# counted: behind our own program in generic mode, multicast that the host hears
# itself, tun devices, frames of guests.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"
FLAGWALL=${FLAGWALL:-$TOP/build/flagwall}
export FLAGWALL

net_up
live_up
hooks=()
if fw attach eth0 --hook tc-ingress >/dev/null 2>&1; then
	fw detach eth0 >/dev/null
	hooks+=(tc-ingress)
	tcx=1
fi

# of WHAT: of the counters that were printed last.
of() {
	field "$WORK/stdout" "$1"
}
syn_fin="sum(p['packets'] for p in d['patterns'] if p['name'] == 'syn-fin')"

# --- devices without Ethernet
if have_tun; then
	refused "tun, xdp" 2 fwtun0 tc-ingress -- in_host "$PYTHON" "$TOP/tests/lib/tun_frames.py" tun attach
else
	skip "devices without Ethernet" "this kernel has no tun"
	hooks=()
fi
for hook in "${hooks[@]}"; do
	if ! exits "tun, $hook" 0 in_host env EVENTS="$WORK/$hook.pcapng" "$PYTHON" "$TOP/tests/lib/tun_frames.py" tun attach --hook "$hook"; then
		continue
	fi
	equal "tun, $hook: all judged" "$(of "$syn_fin")" 5
	equal "tun, $hook: dropped" "$(of "d['dropped']")" 5
	equal "tun, $hook: bytes from the IP header on" "$(of "d['bytes']")" $((5 * 44))
	equal "tun, $hook: a listener heard of them" "$(tshark -r "$WORK/$hook.pcapng" -T fields -e ip.src -e tcp.flags 2>/dev/null | sort | uniq -c | xargs)" \
		"5 8.0.0.1 0x0003"
	equal "tun, $hook: the sample has the address, and no MAC" \
		"$(of "[s['first']['source'] for s in d['samples'] if s['name'] == 'syn-fin']")" '["8.0.0.1"]'
done

# --- headers behind the first of several buffers: what docs/evasion.md says of them
cat >"$WORK/deep.py" <<'PY'
import os, socket
from scapy.all import Ether, IPv6, IPv6ExtHdrDestOpt, PadN, TCP
long = IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(253))] * 8)
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind(("out", 0))
for _ in range(5):
    out.send(bytes(Ether(src=os.environ["PEER_MAC"], dst=os.environ["HOST_MAC"]) /
                   IPv6(src=os.environ["PEER6"], dst=os.environ["HOST6"]) / long / long / TCP(dport=9, flags="SF")))
PY
in_host ip link set eth0 mtu 9000
in_peer ip link set out mtu 9000
for mode in native generic; do
	check "deep, $mode: attach" fw attach eth0 --mode "$mode"
	nsenter --net="/run/netns/$PEER" "$PYTHON" "$WORK/deep.py"
	settle
	exits "deep, $mode: counters" 0 fw counters eth0 -j
	if [ "$mode" = generic ]; then
		equal "deep, generic: judged" "$(of "$syn_fin")" 5
	else
		equal "deep, native: nobody is let off uncounted" \
			"$(of "$syn_fin + sum(r['packets'] for r in d['reasons'] if r['name'] == 'truncated')")" 5
	fi
	fw detach eth0 >/dev/null
done
in_host ip link set eth0 mtu 1500
in_peer ip link set out mtu 1500

if [ -n "${tcx:-}" ]; then
	# --- segments that the sender left to others to make, and to count
	if have_tun; then
		exits "tap, to be segmented" 0 in_host "$PYTHON" "$TOP/tests/lib/tun_frames.py" segments attach --hook tc-ingress
		equal "tap: counted as the segments that they stand for" "$(of "$syn_fin")" 200
	fi

	# --- behind our own program in generic mode
	for mode in generic auto; do
		# auto: veth refuses native mode to one with fewer queues than its peer sends on.
		if [ $mode = auto ]; then
			in_host ip link add few numrxqueues 1 numtxqueues 1 type veth peer name many netns "$PEER" numrxqueues 4 numtxqueues 4
			in_host ip addr add 10.88.0.1/24 dev few
			in_host ip link set few up
			in_peer ip addr add 10.88.0.2/24 dev many
			in_peer ip link set many up
			device=few target=10.88.0.1
		else
			device=eth0 target=$HOST4
		fi
		check "$mode: attach" fw attach $device --mode $mode --observe
		equal "$mode: it runs in generic mode" "$(xdp $device)" generic
		check "$mode: tc behind it" fw attach $device --hook tc-ingress
		in_peer hping3 -q -c 20 -i u1000 -S -F -p 9 "$target" >/dev/null 2>&1
		exits "$mode: counters" 0 fw counters $device --hook tc-ingress -j
		equal "$mode: tc judges what XDP let pass" "$(of "$syn_fin")" 20
		check "$mode: replaced" fw attach $device --observe
		in_peer hping3 -q -c 20 -i u1000 -S -F -p 9 "$target" >/dev/null 2>&1
		exits "$mode: counters again" 0 fw counters $device --hook tc-ingress -j
		equal "$mode: and goes on so" "$(of "$syn_fin")" 40
		check "$mode: detach" fw detach $device
	done

	# --- multicast that the host sends and hears
	cat >"$WORK/multicast.py" <<-'PY'
		import os, socket, sys
		own = os.environ["HOST4"]
		hears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		hears.bind(("", 0x4006))
		hears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("239.1.2.3") + socket.inet_aton(own))
		hears.settimeout(2)
		says = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		says.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
		heard = 0
		for i in range(5):
		    says.sendto(b"hello", ("239.1.2.3", 0x4006))
		    heard += len(hears.recv(100)) == 5
		print(heard)
	PY
	check "multicast: tc" fw attach eth0 --hook tc-ingress
	equal "multicast: the host hears itself" "$(HOST4=$HOST4 in_host "$PYTHON" "$WORK/multicast.py")" 5
	exits "multicast: counters" 0 fw counters eth0 --hook tc-ingress -j
	equal "multicast: it is UDP" "$(of "sum(r['packets'] for r in d['reasons'] if r['name'] == 'not-tcp') >= 5")" true
	equal "multicast: and IP" "$(of "sum(r['packets'] for r in d['reasons'] if r['name'] == 'not-ip')")" 0
fi

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The hooks of tc: each counts at its own hook; what a host sends; and a filter at each
# hook of one interface.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

net_up
live_up

if ! fw attach eth0 --hook tc-ingress >/dev/null 2>"$WORK/stderr"; then
	check "no tc: one sentence" sentence eth0
	check "no tc: nothing is left" test ! -e "$(pins)"
	skip "the hooks of tc" "this kernel has no BPF there"
	exit
fi
fw detach eth0 >/dev/null
in_host ethtool -K eth0 gro off

# read_at HOOK FILE: its counters, by flags.
read_at() {
	fw counters eth0 --hook "$1" --by flags -j >"$2"
}

# --- both observe: both see all of it (test_verdict.sh compares them)
check "xdp" fw attach eth0 --observe
check "tc-ingress" fw attach eth0 --hook tc-ingress --observe
in_peer hping3 -q -c 20 -i u1000 -S -F -p 9 "$HOST4" >/dev/null 2>&1
settle
read_at xdp "$WORK/xdp.json"
read_at tc-ingress "$WORK/tc.json"
equal "both see it" "$(field "$WORK/tc.json" "d['packets']") $(field "$WORK/xdp.json" "d['packets']")" "20 20"
equal "JSON says which hook" "$(field "$WORK/tc.json" "d['hook']") $(field "$WORK/xdp.json" "d['hook']")" "tc-ingress xdp"

# --- what XDP drops, tc does not count
check "xdp enforces" fw attach eth0 --enforce
read_at tc-ingress "$WORK/before.json"
in_peer hping3 -q -c 100 -i u1000 -S -F -p 9 "$HOST4" >/dev/null 2>&1
settle
read_at tc-ingress "$WORK/tc.json"
equal "what XDP drops is not counted at tc" "$(field "$WORK/tc.json" "d['packets']")" "$(field "$WORK/before.json" "d['packets']")"
fw status eth0 -j >"$WORK/status.json"
equal "status shows each" "$(field "$WORK/status.json" "[i['hook'] for i in d['interfaces']]")" '["xdp", "tc-ingress"]'
exits "detach of one hook" 0 fw detach eth0 --hook xdp
fw status eth0 -j >"$WORK/status.json"
equal "the other stays" "$(field "$WORK/status.json" "[i['hook'] for i in d['interfaces']]")" '["tc-ingress"]'

# --- tc-ingress drops; real scans and a real transfer
check "tc-ingress enforces" fw attach eth0 --hook tc-ingress --enforce
behind_up
read_at tc-ingress "$WORK/before.json"
for scan in -sN -sF -sX; do
	in_peer nmap -n -Pn --max-retries 0 -p 1-50 "$scan" "$HOST4" >/dev/null 2>&1
done
in_peer hping3 -q -c 50 -i u1000 -S -F -p 9 "$HOST4" >/dev/null 2>&1
settle
read_at tc-ingress "$WORK/counters.json"
equal "scans at tc-ingress: dropped" \
	"$(($(field "$WORK/counters.json" "d['dropped']") - $(field "$WORK/before.json" "d['dropped']")))" 200
BEHIND_PRIORITY=raw
equal "scans at tc-ingress: none is seen behind" "$(behind '(f & 63) in (0, F, F|P|U, S|F)')" 0
in_host iperf3 -s -1 >/dev/null 2>&1 &
listening 5201
check "a transfer through tc-ingress" in_peer iperf3 -c "$HOST4" -n 50M

# --- policies
check "policy set" fw policy set eth0 strict
fw status eth0 -j >"$WORK/status.json"
equal "policy set: in force at tc" "$(field "$WORK/status.json" "[(i['hook'], i['policy']) for i in d['interfaces']]")" '[["tc-ingress", "strict"]]'
equal "policy show: what is in force there" "$(fw policy show eth0)" "$("$FLAGWALL" policy show strict)"
exits "policy preview: of what is there" 0 fw policy preview eth0 default
check "on trial" fw policy set eth0 basic --confirm 1
sleep 1.2
fw status eth0 -j >"$WORK/status.json"
equal "on trial: it goes back" "$(field "$WORK/status.json" "d['interfaces'][0]['policy']")" strict
printf 'include default\nexcept from %s\n' "$PEER4" >"$WORK/welcome.policy"
check "exceptions" fw policy set eth0 "$WORK/welcome.policy"
read_at tc-ingress "$WORK/before.json"
in_peer hping3 -q -c 20 -i u1000 -S -F -p 9 "$HOST4" >/dev/null 2>&1
settle
read_at tc-ingress "$WORK/counters.json"
equal "exceptions: excepted" \
	"$(($(field "$WORK/counters.json" "d['excepted']") - $(field "$WORK/before.json" "d['excepted']")))" 20
exits "detach" 0 fw detach eth0
check "detach: nothing is left" test ! -e "$(pins)"
equal "detach: no clsact is left either" "$(in_host tc qdisc show dev eth0 | grep -c clsact)" 0

check "both hooks of tc" fw attach eth0 --hook tc-ingress
check "both hooks of tc" fw attach eth0 --hook tc-egress
exits "both hooks of tc: detach" 0 fw detach eth0
equal "both hooks of tc: nothing is left" "$(in_host tc qdisc show dev eth0 | grep -c clsact) $(find /sys/fs/bpf -name 'tc-*' | wc -l)" "0 0"

# --- filters of others stay, also where ours is one of them (before Linux 6.6)
in_host tc qdisc add dev eth0 clsact
in_host tc filter add dev eth0 ingress prio 1 protocol all matchall action ok 2>/dev/null
in_host tc filter add dev eth0 ingress prio 2 protocol ip u32 match u32 0 0 action ok 2>/dev/null
theirs=$(in_host tc filter show dev eth0 ingress | grep -cE '(matchall|u32) ')
check "beside filters of others" fw attach eth0 --hook tc-ingress
exits "beside filters of others: it is on" 0 fw status --check eth0
exits "beside filters of others: detach" 0 fw detach eth0
equal "filters of others stay" "$(in_host tc filter show dev eth0 ingress | grep -cE '(matchall|u32) ')" "$theirs"
in_host tc qdisc del dev eth0 clsact
check "a filter that somebody takes out" fw attach eth0 --hook tc-ingress
if in_host tc qdisc del dev eth0 clsact 2>/dev/null; then
	exits "taken out: status" 3 fw status --check eth0
	check "taken out: attach" fw attach eth0 --hook tc-ingress
	exits "taken out: it is on again" 0 fw status --check eth0
	equal "taken out: nothing is left of the old one" "$(find /sys/fs/bpf/flagwall -name tc-ingress | wc -l)" 1
fi
BEHIND_PRIORITY=raw
check "under fire: attach" fw attach eth0 --hook tc-ingress
behind_up
under_fire 3
for policy in strict default; do
	fw policy set eth0 "$policy" >/dev/null
	check "under fire: the program replaced" fw attach eth0 --hook tc-ingress
	check "under fire: $policy on trial" fw policy set eth0 "$policy" --confirm 9
	check "under fire: $policy confirmed" fw policy confirm eth0
done
# shellcheck disable=SC2154
kill "$flood" "$transfer" 2>/dev/null
wait "$flood" "$transfer" 2>/dev/null
settle
read_at tc-ingress "$WORK/counters.json"
check "under fire: there was fire" test "$(pattern syn-fin)" -gt 1000
equal "under fire: none came through" "$(pattern syn-fin dropped) $(behind 'f & 63 == S|F')" "$(pattern syn-fin) 0"
exits "under fire: detach" 0 fw detach eth0

# --- what a host sends
# sent: bytes that the device ever sent, by its own count.
sent() {
	in_peer ip -j -s link show out | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)[0]["stats64"]["tx"]["bytes"])'
}

check "tc-egress" "$FLAGWALL" attach --netns "$PEER" out --hook tc-egress
in_peer nmap -n -Pn --max-retries 0 -p 1-50 -sN "$HOST4" >/dev/null 2>&1
"$FLAGWALL" counters --netns "$PEER" out -j >"$WORK/before.json"
equal "a scan from inside: stopped on the way out" \
	"$(field "$WORK/before.json" "[p['dropped'] for p in d['patterns'] if p['name'] == 'null'][0]")" 50
before=$(sent)
in_host iperf3 -s -1 >/dev/null 2>&1 &
listening 5201
check "a transfer through tc-egress" in_peer iperf3 -c "$HOST4" -n 50M
after=$(sent)
while [ "$after" != "$before" ] && sleep 0.2 && [ "$(sent)" != "$after" ]; do after=$(sent); done
"$FLAGWALL" counters --netns "$PEER" out -j >"$WORK/counters.json"
bytes=$(($(field "$WORK/counters.json" "d['bytes']") - $(field "$WORK/before.json" "d['bytes']")))
packets=$(($(field "$WORK/counters.json" "d['packets']") - $(field "$WORK/before.json" "d['packets']")))
equal "its bytes are those that the device counted" "$bytes" $((after - before))
check "its packets are segments, not what stands for many" test $((packets * 1514)) -ge "$bytes"

# --- frames in pieces: headers that are not in the linear part are found all the same
cat >"$WORK/pieces.py" <<'PY'
import fcntl, os, struct, subprocess, sys
TUNSETIFF, TAP, NO_PI, NAPI, NAPI_FRAGS = 0x400454ca, 0x2, 0x1000, 0x10, 0x20  # linux/if_tun.h
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"tap0", TAP | NO_PI | NAPI | NAPI_FRAGS))
subprocess.run(["ip", "link", "set", "tap0", "address", "02:66:00:00:00:09", "up"], check=True)
subprocess.run([os.environ["FLAGWALL"], "attach", "tap0", "--hook", "tc-ingress"], check=True, stdout=sys.stderr)
link = bytes.fromhex("026600000009026600000001") + b"\x08\x00"
rest = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 44, 1, 0, 64, 6, 0, bytes(4), bytes(4)) + \
    struct.pack("!HHIIBBHHH", 1, 9, 0, 0, 0x50, 3, 0, 0, 0) + b"data"
for cut in (0, 4, 12, 20, 30, 38):
    os.writev(tap, [link + rest[:cut], rest[cut:]])
subprocess.run([os.environ["FLAGWALL"], "counters", "tap0", "-j"], check=True)
PY
if have_tun; then
	FLAGWALL=$FLAGWALL nsenter --net="/run/netns/$HOST" "$PYTHON" "$WORK/pieces.py" >"$WORK/counters.json" 2>"$WORK/stderr"
	equal "frames in pieces: SYN/FIN, all" "$(pattern syn-fin) $(value packets)" "6 6"
else
	skip "frames in pieces" "this kernel has no tun"
fi

# --- the same number in another namespace is another interface
check "lo" fw attach lo --hook tc-ingress
exits "lo elsewhere: is not filtered" 3 "$FLAGWALL" status --check --netns "$PEER" lo
"$FLAGWALL" status --netns "$PEER" -j >"$WORK/status.json"
equal "lo elsewhere: is not listed" "$(field "$WORK/status.json" "len(d['interfaces'])")" 1
exits "lo elsewhere: detach" 0 "$FLAGWALL" detach --netns "$PEER" lo
exits "lo elsewhere: it is still filtered here" 0 fw status --check lo
check "lo elsewhere: attach" "$FLAGWALL" attach --netns "$PEER" lo --hook tc-ingress
in_peer ping -q -c 2 -i 0.2 127.0.0.1 >/dev/null
fw counters lo --hook tc-ingress -j >"$WORK/counters.json"
equal "lo elsewhere: its packets are not counted here" "$(value packets)" 0
exits "lo elsewhere: detach there" 0 "$FLAGWALL" detach --netns "$PEER" lo
exits "lo elsewhere: not here" 0 fw status --check lo
nsenter --net="/run/netns/$HOST" "$FLAGWALL" explain SYN,FIN -j >"$WORK/explain.json"
equal "explain knows the hook" "$(field "$WORK/explain.json" "[(i['interface'], i['hook']) for i in d['in_force']]")" '[["lo", "tc-ingress"]]'
exits "without rights to ask: it is listed" 0 nsenter --net="/run/netns/$HOST" setpriv --bounding-set=-all --inh-caps=-all \
	"$FLAGWALL" status --check lo
exits "without rights to ask: not elsewhere" 3 nsenter --net="/run/netns/$PEER" setpriv --bounding-set=-all --inh-caps=-all \
	"$FLAGWALL" status --check lo
exits "lo: detach" 0 fw detach lo

# --- names, and what cannot be
refused "no such hook" 1 "tc-ingress" -- fw attach eth0 --hook tc
refused "a mode at tc" 1 mode -- fw attach eth0 --hook tc-ingress --mode native
if have_tun; then
	in_host ip tuntap add dev tun9 mode tun
	# TUNSETLINK: ARPHRD_INFINIBAND
	in_host "$PYTHON" -c 'import fcntl, os, struct
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"tun9", 0x1001))
fcntl.ioctl(tun, 0x400454cd, 32)'
	refused "neither Ethernet nor IP" 2 tun9 -- fw attach tun9 --hook tc-ingress
else
	skip "neither Ethernet nor IP" "this kernel has no tun"
fi
exits "detach --all" 0 "$FLAGWALL" detach --netns "$PEER" --all
check "detach --all: all hooks" test ! -e /sys/fs/bpf/flagwall

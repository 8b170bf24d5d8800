#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# `rule iptables`: the same frames through the filter and through rules that ask the
# pinned program, of both iptables. What arrives behind is the same, and so is what was
# counted. Rules of others stay as they are.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

rules() {
	"$FLAGWALL" rule iptables --netns "$HOST" "$@"
}
# shellcheck source=tests/lib/iptables.sh
. "$TOP/tests/lib/iptables.sh"

# All 512 values of the nine flags in shapes that both hooks see, more often the
# higher they are; with data and with reserved bits too.
all_flags() {
	local c frames=() shape

	for ((c = 0; c < 512; c++)); do
		for shape in "ip/TCP(flags=$c)" "ip6/TCP(flags=$c)/b'x'" \
			"v4(options=[IPOption_NOP()]*4)/TCP(flags=$c,reserved=3)"; do
			frames+=("$((1 + c / 128))" "$shape")
		done
	done
	send "${frames[@]}"
	expected=$((3 * 128 * (1 + 2 + 3 + 4)))
}

# What has no flags, or hides them, and comes as far as table raw.
evil() {
	send 1 'ip/ICMP()' 2 'ip/UDP(dport=9)/b"x"' 4 'ip6/UDP(dport=9)/b"x"' \
		8 "$IP4,flags='MF')/Raw(${TCP}+b'1234')" 16 "$IP4,frag=3)/Raw($TCP)" \
		32 "$IP4,frag=1)/Raw($TCP)" 64 "$IP4,flags='MF')/Raw(${TCP}[:8])" 128 "$IP4)/Raw(${TCP}[:13])" \
		256 "v6(nh=44)/Raw(bytes([6,0,0,8,0,0,0,1])+$TCP)" 512 "v6(nh=44)/Raw(bytes([6,0,0,1,0,0,0,2])+$TCP+b'1234')" \
		1024 "link/IP(src='$PEER4',dst='$HOST4',proto=51)/Raw(bytes([6,4])+b'\0'*22+$TCP)" \
		3 "link/IP(src='$PEER4',dst='$HOST4',proto=50)/Raw(b'\0'*40)" 5 'ip/TCP(flags="SF",dataofs=4)' \
		7 "link/IP(src='$PEER4',dst='$HOST4',proto=4)/ip[1]/TCP(flags='SF')" 9 "ip/UDP(dport=4789)/Raw(b'\x08'+b'\0'*7)/Ether()/IP()/TCP(flags='SF')" \
		11 "v6(nh=44)/Raw(bytes([6,0,0,0,0,0,0,3])+$TCP)" 13 "link/Dot1Q(vlan=0)/ip[1]/TCP(flags='SF')/b'x'" \
		15 "ip6/IPv6ExtHdrDestOpt(options=PadN(optdata=b'1234'))/TCP(flags='SF')/b'x'"
	expected=2110
}

# asked [ARGUMENT...]: what rules asked, to $WORK/asked.json.
asked() {
	"$FLAGWALL" rule counters -j --netns "$HOST" "$@" >"$WORK/asked.json"
}

# same: the program counted what the filter did, by pattern and by reason. Bytes go from
# the network layer on.
same() {
	asked
	python -c 'import json, sys
filtered, asked = (json.load(open(name)) for name in sys.argv[1:])
for part in "patterns", "reasons":
    for a, b in zip(filtered[part], asked[part]):
        if any(a[m] != b[m] for m in ("name", "packets", "dropped", "excepted", "action")):
            sys.exit("flagwall %s, the match %s" % (a, b))
if sum(p["packets"] for p in asked["patterns"] + asked["reasons"]) != asked["packets"]:
    sys.exit("the sums do not add up")
if not 0 <= filtered["bytes"] - asked["bytes"] - 14 * asked["packets"] <= 60 * asked["packets"]:
    sys.exit("bytes %d, the filter %d" % (asked["bytes"], filtered["bytes"]))' "$WORK/counters.json" "$WORK/asked.json"
}

iptables_up
check "no pins to begin with" test ! -e /sys/fs/bpf/flagwall

# --- the same as the filter
alike same all_flags
alike same evil
{
	printf 'include default\ninspect tunnels\nexcept from %s tiny-fragment\n' "${PEER4%.*}.0/24"
	printf 'except to %s syn-fin\n' "$HOST6"
} >"$WORK/tunnels.policy"
alike same evil --policy "$WORK/tunnels.policy"
check "removed: no pins are left" test ! -e /sys/fs/bpf/flagwall

# --- what is pasted, and policies that come and go under it
printf 'include default\npattern syn-only syn,!ack,!fin,!rst,!psh,!urg drop\n' >"$WORK/syns.policy"
for backend in legacy nft; do
	exits "$backend: the rules to paste" 0 rules --backend $backend
	cp "$WORK/stdout" "$WORK/paste"
	check "$backend: a shell takes them" bash -e "$WORK/paste"
	behind_up
	send 3 'ip/TCP(flags="SF")' 2 'ip6/TCP(flags="FPU")' 1 'ip/TCP(flags="S")' 1 'ip6/TCP(flags="A")' >/dev/null
	settle
	equal "$backend: pasted: scans are dropped, and nothing else" "$(behind tcp)" 2
	refused "$backend: --remove under rules that were pasted" 2 PREROUTING -- rules --remove --backend $backend
	exits "$backend: to observe" 0 rules --backend $backend --observe
	behind_up
	send 3 'ip/TCP(flags="SF")' >/dev/null
	settle
	equal "$backend: observing drops nothing, without another rule" "$(behind tcp)" 3
	refused "$backend: a policy that drops what is legal" 2 syn -- rules --backend $backend --policy "$WORK/syns.policy" --enforce
	exits "$backend: unless told" 0 rules --backend $backend --policy "$WORK/syns.policy" --enforce --force
	behind_up
	send 3 'ip/TCP(flags="SF")' 2 'ip6/TCP(flags="S")' 1 'ip/TCP(flags="A")' >/dev/null
	settle
	equal "$backend: another policy holds at once, without another rule" "$(behind tcp)" 1
	exits "$backend: the rules, again" 0 rules --backend $backend -j
	in_json "$backend: printing them changes no policy" "[d['policy'], d['observe'], d['installed']]" \
		'["syns", false, false]'
	asked
	equal "$backend: and keeps the counters" "$(field "$WORK/asked.json" "d['dropped'], d['packets']")" "(10, 16)"
	sed -i 's/ -I / -D /' "$WORK/paste"
	check "$backend: -D takes them out" bash -e "$WORK/paste"
	removed $backend
done

# --- among rules of others
for backend in legacy nft; do
	among_others $backend
	removed $backend
	for _ in 1 2 3 4; do
		rules --install --backend $backend eth0 lo >/dev/null || touch "$WORK/failed" &
	done
	wait
	check "$backend: --install, four at once: the same once" diff "$WORK/first" <(tables $backend)
	check "$backend: and none of them fails" test ! -e "$WORK/failed"
	exits "$backend: native rules in their place" 0 rules --native --install --backend $backend
	equal "$backend: then none asks the program" "$(tables $backend | grep -c object-pinned)" 0
	installed $backend eth0 lo --policy "$WORK/tunnels.policy"
	check "$backend: and these in the place of native ones" diff "$WORK/first" <(tables $backend)
	behind_up
	send 4 'ip/TCP(flags="SF")' 2 'ip6/TCP(flags="SF")' 1 'ip6/TCP(flags="A")' >/dev/null
	settle
	equal "$backend: a policy with exceptions" "$(behind tcp)" 3
	installed $backend eth0 lo --policy default
	behind_up
	send 4 'ip/TCP(flags="SF")' 2 'ip6/TCP(flags="SF")' 1 'ip6/TCP(flags="A")' >/dev/null
	settle
	equal "$backend: and without, by another program" "$(behind tcp)" 1
	others_first $backend
	removed $backend
	check "$backend: --remove leaves what was there before" diff "$WORK/before" <(tables $backend)
	removed $backend
	check "$backend: and no pins" test ! -e /sys/fs/bpf/flagwall
	check "$backend: the table can be changed as before" in_host "iptables-$backend" -t raw -A PREROUTING -p udp --dport 9 -j DROP
	for family in ip ip6; do
		in_host "${family}tables-$backend" -t raw -F
		in_host "${family}tables-$backend" -F
	done
done
installed legacy
installed nft
removed legacy
check "what the other kind still asks stays" "$FLAGWALL" rule counters --netns "$HOST"
removed nft
check "and goes with it" test ! -e /sys/fs/bpf/flagwall

# --- what a namespace left that had the same number
match=/sys/fs/bpf/flagwall/match
if [ "$(uname -r | awk -F . '{ print $1 * 100 + $2 }')" -ge 514 ]; then
	"$FLAGWALL" rule iptables --netns "$PEER" --policy strict >/dev/null
	mv "$match-$(stat -Lc %i "/run/netns/$PEER")" "$match-$(stat -Lc %i "/run/netns/$HOST")"
	exits "pins of a namespace that is gone" 0 rules -j
	in_json "pins of a namespace that is gone mean nothing" "d['policy']" default
	removed nft
fi

# --- one pattern, for rules of others
for backend in legacy nft; do
	# shellcheck disable=SC2046
	in_host iptables-$backend -t raw -A PREROUTING $(rules --match xmas) -m hashlimit --hashlimit-upto 1/hour \
		--hashlimit-burst 3 --hashlimit-name fw -j ACCEPT
	# shellcheck disable=SC2046
	in_host iptables-$backend -t raw -A PREROUTING $(rules --match 'psh,!ack') -j DROP
	behind_up
	send 8 'ip/TCP(flags="FPU")' 4 'ip/TCP(flags="P")' 2 'ip/TCP(flags="PA")' 1 'ip/TCP(flags="FPUA")' >/dev/null
	settle
	equal "$backend: patterns with another match and other targets" "$(behind tcp)" 6
	asked xmas
	equal "$backend: xmas was asked and held" "$(field "$WORK/asked.json" "d['packets'], d['dropped']")" "(15, 8)"
	asked '!ack,psh'
	equal "$backend: flags too, however they are written" "$(field "$WORK/asked.json" "d['packets'], d['dropped']")" "(12, 9)"
	refused "$backend: a match that is asked stays" 2 PREROUTING -- rules --match xmas --remove
	in_host iptables-$backend -t raw -F
	exits "$backend: one that is not goes" 0 rules --match xmas --remove
	exits "$backend: and the other" 0 rules --match 'psh,!ack' --remove
	check "$backend: and no pins" test ! -e /sys/fs/bpf/flagwall
done

# --- the package is removed
[ ! -d /run/systemd ] || mount -t tmpfs tmpfs /run/systemd
installed legacy
installed nft
# shellcheck disable=SC2046
in_host iptables-legacy -t raw -A OUTPUT $(rules --match xmas) -j ACCEPT
exits "removal of the package" 0 env PATH="$BUILD:$PATH" sh "$TOP/packaging/debian/flagwall.prerm" remove
equal "takes the rules of both kinds" "$(cat <(tables legacy) <(tables nft) | grep -cw FLAGWALL)" 0
check "and lets others change theirs" in_host iptables-legacy -t raw -F
check "what rules of others asked stays" "$FLAGWALL" rule counters xmas --netns "$HOST"
exits "removal of the package, again" 0 env PATH="$BUILD:$PATH" sh "$TOP/packaging/debian/flagwall.prerm" remove
exits "until it is taken out" 0 rules --match xmas --remove

# --- what cannot be
refused "--match of nothing" 1 nothing -- rules --match nothing
refused "--match with --install" 1 --match -- rules --match xmas --install
refused "--match with --native" 1 --native -- rules --match xmas --native
refused "--observe and --enforce" 1 --observe -- rules --observe --enforce
refused "--install and --remove" 1 --remove -- rules --install --remove
refused "an interface with a wildcard" 1 eth+ -- rules eth+
refused "without rights" 2 CAP_BPF -- able "" "$FLAGWALL" rule iptables
refused "without iptables" 2 iptables -- env PATH=/nowhere "$FLAGWALL" rule iptables --install --netns "$HOST"
refused "counters of what is not there" 2 policy -- "$FLAGWALL" rule counters --netns "$HOST"
check "what is refused leaves no pins" test ! -e /sys/fs/bpf/flagwall

# --- programs that people use: scans stop, a page comes
in_host "$PYTHON" -m http.server 8080 --bind :: --directory "$TOP/docs" >/dev/null 2>&1 &
listening 8080
# What comes in large frames counts as the segments that they stand for.
head -c 8388608 /dev/urandom >"$WORK/large"
in_peer "$PYTHON" -m http.server 8081 --bind "$PEER4" --directory "$WORK" >/dev/null 2>&1 &
until in_host curl -sfo /dev/null -m 1 "http://$PEER4:8081/counters.json"; do sleep 0.1; done
for backend in legacy nft; do
	installed $backend
	behind_up
	check "$backend: 8 MiB arrive" in_host curl -sfo "$WORK/arrived" -m 60 "http://$PEER4:8081/large"
	check "$backend: and are the same" cmp "$WORK/large" "$WORK/arrived"
	asked
	check "$backend: by segments of at most 1,500 bytes" \
		field "$WORK/asked.json" "1 / ([p['packets'] for p in d['patterns'] if p['name'] == 'ack'][0] >= 8388608 // 1500)"
	equal "$backend: none of them dropped" "$(field "$WORK/asked.json" "d['dropped']")" 0
	programs_meet $backend
	asked
	for name in null fin-no-ack xmas syn-fin syn-rst; do
		check "$backend: $name was counted and dropped" \
			field "$WORK/asked.json" "1 / min(p['dropped'] for p in d['patterns'] if p['name'] == '$name')"
	done
	removed $backend
done

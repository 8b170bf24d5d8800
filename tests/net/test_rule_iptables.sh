#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# `rule iptables --native`: the same frames through the filter and through the
# rules, of both iptables. What arrives behind is the same, and so is what was counted.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

rules() {
	"$FLAGWALL" rule iptables --native --netns "$HOST" "$@"
}
# shellcheck source=tests/lib/iptables.sh
. "$TOP/tests/lib/iptables.sh"

# All 512 values of the nine flags in shapes that both hooks see, more often the
# higher they are; with data and with reserved bits too.
all_flags() {
	local c frames=() shape

	for ((c = 0; c < 512; c++)); do
		for shape in "ip/TCP(flags=$c)" "ip6/TCP(flags=$c)" "link/Dot1Q(vlan=0)/ip[1]/TCP(flags=$c)/b'x'" \
			"v4(options=[IPOption_NOP()]*4)/TCP(flags=$c,reserved=3)" \
			"ip6/IPv6ExtHdrDestOpt(options=PadN(optdata=b'1234'))/TCP(flags=$c)/b'x'"; do
			frames+=("$((1 + c / 128))" "$shape")
		done
	done
	send "${frames[@]}"
	expected=$((5 * 128 * (1 + 2 + 3 + 4)))
}

# The six control bits, which decide.
six_bits() {
	local c frames=()

	for ((c = 0; c < 64; c++)); do
		frames+=("$((1 + c / 16))" "ip/TCP(flags=$c)" "$((1 + c / 16))" "ip6/TCP(flags=$c)/b'x'")
	done
	send "${frames[@]}"
	expected=$((2 * 16 * (1 + 2 + 3 + 4)))
}

# Nothing that the tcp match drops by itself.
no_segments() {
	send 1 'ip/ICMP()' 2 'ip/UDP(dport=9)/b"x"' 4 'ip6/UDP(dport=9)/b"x"' \
		8 "$IP4,flags='MF')/Raw(${TCP}+b'1234')" 16 "$IP4,frag=3)/Raw($TCP)" \
		32 "$IP4,frag=300,flags='MF')/Raw(b'\0'*24)" \
		64 "link/IP(src='$PEER4',dst='$HOST4',proto=17,frag=1)/Raw($TCP)" \
		128 "v6(nh=44)/Raw(bytes([6,0,0,16,0,0,0,1])+$TCP)" 256 "v6(nh=44)/Raw(bytes([6,0,0,1,0,0,0,2])+$TCP+b'1234')"
	expected=511
}

# same BACKEND: each rule counted, and those of a pattern what the filter did.
same() {
	for family in ip ip6; do in_host "${family}tables-$1-save" -t raw -c; done >"$WORK/save"
	python -c 'import collections, json, re, sys
filtered, counted, dead = json.load(open(sys.argv[1])), collections.Counter(), []
for line in open(sys.argv[2]):
    rule = re.match(r"\[(\d+):\d+\] -A FLAGWALL-FLAGS .*--comment \"flagwall: ([^\"]+)\"", line)
    if rule:
        counted[rule[2]] += int(rule[1])
        if rule[1] == "0":
            dead.append(line)
if dead:
    sys.exit("never matched: " + "".join(dead))
flagged = {p["name"]: p["packets"] for p in filtered["patterns"] if p["policy_action"] != "pass" and p["packets"]}
if flagged != counted:
    sys.exit("flagwall %s, iptables %s" % (flagged, dict(counted)))' "$WORK/counters.json" "$WORK/save"
}

iptables_up

# --- the text
exits "without any right" 0 able "" "$FLAGWALL" rule iptables --native
cp "$WORK/stdout" "$WORK/rules"
exits "-j" 0 rules -j
field "$WORK/stdout" "d['ruleset']" | diff - "$WORK/rules" >"$WORK/difference"
equal "-j: the same text" "$(grep -c '^[<>] .' "$WORK/difference")" 0
refused "an interface with a wildcard" 1 eth+ -- rules eth+
refused "a backend there is not" 1 legacy nft -- rules --backend bpf
refused "--install and --remove" 1 --remove -- rules --install --remove

# No two rules of a policy match the same value, and none of them nothing.
for file in "$TOP"/policies/*.policy; do
	rules --policy "$file" 2>/dev/null >"$WORK/rules"
	check "$(basename "$file"): the rules are disjoint" python -c 'import re, sys
bits = {n: 1 << i for i, n in enumerate(("FIN", "SYN", "RST", "PSH", "ACK", "URG"))}
total = lambda text: sum(bits.get(n, 0) for n in text.split(","))
seen = set()
for line in open(sys.argv[1]):
    if line.startswith("-A FLAGWALL-FLAGS"):
        flags = re.search(r"--tcp-flags (\S+) (\S+)", line)
        mask, comp = map(total, flags.groups() if flags else ("NONE", "NONE"))
        mine = {v for v in range(64) if v & mask == comp}
        if not mine or mine & seen:
            sys.exit(line)
        seen |= mine' "$WORK/rules"
done

# --- the same as the filter
alike same all_flags
alike same six_bits --observe
alike - no_segments
for name in conntrack snort; do
	alike same six_bits --policy $name
done
# It counts by data: the verdicts are the same.
alike - six_bits --policy strict
cat >"$WORK/except.policy" <<-POLICY
	include default
	except from ${PEER4%.*}.0/24 syn-fin
	except to $HOST6 xmas,syn-rst
	except from 198.51.100.0/24
	except from fd66::/16 null
POLICY
alike - six_bits --policy "$WORK/except.policy"
printf 'include default\nexcept from %s\n' "$PEER4" >"$WORK/except.policy"
alike - six_bits --policy "$WORK/except.policy"
printf 'include default\nreason fragment drop\n' >"$WORK/fragment.policy"
for backend in legacy nft; do
	installed $backend --policy "$WORK/fragment.policy"
	behind_up
	send 4 "$IP4,frag=3)/Raw($TCP)" 2 "$IP4,flags='MF')/Raw(${TCP}+b'1234')" 1 'ip/TCP(flags="S")' >/dev/null
	settle
	equal "$backend: later fragments are dropped where the policy says so" "$(behind tcp)" 1
	removed $backend
done
# Where AE, data and others decide nothing drops that the policy lets pass.
cat >"$WORK/unseen.policy" <<-'POLICY'
	pattern odd-ae ae,syn,!ack drop
	pattern no-data psh,!data drop
	pattern null !fin,!syn,!rst,!psh,!ack,!urg drop
	pattern rest any pass
POLICY
exits "a policy that asks for more" 0 rules --policy "$WORK/unseen.policy" -j
# 16 with SYN and without ACK, and with PSH the 24 others.
in_json "a policy that asks for more: how many values" "d['milder_values']" 40
for backend in legacy nft; do
	installed $backend --force --policy "$WORK/unseen.policy"
	behind_up
	send 1 'ip/TCP(flags="SN")' 2 'ip/TCP(flags="P")' 4 'ip/TCP(flags=0)' 8 'ip6/TCP(flags="ENC")' >/dev/null
	settle
	equal "$backend: the mildest action counts" "$(behind tcp)" 3
	removed $backend
done

# --- what has no flags: by the policy, or by iptables-legacy, as the text says
evil() {
	send 1 "$IP4,frag=1)/Raw($TCP)" 2 "$IP4,flags='MF')/Raw((${TCP}[:13]+b'\2')*1)" 4 "$IP4)/Raw(${TCP}[:13])" \
		8 "v6(nh=44)/Raw(bytes([6,0,0,8,0,0,0,1])+$TCP)"
}
for backend in legacy nft; do
	installed $backend
	behind_up
	evil >"$WORK/sent"
	settle
	equal "$backend: overlaps are dropped, short ones by legacy only" "$(cat "$WORK/sent"): $(behind tcp)" "15: $([ $backend = legacy ] && echo 0 || echo 6)"
	removed $backend
done

# --- among rules of others
for backend in legacy nft; do
	among_others $backend
	rules eth0 lo >"$WORK/rules" 2>/dev/null
	removed $backend
	for family in ip ip6; do in_host "${family}tables-$backend-restore" -w --noflush "$WORK/rules"; done
	# -I one after the other stands in the other order.
	check "$backend: what is printed is what --install loads" diff "$WORK/first" <(tables $backend)
	installed $backend --policy conntrack
	equal "$backend: --install of other rules takes their place" "$(tables $backend | grep -c -- '-j FLAGWALL$')" 2
	tables $backend >"$WORK/first"
	others_first $backend
	refused "$backend: without rights" 2 iptables -- able "" "$FLAGWALL" rule iptables --native --install --backend $backend
	refused "$backend: without iptables" 2 iptables -- env PATH=/nowhere "$FLAGWALL" rule iptables --native --install --netns "$HOST"
	check "$backend: nothing is changed by what is refused" diff "$WORK/first" <(tables $backend)
	removed $backend
	check "$backend: --remove leaves what was there before" diff "$WORK/before" <(tables $backend)
	removed $backend
	for family in ip ip6; do in_host "${family}tables-$backend" -t raw -F; done
done

# --- programs that people use: scans stop, a page comes
in_host "$PYTHON" -m http.server 8080 --bind :: --directory "$TOP/docs" >/dev/null 2>&1 &
listening 8080
for backend in legacy nft; do
	installed $backend
	behind_up
	programs_meet $backend
	in_host iptables-$backend -t raw -nvxL FLAGWALL-FLAGS >"$WORK/list"
	for name in null fin-no-ack xmas syn-fin syn-rst; do
		equal "$backend: $name was counted" "$(awk -v name="$name" '/flagwall:/ && $0 ~ "flagwall: "name" " && $1 > 0 { n = 1 } END { print n + 0 }' "$WORK/list")" 1
	done
	removed $backend
done

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The profiles that say "verified: kernel", judged by the real thing: conntrack,
# iptables and nftables in the kernel get all 256 values of the flags byte, and
# what they do is what the policy says. flagwall itself is not attached here.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# --- what the kernel did --------------------------------------------------------

# The packets without a signature, by the IP ID that they are sent with.
declare -A reason_id=([truncated]=7001 [bad-tcp-offset]=7002 [fragment-overlap]=7003
	[tiny-fragment]=7004 [fragment]=7005)

# counters_by PREFIX: 256 counters, and a map to them from a flags byte.
counters_by() {
	local f

	for ((f = 0; f < 256; f++)); do echo "counter $1$f { }"; done
	printf 'map %s { type tcp_flag : counter; elements = { 0 : "%s0"' "$1" "$1"
	for ((f = 1; f < 256; f++)); do printf ', %d : "%s%d"' $f "$1" $f; done
	printf ' } }\n'
}

# judge_up HOOK PRIORITY: count what comes there by its IP ID or its flags. None
# of it goes on.
judge_up() {
	local id

	in_host nft delete table inet judge 2>/dev/null
	{
		echo 'table inet judge {'
		counters_by seen
		for id in "${reason_id[@]}"; do echo "counter id$id { }"; done
		echo "chain in { type filter hook $1 priority $2;"
		for id in "${reason_id[@]}"; do echo "ip id $id counter name id$id drop"; done
		echo 'counter name tcp flags map @seen'
		printf 'meta l4proto tcp drop\n}\n}\n'
	} | in_host nft -f - || exit 1
}

# One frame of each, for send. The fragments have 0x10 where flags would be, an
# ACK: nft reads them there as if they began with a TCP header.
packet="link/IP(src='$PEER4',dst='$HOST4',proto=6"
reason_frames=(1 "$packet,id=${reason_id[truncated]})/Raw(b'\x10'*10)"
	1 "$packet,id=${reason_id[bad-tcp-offset]})/TCP(flags='A',dataofs=15)"
	1 "$packet,id=${reason_id[fragment-overlap]},frag=1)/Raw(b'\x10'*24)"
	1 "$packet,id=${reason_id[tiny-fragment]},flags='MF')/Raw(b'\x10'*8)"
	1 "$packet,id=${reason_id[fragment]},frag=100)/Raw(b'\x10'*24)")

# send_all PROFILE: all 256 values, twice over IPv4 and once over IPv6, and the
# reasons.
send_all() {
	local f frames=()

	for ((f = 0; f < 256; f++)); do
		frames+=(2 "ip/TCP(sport=$((20000 + f)),dport=9,flags=$f)"
			1 "ip6/TCP(sport=$((20000 + f)),dport=9,flags=$f)")
	done
	equal "$1: sent" "$(send "${frames[@]}" "${reason_frames[@]}")" 773
	settle
}

# --- what the policy says -------------------------------------------------------

# policy_says POLICY CODE [ARGUMENT...]: Python code with action[f] and name[f] for
# the 256 values, reason[], the patterns in the order of the file, the counters
# that the kernel has now, and same(), which ends it.
policy_says() {
	local policy=$1 code=$2

	shift 2
	"$BUILD/tests/unit/policy_actions" "$TOP/policies/$policy.policy" >"$WORK/actions" || return
	in_host nft -j list counters >"$WORK/counters.json" || return
	python -c 'import json, sys
action, name, reason = {}, {}, {}
for line in open(sys.argv[1]):
    key, does, pattern = line.split()
    if not key.isdigit():
        reason[key] = does
    elif int(key) < 256:
        action[int(key)], name[int(key)] = does, pattern
patterns = [l.split()[1] for l in open(sys.argv[2]) if l.startswith("pattern ")]
seen = {i["counter"]["name"]: i["counter"]["packets"]
        for i in json.load(open(sys.argv[3]))["nftables"] if "counter" in i}
arguments = sys.argv[4:]
def shown(key):
    if not isinstance(key, int):
        return key
    return "".join(n for b, n in enumerate("FSRPAUEC") if key >> b & 1) or "none"
def same(kernel, policy):
    bad = [k for k in policy if kernel[k] != policy[k]]
    for k in bad:
        print(shown(k), "kernel:", kernel[k], "policy:", policy[k])
    sys.exit(bool(bad))
'"$code" "$WORK/actions" "$TOP/policies/$policy.policy" "$WORK/counters.json" "$@"
}

# Of each value all three came through, or none.
passed_as() {
	policy_says "$1" 'same({f: seen["seen%d" % f] for f in range(256)},
     {f: 0 if action[f] == "drop" else 3 for f in range(256)})'
}

# matched_as POLICY TIMES COUNT...: each rule matched what the line in its place
# holds, each value so many times.
matched_as() {
	policy_says "$1" 'want = dict.fromkeys(patterns[:-1], 0)
times, counts = int(arguments[0]), list(map(int, arguments[1:]))
if len(counts) != len(want):
    sys.exit("%d rules, %d lines" % (len(counts), len(want)))
for f in range(256):
    if name[f] in want:
        want[name[f]] += times
same(dict(zip(want, counts)), want)' "${@:2}"
}

# reasons_as POLICY REASON...: these came through, or did not, as it says.
reasons_as() {
	local reason ids=()

	for reason in "${@:2}"; do ids+=("$reason=${reason_id[$reason]}"); done
	policy_says "$1" 'ids = dict(a.split("=") for a in arguments)
same({r: seen["id" + ids[r]] for r in ids}, {r: int(reason[r] != "drop") for r in ids})' "${ids[@]}"
}

# differs CHECK...: a check of above finds a difference, and says which.
differs() {
	! "$@" >"$WORK/differences" && grep -q '^FR kernel: 0 policy: 3$' "$WORK/differences"
}

# --- iptables -------------------------------------------------------------------

# legacy COMMAND...: of iptables, for IPv4 and for IPv6.
legacy() {
	in_host iptables-legacy -w "$@" && in_host ip6tables-legacy -w "$@"
}

# matched iptables-legacy|ip6tables-legacy TABLE CHAIN: packets of each flag rule.
matched() {
	in_host "$1" -w -t "$2" -vnxL "$3" | awk '/ flags:/ { print $1 }'
}

# iptables_profile POLICY TABLE CHAIN 'MASK COMP'...: load the rules as they are
# published, send everything, and compare.
iptables_profile() {
	local policy=$1 table=$2 chain=$3 rule

	for rule in "${@:4}"; do
		# shellcheck disable=SC2086
		legacy -t "$table" -A "$chain" -p tcp --tcp-flags $rule -j DROP || return
	done
	send_all "$policy"
	check "$policy: dropped or passed, 256 values" passed_as "$policy"
	# shellcheck disable=SC2046
	check "$policy: each rule is its line, IPv4" \
		matched_as "$policy" 2 $(matched iptables-legacy "$table" "$chain")
	# shellcheck disable=SC2046
	check "$policy: each rule is its line, IPv6" \
		matched_as "$policy" 1 $(matched ip6tables-legacy "$table" "$chain")
	matched iptables-legacy "$table" "$chain" >"$WORK/matched"
	legacy -t "$table" -F "$chain"
}

iptables_classic() {
	judge_up prerouting 0
	iptables_profile iptables-classic mangle PREROUTING \
		'FIN,SYN,RST,PSH,ACK,URG NONE' 'FIN,SYN FIN,SYN' 'SYN,RST SYN,RST' \
		'FIN,RST FIN,RST' 'FIN,ACK FIN' 'ACK,URG URG' 'ACK,FIN FIN' 'ACK,PSH PSH' \
		'ALL ALL' 'ALL NONE' 'ALL FIN,PSH,URG' 'ALL SYN,FIN,PSH,URG' \
		'ALL SYN,RST,ACK,FIN,URG'
	equal "iptables-classic: the rules that never match" \
		"$(awk '$1 == 0 { printf "%d ", NR }' "$WORK/matched")" "7 9 10 11 12 13 "
	check "iptables-classic: what has no signature" reasons_as iptables-classic \
		truncated bad-tcp-offset fragment-overlap tiny-fragment fragment
}

# csf: the flag rules of chain INVALID, without those about conntrack state.
csf() {
	judge_up input 10
	legacy -N INVALID
	legacy -A INPUT -p tcp -j INVALID
	iptables_profile csf filter INVALID \
		'ALL NONE' 'ALL ALL' 'SYN,FIN SYN,FIN' 'SYN,RST SYN,RST' 'FIN,RST FIN,RST' \
		'ACK,FIN FIN' 'ACK,PSH PSH' 'ACK,URG URG'
	legacy -F INPUT
	legacy -X INVALID
	check "csf: a policy that differs is told apart" differs passed_as shorewall
}

shorewall() {
	judge_up input 10
	legacy -N tcpflags
	legacy -A INPUT -p tcp -j tcpflags
	iptables_profile shorewall filter tcpflags \
		'ALL FIN,URG,PSH' 'ALL NONE' 'SYN,RST SYN,RST' 'SYN,FIN SYN,FIN'
	legacy -F INPUT
	legacy -X tcpflags
	check "shorewall: what has no signature" reasons_as shorewall truncated bad-tcp-offset
}

# --- nftables -------------------------------------------------------------------

nft_wiki() {
	judge_up prerouting 0
	in_host nft -f - <<-'NFT'
		table netdev wiki {
			chain in {
				type filter hook ingress device eth0 priority -500;
				tcp flags & (fin|psh|urg) == (fin|psh|urg) counter drop
				tcp flags & (fin|syn) == (fin|syn) counter drop
				tcp flags & (syn|rst) == (syn|rst) counter drop
				tcp flags & (fin|rst) == (fin|rst) counter drop
				tcp flags & (fin|ack) == fin counter drop
				tcp flags & (urg|ack) == urg counter drop
				tcp flags & (psh|ack) == psh counter drop
				tcp flags & (fin|syn|rst|psh|ack|urg) == 0 counter drop
				ip frag-off & 0x1fff != 0 drop
			}
		}
	NFT
	send_all nft-wiki
	check "nft-wiki: dropped or passed, 256 values" passed_as nft-wiki
	# shellcheck disable=SC2046
	check "nft-wiki: each rule is its line" matched_as nft-wiki 3 \
		$(in_host nft list chain netdev wiki in | sed -n 's/.*counter packets \([0-9]*\).*/\1/p')
	check "nft-wiki: what has no signature" reasons_as nft-wiki \
		truncated bad-tcp-offset fragment-overlap tiny-fragment fragment
	in_host nft delete table netdev wiki
}

# --- conntrack ------------------------------------------------------------------

# The host's own answers would change the state of connections: only what has
# TTL 77 leaves it.
conntrack_up() {
	local id

	in_host nft delete table inet judge
	{
		echo 'table inet judge {'
		counters_by first
		counters_by inside
		counters_by answer
		for id in "${reason_id[@]}" 7100 7101; do echo "counter id$id { }"; done
		echo 'chain in { type filter hook prerouting priority mangle;'
		for id in "${reason_id[@]}" 7100; do
			echo "ip id $id ct state invalid counter name id$id"
		done
		echo 'ip id 7101 ct state new counter name id7101'
		echo 'tcp dport 9 ct state invalid counter name tcp flags map @first'
		echo 'tcp dport 10 ct state invalid counter name tcp flags map @inside'
		echo '}'
		echo 'chain quiet { type filter hook output priority raw;'
		echo 'meta l4proto { tcp, icmp } ip ttl != 77 drop'
		echo '}'
		echo 'chain out { type filter hook output priority mangle;'
		echo 'tcp sport 11 ct state invalid counter name tcp flags map @answer'
		printf '}\n}\n'
	} | in_host nft -f - || exit 1
}

# answer_all: as the host, all 256 values in answer to the SYNs to port 11.
answer_all() {
	in_host "$PYTHON" -c 'import os, socket
from scapy.layers.inet import IP, TCP
out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
for f in range(256):
    segment = IP(src=os.environ["HOST4"], dst=os.environ["PEER4"], ttl=77) / TCP(
        sport=11, dport=22000 + f, seq=1, ack=2, flags=f)
    out.sendto(bytes(segment), (os.environ["PEER4"], 0))'
}

# invalid_as PLACE,... [FLAGS...]: conntrack called invalid, in all these places,
# what the policy drops, and of the rest only FLAGS (with any E and C).
invalid_as() {
	policy_says conntrack 'but = {sum(1 << "FSRPAU".index(c) for c in w) for w in arguments[1:]}
places = arguments[0].split(",")
same({f: all(seen["%s%d" % (p, f)] for p in places) for f in range(256)},
     {f: action[f] == "drop" or f & 63 in but for f in range(256)})' "$@"
}

# invalid_reasons_as POLICY: conntrack calls invalid what the policy drops.
invalid_reasons_as() {
	local reason ids=()

	for reason in "${!reason_id[@]}"; do ids+=("$reason=${reason_id[$reason]}"); done
	policy_says "$1" 'ids = dict(a.split("=") for a in arguments)
same({r: seen["id" + ids[r]] for r in ids}, {r: int(reason[r] == "drop") for r in ids})' "${ids[@]}"
}

# What is illegal is invalid in whatever state. By its state, and not by its
# flags, more is: RST and FIN of no connection, and a SYN-ACK that answers no SYN.
conntrack() {
	local f first=() inside=() syns=() pair=() segment

	conntrack_up
	for ((f = 0; f < 256; f++)); do
		first+=(1 "ip/TCP(sport=$((20000 + f)),dport=9,seq=1,ack=1,flags=$f)")
		# A connection that is picked up in the middle, by an ACK.
		inside+=(1 "ip/TCP(sport=$((21000 + f)),dport=10,seq=1,ack=1,flags='A')"
			1 "ip/TCP(sport=$((21000 + f)),dport=10,seq=1,ack=1,flags=$f)")
		syns+=(1 "ip/TCP(sport=$((22000 + f)),dport=11,seq=1,flags='S')")
	done
	equal "conntrack: sent" "$(send "${first[@]}" "${inside[@]}" "${syns[@]}")" 1024
	settle
	answer_all
	check "conntrack: first and inside of a connection; also SA and SPA, by their state" \
		invalid_as first,inside SA SPA
	check "conntrack: SA and SPA are valid in answer to a SYN" invalid_as first,inside,answer
	policy_says conntrack 'for place in "first", "inside", "answer":
    print("# invalid by state,", place + ":", *(shown(f) for f in range(64)
          if seen["%s%d" % (place, f)] and action[f] != "drop"))'

	# 8 bytes of TCP in a fragment, and the rest in another.
	for f in 7100:SF 7101:A; do
		segment="bytes(ip/TCP(sport=${f%:*},dport=12,flags='${f#*:}'))"
		pair+=(1 "$packet,id=${f%:*},flags='MF')/Raw(${segment}[34:42])"
			1 "$packet,id=${f%:*},frag=1)/Raw(${segment}[42:])")
	done
	equal "conntrack: sent without a signature" "$(send "${pair[@]}" "${reason_frames[@]}")" 9
	settle
	check "conntrack: what has no signature" invalid_reasons_as conntrack
	check "csf, by its rule about INVALID: what has no signature" invalid_reasons_as csf
	check "conntrack: fragments are put together, and judged as one" policy_says conntrack \
		'same(seen, {"id7100": 1, "id7101": 1})'
}

equal "the policies that say that they are judged here" \
	"$(cd "$TOP/policies" && grep -lx '# verified: kernel' -- *.policy | tr '\n' ' ')" \
	"conntrack.policy csf.policy iptables-classic.policy nft-wiki.policy shorewall.policy "
net_up
live_up
nft_wiki
if legacy -t mangle -S >"$WORK/stdout" 2>&1 && legacy -t filter -S >"$WORK/stdout" 2>&1; then
	iptables_classic
	csf
	shorewall
else
	skip "iptables" "this kernel has no iptables-legacy: $(head -n 1 "$WORK/stdout")"
fi
conntrack

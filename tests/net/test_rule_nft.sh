#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# `rule nft`: the same frames through the filter and through the ruleset. nft
# loads it, counts what the filter counts, and lets pass what it lets pass.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

RULESET=$WORK/ruleset.nft

# A TCP header in Python, for frames that scapy would put right, and the
# beginnings of such frames: with a length that says what it says.
TCP="bytes(TCP(sport=1000,dport=9,flags='SF'))"
IP4="link/IP(src='$PEER4',dst='$HOST4',proto=6"
IP6="link/IPv6(src='$PEER6',dst='$HOST6'"

# fragment6 PROTOCOL OFFSET MORE BYTES: an IPv6 fragment.
fragment6() {
	printf '%s,nh=44)/Raw(bytes([%d,0,%d,%d,0,0,0,1])+%s)' "$IP6" "$1" \
		$(($2 >> 5)) $((($2 << 3 & 0xff) | $3)) "$4"
}

# Every value of the flags byte, in both families, bare and with a tag, more
# often the higher it is.
every_value() {
	local c frames=() from

	for ((c = 0; c < 256; c++)); do
		for from in ip ip6 "link/Dot1Q(vlan=0)/ip[1]" "link/Dot1Q(vlan=77)/ip6[1]"; do
			frames+=("$((1 + c / 64))" "$from/TCP(sport=1000,dport=9,flags=$c)")
		done
	done
	send "${frames[@]}"
	expected=$((4 * 64 * (1 + 2 + 3 + 4)))
}

# All 512 values of the nine flags, in both families.
all_flags() {
	local c frames=()

	for ((c = 0; c < 512; c++)); do
		frames+=("$((1 + c / 128))" "ip/TCP(sport=1000,dport=9,flags=$c)" \
			"$((1 + c / 128))" "ip6/TCP(sport=1000,dport=9,flags=$c)")
	done
	send "${frames[@]}"
	expected=$((2 * 128 * (1 + 2 + 3 + 4)))
}

# ECE, CWR, AE, reserved bits and data, of which the policy knows nothing.
others_bits() {
	send 1 'ip/TCP(flags="SN")' 2 'ip/TCP(flags="SFN")/b"x"' 3 'ip6/TCP(flags="A",reserved=7)' \
		4 'ip6/TCP(flags="PN",reserved=1)/b"x"' 5 'ip/TCP(flags="P",options=[("NOP",None)]*40)/b"x"'
	expected=15
}

no_segments() {
	send 1 "link/ARP(hwsrc='$PEER_MAC',psrc='$PEER4',pdst='$HOST4')" 2 'link/Raw(b"\0"*46)' \
		3 'ip/ICMP()' 4 'ip/UDP(dport=9)/b"x"' 5 'ip6/UDP(dport=9)/b"x"' \
		6 "link/IP(src='$PEER4',dst='$HOST4',proto=50)/Raw(b'x'*30)" \
		7 "$IP6,nh=50)/Raw(b'x'*30)" 8 "$IP4)/Raw(${TCP}[:13])" \
		9 "$IP4)/Raw(${TCP}[:13])/Padding(b'\3'*13)" 10 "$IP6,nh=6)/Raw(${TCP}[:13])/Padding(b'\3'*9)" \
		11 'ip/TCP(flags="SF",dataofs=4)' 12 'ip6/TCP(flags="S",dataofs=0)' \
		13 "$IP4,ihl=6)/Raw(b'\1\1\1\1'+${TCP}[:13])/Padding(b'\3'*9)" \
		14 "$IP4,ihl=15)/Raw(b'\1'*40+${TCP}[:13])/Padding(b'\3'*9)" \
		15 "$IP4,ihl=15)/Raw(b'\1'*40+$TCP)"
	expected=120
}

# What looks like SYN/FIN in later fragments is data; what is first is judged.
fragments() {
	send 1 "$IP4,frag=1)/Raw($TCP)" 2 "$IP4,frag=2)/Raw($TCP)" 3 "$IP4,frag=8191)/Raw($TCP)" \
		4 "$IP4,frag=1,flags='MF')/Raw($TCP)" 5 "$IP4,frag=300,flags='MF')/Raw($TCP)" \
		6 "$IP4,flags='MF')/Raw($TCP)" 7 "$IP4,flags='MF')/Raw(${TCP}[:8])" \
		8 "$IP4,flags='MF')/Raw(${TCP}[:8])/Padding(b'\3'*18)" \
		9 "$IP4,flags='MF',ihl=7)/Raw(b'\1'*8+${TCP}[:8])/Padding(b'\3'*18)" \
		10 "link/IP(src='$PEER4',dst='$HOST4',proto=17,frag=1)/Raw($TCP)" \
		11 "link/IP(src='$PEER4',dst='$HOST4',proto=50,frag=2)/Raw($TCP)" \
		12 "link/IP(src='$PEER4',dst='$HOST4',proto=51,frag=1)/Raw($TCP)" \
		13 "$(fragment6 6 1 0 "$TCP")" 14 "$(fragment6 6 2 1 "$TCP")" 15 "$(fragment6 6 8191 0 "$TCP")" \
		16 "$(fragment6 6 0 1 "$TCP")" 17 "$(fragment6 6 0 0 "$TCP")" \
		18 "$(fragment6 6 0 1 "${TCP}[:8]")" 19 "$(fragment6 6 0 1 "${TCP}[:8]")/Padding(b'\3'*18)" \
		20 "$(fragment6 17 1 0 "$TCP")" 21 "$(fragment6 50 1 0 "$TCP")" \
		22 "$(fragment6 60 1 0 "$TCP")" 23 "$(fragment6 60 0 0 "bytes([6,0])+b'\1\4\0\0\0\0'+$TCP")" \
		24 "link/Dot1Q(vlan=77)/IP(src='$PEER4',dst='$HOST4',proto=6,frag=1)/Raw($TCP)" \
		25 "link/Dot1Q(vlan=77)/IP(src='$PEER4',dst='$HOST4',proto=6,frag=9)/Raw($TCP)"
	expected=325
}

# What the ruleset says it cannot see: the filter can.
unseen() {
	send 1 "link/Dot1Q(vlan=7)/Dot1Q(vlan=8)/ip[1]/TCP(flags='SF')" \
		2 "link/IP(src='$PEER4',dst='$HOST4',proto=51)/Raw(bytes([6,4])+b'\0'*22+$TCP)" \
		4 "$IP6,nh=135)/Raw(bytes([6,0])+b'\0'*6+$TCP)" \
		8 "link/IP(src='$PEER4',dst='$HOST4',version=5)/TCP(flags='SF')" \
		16 "link/IP(src='$PEER4',dst='$HOST4',len=2000)/TCP(flags='SF')" \
		32 "Ether(src='$PEER_MAC',dst='$HOST_MAC',type=0x8864)/Raw(b'\x11\0\0\7\0\x2a\0\x21')/IP()/TCP(flags='SF')" \
		64 "Ether(src='$PEER_MAC',dst='$HOST_MAC',type=0x8847)/Raw(b'\0\6\x41\x40')/IP()/TCP(flags='SF')" \
		128 "Ether(src='$PEER_MAC',dst='$HOST_MAC',type=48)/Raw(b'\xaa\xaa\3\0\0\0\x08\0')/IP()/TCP(flags='SF')"
	expected=255
}

# seen FILE: what arrived behind it, by name: of flags, and of all kinds.
seen() {
	in_host nft -j list counters >"$WORK/nft.json"
	python -c 'import json, sys
counters = [i["counter"] for i in json.load(open(sys.argv[1]))["nftables"] if "counter" in i]
json.dump({c["name"]: c["packets"] for c in counters if c["table"] == "behind"}, open(sys.argv[2], "w"))' \
		"$WORK/nft.json" "$1"
}

# nft_up [OPTION...]: the ruleset, fresh.
nft_up() {
	exits "rule nft $*" 0 "$FLAGWALL" rule nft eth0 "$@"
	cp "$WORK/stdout" "$RULESET"
	check "nft loads the ruleset of rule nft $*" in_host nft -f "$RULESET"
}

nft_down() {
	check "the ruleset goes by its table" in_host nft delete table netdev flagwall
}

# same: the counters of the ruleset are the filter's, but that bytes are
# without the Ethernet header.
same() {
	python -c 'import json, sys
filtered, listed, tag = json.load(open(sys.argv[1])), json.load(open(sys.argv[2])), sys.argv[3]
nft = {c["name"]: c for c in (i.get("counter", {}) for i in listed["nftables"])
       if c and c["table"] == "flagwall"}
unread = ("bad-ip-header", "header-chain", "encapsulation")
want = {"pattern-" + p["name"]: p for p in filtered["patterns"]}
want.update({"reason-" + r["name"]: r for r in filtered["reasons"] if r["name"] not in unread})
excepted = nft.get("excepted", {}).get("packets", 0)
for name in sorted(set(want) | set(nft) - {"unread", "excepted"}):
    w, g = want[name], nft[name]
    if g["packets"] != w["packets"]:
        sys.exit("%s: nft %d packets, flagwall %d" % (name, g["packets"], w["packets"]))
    if tag == "bare" and g["bytes"] + 14 * g["packets"] != w["bytes"]:
        sys.exit("%s: nft %d bytes in %d, flagwall %d" % (name, g["bytes"], g["packets"], w["bytes"]))
if "excepted" in nft and excepted != filtered["excepted"]:
    sys.exit("excepted: nft %d, flagwall %d" % (excepted, filtered["excepted"]))
if nft["unread"]["packets"] != sum(r["packets"] for r in filtered["reasons"] if r["name"] in unread):
    sys.exit("unread: %d" % nft["unread"]["packets"])' "$WORK/counters.json" "$WORK/nft.json" "$1"
}

# twice FRAMES bare|tagged|verdicts [OPTION...]: through the filter, then through
# the ruleset; bytes are compared of bare frames only, counters not for verdicts.
twice() {
	local what=$1 tag=$2

	shift 2
	filter_up native --force "$@"
	"$what" >"$WORK/sent"
	equal "$what $*: sent as planned" "$(cat "$WORK/sent")" "$expected"
	accounts "$what $*"
	seen "$WORK/behind_filter.json"
	filter_down
	nft_up "$@"
	behind_up
	"$what" >/dev/null
	settle
	seen "$WORK/behind_nft.json"
	[ "$tag" = verdicts ] || check "$what $*: nft counts what the filter counts" same "$tag"
	# What all_frames counts stands behind the ruleset in the same hook.
	check "$what $*: behind both is the same, by every value of the flags" \
		diff "$WORK/behind_filter.json" "$WORK/behind_nft.json"
	nft_down
}

# loaded: the table as nft lists it, without the order of the map, which is chance.
loaded() {
	in_host nft list table netdev flagwall | sed 's/elements = {/&\n/' | tr , '\n' |
		sed 's/^[[:space:]]*//; s/ }$//' | sort
}

net_up
live_up

# --- the text
exits "rule nft without any right" 0 able "" "$FLAGWALL" rule nft eth0
silent "rule nft without any right"
cp "$WORK/stdout" "$RULESET"
equal "one map with all 256 values, none twice" \
	"$(grep -oE '0x[0-9a-f]{2} :' "$RULESET" | sort | uniq -c | awk '{ print $1 }' | sort | uniq -c | xargs)" "256 1"
equal "one table" "$(grep -c '^table netdev flagwall {' "$RULESET")" 1
exits "rule nft -j" 0 "$FLAGWALL" rule nft eth0 -j
python -c 'import json, sys
sys.stdout.write(json.load(open(sys.argv[1]))["ruleset"])' "$WORK/stdout" >"$WORK/json.nft"
check "rule nft -j: the same text" diff "$RULESET" "$WORK/json.nft"
in_json "rule nft -j: nothing is milder than the policy" \
	"[d['milder_values'], d['milder_reasons']]" "[0, []]"

# --- loading it
check "it is loaded" in_host nft -f "$RULESET"
loaded >"$WORK/first"
send 3 'ip/TCP(flags="SF")' >/dev/null
settle
check "it is loaded again" in_host nft -f "$RULESET"
loaded >"$WORK/second"
check "what is loaded twice is there once, with new counters" diff "$WORK/first" "$WORK/second"
equal "what is loaded has the whole map" "$(grep -c ': goto pattern-' "$WORK/second")" 256
"$FLAGWALL" rule nft eth0 lo >"$WORK/two.nft"
check "two interfaces: it is loaded" in_host nft -f "$WORK/two.nft"
check "two interfaces: both are hooked" in_host bash -c \
	'nft list chain netdev flagwall ingress | grep -q "devices = .*eth0.*lo"'
# A bare host has no list of protocols, in which nft looks up names that it does not know by itself.
[ ! -e /etc/protocols ] || mount --bind /dev/null /etc/protocols || exit 1
check "it is loaded where there is no /etc/protocols" in_host nft -f "$RULESET"
[ ! -e /etc/protocols ] || umount /etc/protocols
nft_down

# --- the same as the filter
twice every_value tagged
twice every_value tagged --observe
twice all_flags bare
twice others_bits bare
twice no_segments bare
twice fragments tagged
twice fragments tagged --observe

# --- other policies
for file in "$TOP"/policies/*.policy; do
	name=$(basename "$file" .policy)
	exits "$name" 0 "$FLAGWALL" rule nft --policy "$name" eth0
	check "$name: nft can load it" in_host nft -c -f "$WORK/stdout"
done
for name in conntrack snort pf-openbsd; do
	twice every_value tagged --policy $name
	twice fragments tagged --policy $name
done

# Words of nft's own as names, and reasons that drop.
cat >"$WORK/odd.policy" <<-'POLICY'
	pattern drop syn,fin drop
	pattern - syn,rst,cwr count
	pattern 0 rst drop
	pattern 0123456789_______abcdefghijklmn psh,!ack drop
	pattern accept ece,cwr pass
	pattern comment urg drop
	pattern elements any pass
	reason fragment drop
	reason encrypted drop
	reason tiny-fragment count
	reason not-tcp count
POLICY
odd=$WORK/odd.policy
twice every_value tagged --policy "$odd"
twice no_segments bare --policy "$odd"
twice fragments tagged --policy "$odd"

# Where AE, reserved bits or data decide, nothing drops that the policy lets pass.
cat >"$WORK/unseen.policy" <<-'POLICY'
	pattern odd-ae ae,syn,!ack drop
	pattern odd-reserved rsv,fin,!ack count
	pattern no-data psh,!data drop
	pattern null !fin,!syn,!rst,!psh,!ack,!urg drop
	pattern rest any pass
	reason header-chain drop
	reason truncated drop
POLICY
exits "a policy that asks for more" 0 "$FLAGWALL" rule nft --policy "$WORK/unseen.policy" eth0 -j
equal "a policy that asks for more: two lines say so" "$(grep -c '^flagwall: ' "$WORK/stderr")" 2
# 64 with SYN and without ACK, 32 more with FIN, without ACK and SYN, and all others with PSH.
in_json "a policy that asks for more: how many values" "d['milder_values']" \
	"$(python -c 'print(sum(1 for f in range(256) if f & 18 == 2 or f & 17 == 1 or f & 8))')"
in_json "a policy that asks for more: which reasons" "d['milder_reasons']" '["truncated", "header-chain"]'
field "$WORK/stdout" "d['ruleset']" >"$RULESET"
check "a policy that asks for more: nft loads it" in_host nft -f "$RULESET"
behind_up
equal "milder: sent" "$(send 3 'ip/TCP(flags="P")' 2 'ip/TCP(flags="S")' 1 'ip/TCP(flags=0)')" 6
settle
equal "milder: what may pass passes, the rest does not" "$(behind tcp)" 5
exits "observing, the reasons drop nowhere" 0 "$FLAGWALL" rule nft --policy "$WORK/unseen.policy" eth0 -j --observe
in_json "observing, the reasons drop nowhere" "d['milder_reasons']" '[]'
nft_down

# Tunnels, of which nft knows nothing: the rest is the same.
printf 'include default\ninspect tunnels\n' >"$WORK/tunnels.policy"
exits "a policy that looks into tunnels" 0 "$FLAGWALL" rule nft --policy "$WORK/tunnels.policy" eth0 -j
equal "a policy that looks into tunnels: a line says so" "$(grep -c '^flagwall: ' "$WORK/stderr")" 1
in_json "a policy that looks into tunnels: so does the document" "d['milder_tunnels']" true
field "$WORK/stdout" "d['ruleset']" >"$RULESET"
check "a policy that looks into tunnels: nft loads it" in_host nft -c -f "$RULESET"
twice others_bits bare --policy "$WORK/tunnels.policy"

# Exceptions, one of them inside another; the last is of no use.
cat >"$WORK/except.policy" <<-POLICY
	include default
	except from ${PEER4%.*}.0/24 syn-fin,fragment-overlap
	except from $PEER4 null
	except to $HOST6 xmas,syn-psh,tiny-fragment
	except from 198.51.100.0/24
	except from 2001:db8::/32
POLICY
twice every_value tagged --policy "$WORK/except.policy"
equal "some were excepted" "$(value excepted | sed 's/^[1-9][0-9]*$/some/')" some
twice every_value tagged --policy "$WORK/except.policy" --observe
twice fragments tagged --policy "$WORK/except.policy"

# strict counts by data: the verdicts are the same.
twice every_value verdicts --policy strict

# --- and what it cannot see passes, and is counted apart
nft_up
behind_up
unseen >"$WORK/sent"
settle
seen "$WORK/behind_nft.json"
equal "unseen: it passes" "$(field "$WORK/behind_nft.json" "d['all_frames']")" "$expected"
equal "unseen: it is counted" "$(field "$WORK/nft.json" "[i['counter']['packets'] for i in d['nftables']
	if i.get('counter', {}).get('name') == 'unread'][0]")" "$expected"
nft_down

# --- installed and removed
everything() {
	in_host nft -s list ruleset | tr , '\n' | sed 's/^[[:space:]]*//; s/elements = {/&\n /; s/ }$//; s/^ *//' | sort
}
everything >"$WORK/before"
exits "--install" 0 "$FLAGWALL" rule nft eth0 --install --netns "$HOST"
check "--install: it says what nft cannot see" sentence reserved VLAN tunnels
loaded >"$WORK/installed"
"$FLAGWALL" rule nft eth0 >"$RULESET"
in_host nft -f "$RULESET"
check "--install loads what is printed" diff "$WORK/installed" <(loaded)
exits "--install, again" 0 "$FLAGWALL" rule nft eth0 --install --netns "$HOST" -j
in_json "--install -j says so" "d['installed']" true
check "--install, again: the same once more" diff "$WORK/installed" <(loaded)
behind_up
send 3 'ip/TCP(flags="SF")' 2 'ip6/TCP(flags="S")' >/dev/null
settle
equal "installed: it drops" "$(behind tcp)" 2
exits "--install of another policy" 0 "$FLAGWALL" rule nft eth0 --install --netns "$HOST" --policy strict --observe
send 3 'ip/TCP(flags="SF")' >/dev/null
settle
equal "installed, observing: it drops nothing" "$(behind tcp)" 5
loaded >"$WORK/installed"
refused "--install on no interface" 2 eth9 -- "$FLAGWALL" rule nft eth0 eth9 --install --netns "$HOST"
refused "--install of a policy that drops legal segments" 2 --force -- \
	"$FLAGWALL" rule nft eth0 --install --netns "$HOST" --policy snort
refused "--install without rights" 2 nft -- able "" "$FLAGWALL" rule nft eth0 --install
refused "--install without nft" 2 nft -- env PATH=/nowhere "$FLAGWALL" rule nft eth0 --install --netns "$HOST"
refused "--install and --remove" 1 --remove -- "$FLAGWALL" rule nft --install --remove
refused "--remove of one interface" 1 eth0 -- "$FLAGWALL" rule nft eth0 --remove
refused "no interface" 1 IFACE -- "$FLAGWALL" rule nft
check "what is refused leaves what is installed" diff "$WORK/installed" <(loaded)
exits "--remove" 0 "$FLAGWALL" rule nft --remove --netns "$HOST"
check "--remove leaves what was there before" diff "$WORK/before" <(everything)
exits "--remove, again" 0 "$FLAGWALL" rule nft --remove --netns "$HOST"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# One verdict everywhere: the same frames through every hook, and through the rules that
# are printed for others. What was counted and what arrived is what `classify` says of the
# frames; and where the kernel put fragments together, what nft sees behind that.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

# Behind fragments that were put together, and behind all rules.
# shellcheck disable=SC2034
BEHIND_PRIORITY=-299
CAPTURES=${CAPTURES:-$TOP/../shared/captures}

net_up
live_up
in_host ethtool -K eth0 gro off

# hook HOOK VERB [OPTION...]: at HOOK, which for tc-egress is the peer's.
hook() {
	case $1 in
	tc-egress) "$FLAGWALL" "$2" --netns "$PEER" out --hook tc-egress "${@:3}" ;;
	xdp-*) fw "$2" eth0 --hook xdp "${@:3}" ;;
	*) fw "$2" eth0 --hook "$1" "${@:3}" ;;
	esac
}

# attached HOOK [OPTION...]: as hook ... attach, with its mode.
attached() {
	case $1 in
	xdp-*) hook "$1" attach --mode "${1#xdp-}" "${@:2}" ;;
	*) hook "$1" attach "${@:2}" ;;
	esac >/dev/null 2>&1
}

# told FILE [patterns]: the counters of a JSON document, all that are not zero; or the
# flagged packets by pattern.
told() {
	python -c 'import json, sys
d = json.load(open(sys.argv[1]))
if sys.argv[2:]:
    rows = [(p["name"], p["packets"]) for p in d["patterns"] if p["action"] != "pass" and p["packets"]]
else:
    rows = [(f["flags"], f["data"], f["reserved"], f["packets"], f["bytes"]) for f in d["flags"]]
    rows += [(r["name"], r["packets"], r["bytes"]) for r in d["reasons"] if r["packets"]]
print(*sorted(map(str, rows)), sep="\n")' "$@"
}

# passing FILE: of a JSON document how many segments pass, by the eight flags that nft sees.
passing() {
	python -c 'import collections, json, sys
counts = collections.Counter()
for f in json.load(open(sys.argv[1]))["flags"]:
    counts[f["value"] & 255] += f["packets"] - f["dropped"]
print(*sorted((k, v) for k, v in counts.items() if v), sep="\n")' "$1"
}

# arrived_behind: the same, by nft behind all of it.
arrived_behind() {
	in_host nft -j list counters table inet behind >"$WORK/behind.json"
	python -c 'import json, sys
counters = [i["counter"] for i in json.load(open(sys.argv[1]))["nftables"] if "counter" in i]
rows = [(int(c["name"][1:]), c["packets"]) for c in counters if c["name"][1:].isdigit() and c["packets"]]
print(*sorted(rows), sep="\n")' "$WORK/behind.json"
}

# but_offsets FILE: the lines of $WORK/expected and of $WORK/counted are the same, but for
# segments that FILE says are bad-tcp-offset, of which nft knows flags.
but_offsets() {
	python -c 'import ast, collections, json, sys
nft, ours = (collections.Counter(dict(map(ast.literal_eval, open(name)))) for name in sys.argv[1:3])
odd = sum(r["packets"] for r in json.load(open(sys.argv[3]))["reasons"] if r["name"] == "bad-tcp-offset")
if ours - nft or sum((nft - ours).values()) != odd:
    sys.exit("nft has %s more, we have %s more; bad-tcp-offset %d" % (nft - ours, ours - nft, odd))' \
		"$WORK/expected" "$WORK/counted" "$1"
}

# replay CAPTURE...: sends what is in them; what was sent is in $WORK/sent.pcap.
replay() {
	behind_up
	python_in "$PEER" "$TOP/tests/lib/replay.py" out "$WORK/sent.pcap" "$@"
	settle
}

# --- what there is here
hooks=()
for name in xdp-native xdp-generic tc-ingress tc-egress netfilter; do
	attached "$name" && hooks+=("$name")
	[ "$name" != xdp-native ] || hook "$name" detach >/dev/null
done
for name in xdp-generic tc-ingress tc-egress netfilter; do
	hook "$name" detach >/dev/null 2>&1
done
echo "# hooks: ${hooks[*]}"

# --- what is counted: all hooks look at the same frames, and let them pass
observed=()
for name in "${hooks[@]}"; do
	[ "$name" = xdp-generic ] || observed+=("$name")
done
# observe: all of them, with counters that begin at zero.
observe() {
	local name

	for name in "${observed[@]}"; do
		hook "$name" detach >/dev/null 2>&1
		attached "$name" --observe
	done
}

# seen_alike WHAT: every hook counted each frame that was sent, and as classify does.
seen_alike() {
	local name

	"$FLAGWALL" classify "$WORK/sent.pcap" --by flags -j >"$WORK/classify.json" 2>/dev/null
	told "$WORK/classify.json" >"$WORK/expected"
	for name in "${observed[@]}"; do
		hook "$name" counters --by flags -j >"$WORK/$name.json"
		[ "$name" != netfilter ] || continue
		told "$WORK/$name.json" >"$WORK/counted"
		check "$1: $name counts what classify counts" diff "$WORK/expected" "$WORK/counted"
	done
	case " ${observed[*]} " in *" netfilter "*) ;; *) return ;; esac
	passing "$WORK/netfilter.json" >"$WORK/counted"
	arrived_behind >"$WORK/expected"
	check "$1: netfilter sees what nft sees there" but_offsets "$WORK/netfilter.json"
}

"$PYTHON" "$TOP/tests/lib/make_verdicts.py" "$WORK/common.pcap" "$WORK/layers.pcap" "$WORK/fragments.pcap"
observe
for what in common layers fragments; do
	sent=$(replay "$WORK/$what.pcap")
	echo "# $what: $sent frames"
	seen_alike "$what"
	observe
done
if [ -d "$CAPTURES" ]; then
	sent=$(replay "$CAPTURES"/*.pcap*)
	echo "# captures: $sent frames"
	seen_alike "captures"
fi

# --- what arrives: each hook alone, and each kind of rules, and what they counted
for name in "${observed[@]}"; do hook "$name" detach >/dev/null; done
"$FLAGWALL" classify "$WORK/common.pcap" --by flags -j >"$WORK/classify.json"
passing "$WORK/classify.json" >"$WORK/arrive"
told "$WORK/classify.json" patterns >"$WORK/flagged"

# judged WHAT COMMAND...: the common frames, through what is there: what arrived, and what it
# counted, as the COMMAND prints it.
judged() {
	local what=$1

	shift
	replay "$WORK/common.pcap" >/dev/null
	arrived_behind >"$WORK/arrived"
	check "$what: what passes arrives, and nothing else" diff "$WORK/arrive" "$WORK/arrived"
	"$@" >"$WORK/counted"
	check "$what: counted by pattern" diff "$WORK/flagged" "$WORK/counted"
}

of_hook() {
	hook "$1" counters -j >"$WORK/counters.json"
	told "$WORK/counters.json" patterns
}

of_nft() {
	in_host nft -j list counters table netdev flagwall >"$WORK/nft.json"
	python -c 'import json, sys
flagged = {p["name"] for p in json.load(open(sys.argv[2]))["patterns"] if p["action"] != "pass"}
rows = [(i["counter"]["name"][8:], i["counter"]["packets"]) for i in json.load(open(sys.argv[1]))["nftables"]
        if "counter" in i and i["counter"]["name"][8:] in flagged and i["counter"]["packets"]]
print(*sorted(map(str, rows)), sep="\n")' "$WORK/nft.json" "$WORK/classify.json"
}

of_rules() {
	"$FLAGWALL" rule counters -j --netns "$HOST" >"$WORK/counters.json"
	told "$WORK/counters.json" patterns
}

of_iptables() {
	for family in ip ip6; do in_host "${family}tables-$1-save" -t raw -c; done >"$WORK/save" 2>/dev/null
	python -c 'import collections, re, sys
counts = collections.Counter()
for packets, name in re.findall(r"\[(\d+):\d+\] -A FLAGWALL-FLAGS .*--comment \"flagwall: ([^\"]+)\"", open(sys.argv[1]).read()):
    counts[name] += int(packets)
print(*sorted(str((k, v)) for k, v in counts.items() if v), sep="\n")' "$WORK/save"
}

for name in "${hooks[@]}"; do
	attached "$name"
	judged "$name" of_hook "$name"
	hook "$name" detach >/dev/null
done
"$FLAGWALL" rule nft eth0 --install --netns "$HOST" >/dev/null 2>&1
judged nft of_nft
"$FLAGWALL" rule nft --remove --netns "$HOST" >/dev/null
for backend in legacy nft; do
	"$FLAGWALL" rule iptables --install --backend $backend --netns "$HOST" >/dev/null 2>&1
	judged "iptables-$backend asks" of_rules
	"$FLAGWALL" rule iptables --remove --backend $backend --netns "$HOST" >/dev/null
	"$FLAGWALL" rule iptables --native --install --backend $backend --netns "$HOST" >/dev/null 2>&1
	judged "iptables-$backend" of_iptables $backend
	"$FLAGWALL" rule iptables --native --remove --backend $backend --netns "$HOST" >/dev/null
done

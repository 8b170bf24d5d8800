#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# top: whose packets are flagged. To the packet as long as they are few; of five million
# sources, of which a few send much, these within 5 %; in memory that does not grow.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"
# shellcheck source=tests/lib/listen.sh
. "$TOP/tests/lib/listen.sh"

# rank NAME OPTION...: top in the background, its JSON Lines into $WORK/NAME. Sets $ranker.
rank() {
	listen "$1" top -j --interval 0.2 "${@:2}"
	ranker=$ear
}

# ranked: end it as Ctrl-C does, when all that was sent is in a line. Its exit code is $ended.
ranked() {
	settle
	sleep 0.5
	kill -INT "$ranker"
	wait "$ranker"
	ended=$?
}

# last NAME EXPRESSION: over the last line of $WORK/NAME: f is the first filter, r its rows.
last() {
	python -c 'import json, sys
d = json.loads(open(sys.argv[1]).readlines()[-1])
f = d["interfaces"][0]
r = f["rows"]
print(eval(sys.argv[2]))' "$WORK/$1" "$2"
}

# flagged: what the counters say of it, patterns and reasons.
flagged() {
	fw counters eth0 -j | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin)
print(sum(p["packets"] for p in d["patterns"] + d["reasons"] if p["action"] != "pass"))'
}

net_up
live_up
refused "nothing is attached" 2 attach -- fw top eth0
filter_up native
for bad in 0 x -1 1001 ''; do
	exits "--limit '$bad'" 1 fw top eth0 --limit "$bad"
done
refused "nothing to list by" 1 vlan -- fw top eth0 --by pattern
refused "a pattern that is not there" 1 nothing-like-it -- fw top eth0 --pattern nothing-like-it
equal "none of them left anything" "$(rings)" 0

# --- few: scanners and frames that are known, to the packet
rank few.jsonl eth0
equal "with somebody there is a ring" "$(rings)" 1
in_peer nmap -n -Pn -T5 --max-retries 0 -p 1-20 -sN "$HOST4" >/dev/null 2>&1
in_peer nmap -n -Pn -T5 --max-retries 0 -p 1-30 -sX "$HOST4" >/dev/null 2>&1
in_peer nmap -6 -n -Pn -T5 --max-retries 0 -p 1-20 -sX "$HOST6" >/dev/null 2>&1
in_peer hping3 -q -c 5 -i u2000 -p 9 -S -F -a 198.51.100.7 "$HOST4" >/dev/null 2>&1
send 3 "link/IPv6(src='2001:db8:7:7::1',dst='$HOST6')/TCP(flags='SF')" \
	4 "link/IPv6(src='2001:db8:7:7:ffff::1',dst='$HOST6')/TCP(flags='SF')" \
	2 "link/IPv6(src='2001:db8:7:8::1',dst='$HOST6')/TCP(flags='SR')" \
	6 'ip/TCP(flags="A")' 4 'ip/UDP()' >/dev/null
refused "a second one" 2 eth0 listens -- fw top eth0
refused "nor do events listen" 2 eth0 listens -- fw events eth0
ranked
equal "one that is ended has done its work" "$ended" 0
check "and leaves no ring" gone
# Scanners may repeat a probe: the counters know.
equal "all flagged packets are counted" "$(last few.jsonl "f['flagged']")" "$(flagged)"
equal "each is somebody's, exactly" \
	"$(last few.jsonl "(sum(x['packets'] for x in r) + f['others'], f['others'], {x['exact'] for x in r}, f['lost'], f['sample'])")" \
	"($(flagged), 0, {True}, 0, 1)"
counters
equal "an address, and its patterns" \
	"$(last few.jsonl "[sorted((p['name'], p['packets']) for p in x['patterns']) for x in r if x['source'] == '$PEER4']")" \
	"[[('null', $(pattern null)), ('xmas', $(field "$WORK/counters.json" \
		"[p['packets'] for p in d['patterns'] if p['name'] == 'xmas'][0] - $(last few.jsonl "[x['packets'] for x in r if x['source'] == 'fd66::/64'][0]")"))]]"
equal "IPv6 by /64" "$(last few.jsonl "sorted((x['source'], x['packets']) for x in r if x['source'].startswith('2001'))")" \
	"[('2001:db8:7:7::/64', 7), ('2001:db8:7:8::/64', 2)]"
equal "another's address is taken as it is" "$(last few.jsonl "[(x['packets'], x['patterns']) for x in r if x['source'] == '198.51.100.7']")" \
	"[(5, [{'name': 'syn-fin', 'packets': 5}])]"
check "the intervals add up" python -c 'import json, sys
lines = [json.loads(line)["interfaces"][0] for line in open(sys.argv[1])]
added = sum(f["seconds"] * f["flagged_per_second"] for f in lines)
row = sum(f["seconds"] * x["packets_per_second"] for f in lines for x in f["rows"] if x["source"] == "198.51.100.7")
sys.exit(abs(added - lines[-1]["flagged"]) > 0.01 or abs(row - 5) > 0.01)' "$WORK/few.jsonl"

# --- by whom it came: neighbours, VLANs, and packets that say nothing
tagged="Dot1Q(vlan=77)/Dot1Q(vlan=5)/IP(src='192.0.2.7',dst='$HOST4')/TCP(flags='SF')"
for by in mac vlan source; do
	rank "$by.jsonl" eth0 --by "$by" --pattern syn-fin
	send 7 "Ether(src='02:aa:00:00:00:07',dst='$HOST_MAC')/$tagged" \
		2 "Ether(src='02:aa:00:00:00:08',dst='$HOST_MAC')/Dot1AD(vlan=9)/IP(src='192.0.2.8',dst='$HOST4')/TCP(flags='SF')" \
		3 'ip/TCP(flags="SF")' 4 'ip/TCP(flags=0)' >/dev/null
	ranked
done
equal "by MAC" "$(last mac.jsonl "[(x['source_mac'], x['packets']) for x in r]")" \
	"[('02:aa:00:00:00:07', 7), ('$PEER_MAC', 3), ('02:aa:00:00:00:08', 2)]"
equal "by VLAN, two tags and none" "$(last vlan.jsonl "[(x['vlans'], x['packets']) for x in r]")" "[([77, 5], 7), ([], 3), ([9], 2)]"
equal "one pattern alone" "$(last source.jsonl "(f['flagged'], [(x['source'], x['packets']) for x in r])")" \
	"(12, [('192.0.2.7', 7), ('$PEER4', 3), ('192.0.2.8', 2)])"
printf 'include default\nreason bad-ip-header drop\n' >"$WORK/odd.policy"
fw policy set eth0 "$WORK/odd.policy" >/dev/null
rank odd.jsonl eth0 --limit 1
send 3 'link/Raw(b"\x45\0\0\x28" + b"\0" * 16)' 3 'ip/TCP(flags="SF")' 6 'Ether(type=0x800,src="02:aa:00:00:00:09",dst="ff:ff:ff:ff:ff:ff")/Raw(b"\x43" + b"\0" * 40)' >/dev/null
ranked
check "what has no row is among the others" test "$(last odd.jsonl "len(r)")" = 1
equal "and the sum is right" "$(last odd.jsonl "r[0]['packets'] + f['others'] == f['flagged'] > 6")" True
fw policy set eth0 default >/dev/null

# --- another policy meanwhile
rank meanwhile.jsonl eth0
send 4 'ip/TCP(flags="SP")' >/dev/null
settle
printf 'pattern odd syn,psh,!ack drop\npattern rest any pass\n' >"$WORK/other.policy"
fw policy set eth0 "$WORK/other.policy" >/dev/null
send 2 'ip/TCP(flags="SP")' >/dev/null
ranked
equal "each pattern by the policy that met it" \
	"$(last meanwhile.jsonl "[(x['source'], [(p['name'], p['packets']) for p in x['patterns']]) for x in r]")" \
	"[('$PEER4', [('syn-psh', 4), ('odd', 2)])]"
fw policy set eth0 default >/dev/null

# --- killed: a plain program comes back
rank killed.jsonl eth0
kill -KILL "$ranker"
wait "$ranker" 2>/dev/null
check "after a kill the ring goes" gone

# --- lines for people
rank gone.jsonl eth0
fw detach eth0 >/dev/null
wait "$ranker"
equal "a filter that is detached ends it" "$?" 2
filter_up native
fw top eth0 --count 2 --interval 0.5 >"$WORK/lines" 2>"$WORK/lines.err" &
until says "$WORK/lines.err" listening; do sleep 0.05; done
send 3 'ip/TCP(flags="SF")' >/dev/null
wait $!
equal "a heading, and all of them twice" "$(grep -cE '^TIME|all flagged' "$WORK/lines")" 3
equal "nothing but text" "$(tr -d '[:print:]\n' <"$WORK/lines" | wc -c)" 0
check "a row" grep -qE "eth0 .* $PEER4 +3 +exact +100.0% .* syn-fin\$" "$WORK/lines"
check "and then no ring" gone

# --- on a terminal
while IFS=$'\t' read -r what got expected; do
	equal "$what" "$got" "$expected"
done < <("$PYTHON" "$TOP/tests/lib/top_screen.py" 2>"$WORK/trouble" || echo "top_screen.py	$(tail -n 1 "$WORK/trouble")	no trouble")
filter_up native

# --- a flood: five million sources that send once, and a few that send 1, 2 or 5 in a hundred
unique=${FLAGWALL_SOURCES:-5000000}
for by in source mac vlan; do
	rank "flood-$by.jsonl" eth0 --by "$by"
	before=$(flagged)
	in_peer "$BUILD/tests/spoof" out "$HOST_MAC" "$unique" >"$WORK/truth-$by.json"
	settle
	sleep 0.3
	awk '/VmHWM/ { print $2 }' "/proc/$ranker/status" >"$WORK/memory-$by"
	ranked
	echo $(($(flagged) - before)) >"$WORK/flagged-$by"
	[ "$unique" -lt 300000 ] || unique=300000
done
# near BY KIND PERCENT: each has a row, within so much of its count, and its error is no lie.
near() {
	python -c 'import json, sys
kind, percent = sys.argv[3], float(sys.argv[4])
truth = json.load(open(sys.argv[2]))
f = json.loads(open(sys.argv[1]).readlines()[-1])["interfaces"][0]
def name(row):
    value = row[kind]
    return ".".join(map(str, value)) or "(none)" if isinstance(value, list) else value
rows = {name(row): row for row in f["rows"]}
bad = 0
for who, count in truth[kind].items():
    row = rows.get(who, {"packets": 0, "error": 0})
    off = abs(row["packets"] - count)
    print(who, count, row["packets"], row["error"])
    # Two and a half times the error of 95 %: once in a million.
    bad |= off > percent / 100 * count or off > 2.5 * row["error"] + count / 1000
    for part in row.get("patterns", []):
        if part["name"] == "syn-fin" and who in truth["syn-fin"]:
            bad |= abs(part["packets"] - truth["syn-fin"][who]) > 2 * percent / 100 * count
print(f["flagged"], truth["sent"], f["lost"])
sys.exit(bad)' "$WORK/flood-$1.jsonl" "$WORK/truth-$1.json" "$2" "$3"
}
for by in source mac vlan; do
	equal "a flood, by $by: the sum is that of the counters" \
		"$(last "flood-$by.jsonl" "(f['flagged'], abs(sum(x['packets'] for x in r) + f['others'] - f['flagged']) < 10)")" \
		"($(cat "$WORK/flagged-$by"), True)"
done
between "nearly all of it arrived" "$(cat "$WORK/flagged-source")" \
	"$(python -c 'import json, sys; print(json.load(open(sys.argv[1]))["sent"] * 999 // 1000)' "$WORK/truth-source.json")" 99999999
check "each source of 1 % and more, within 5 %" near source source 5
check "each neighbour" near mac source_mac 30
check "each VLAN" near vlan vlans 30
equal "and nobody who sent once has a row" "$(last flood-source.jsonl "len(r)")" 5
between "memory, KiB" "$(cat "$WORK/memory-source")" 1000 60000

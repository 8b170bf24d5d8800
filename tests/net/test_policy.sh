#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Policies in force: what a preview says is what happens, and a change in the
# middle of a flood and a transfer lets nothing through and loses nothing.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

SETS=${FLAGWALL_SETS:-200}

# all_flags: every value of the flags byte, with AE and a reserved bit among
# them, with and without payload, over IPv4 and IPv6; and what is no TCP.
all_flags() {
	local f frames=()

	for ((f = 0; f < 256; f++)); do
		frames+=(1 "ip/TCP(flags=$f)" 1 "ip6/TCP(flags=$f)/b'data'")
	done
	for f in 0x102 0x111 0x1c2; do
		frames+=(2 "ip/TCP(flags=$f)")
	done
	frames+=(3 'ip/TCP(flags="S", reserved=1)' 5 'ip/UDP()' 4 'link/ARP()'
		2 'link/IP(src="10.66.0.1", dst="10.66.0.2", frag=1, proto=6)/Raw(b"x" * 40)')
	send "${frames[@]}" 2>/dev/null
}

# agrees POLICY...: preview says before what happens after.
agrees() {
	local policy

	for policy in "$@"; do
		filter_up native --observe
		all_flags >/dev/null
		settle
		fw policy preview eth0 "$policy" -j >"$WORK/preview.json"
		fw counters eth0 --save "$WORK/snapshot" >/dev/null
		fw policy set eth0 "$policy" --enforce --force >/dev/null 2>&1
		counters
		equal "$policy: nothing was dropped before" "$(value dropped)" 0
		cp "$WORK/counters.json" "$WORK/before.json"
		all_flags >/dev/null
		accounts "$policy"
		equal "$policy: all that preview said is dropped" "$(value dropped)" \
			"$(field "$WORK/preview.json" "d['would_drop']")"
		fw policy preview eth0 "$policy" --since "$WORK/snapshot" -j >"$WORK/since.json"
		equal "$policy: shares" "$(field "$WORK/preview.json" "(d['upper_bound'], d['segments'] < d['packets'],
			all(abs(r['percent'] * d['segments'] / 100 - r['packets']) < 0.001 for r in d['patterns'] + d['flags']))")" \
			"(False, True, True)"
		equal "$policy: since the snapshot it was the same again" \
			"$(field "$WORK/since.json" "d['would_drop'], d['already_dropped']")" \
			"$(field "$WORK/preview.json" "d['would_drop'], d['would_drop']")"
		check "$policy: pattern by pattern and flags by flags" python -c 'import json, sys
preview, now = (json.load(open(name)) for name in sys.argv[1:])
for kind, key in (("patterns", lambda p: p["name"]),
                  ("flags", lambda f: (f["value"], f["data"], f["reserved"]))):
    rows = now[kind] + (now["reasons"] if kind == "patterns" else [])
    said = {key(p): p["packets"] for p in preview[kind]}
    done = {key(p): p["dropped"] for p in rows if p["dropped"]}
    if said != done:
        sys.exit("%s: preview %s, dropped %s" % (kind, said, done))' \
			"$WORK/preview.json" "$WORK/counters.json"
		filter_down
	done
}

# onward BEFORE AFTER: more packets than before, and no counter went back.
onward() {
	python -c 'import json, sys
before, after = (json.load(open(name)) for name in sys.argv[1:])
def cells(d):
    for f in d["flags"] + d["reasons"]:
        for n in ("packets", "bytes", "dropped", "excepted"):
            yield (f.get("value", f.get("name")), f.get("data"), f.get("reserved"), n), f[n]
after_cells = dict(cells(after))
lost = [key for key, value in cells(before) if after_cells.get(key, 0) < value]
sys.exit(str(lost) if lost else after["packets"] <= before["packets"])' "$@"
}

# flood_through MODE: policies change all the time; both drop SYN/FIN.
flood_through() {
	local what=$1 transfer flood i refused=0 back=0

	filter_up "$1"
	under_fire 200
	counters
	for ((i = 0; i < SETS; i++)); do
		[ $((i % 2)) -eq 0 ] && policy=$WORK/other.policy || policy=default
		fw policy set eth0 "$policy" >/dev/null 2>&1 || refused=$((refused + 1))
		if [ $((i % 10)) -eq 0 ]; then
			cp "$WORK/counters.json" "$WORK/before.json"
			counters
			onward "$WORK/before.json" "$WORK/counters.json" || back=$((back + 1))
		fi
	done
	fire_over "$what"
	equal "$what: policy set refused" "$refused" 0
	equal "$what: times that a counter went back, or that nothing was counted" "$back" 0
	fire_dropped "$what"
	filter_down
}

net_up
live_up
printf 'include default\naction syn-psh drop\npattern mine syn,fin,!urg drop\n' >"$WORK/other.policy"
printf 'pattern ecn ece,cwr,!ack drop\npattern paid data,syn count\npattern rest any pass\nreason fragment-overlap drop\n' \
	>"$WORK/odd.policy"
agrees default "$WORK/other.policy" "$WORK/odd.policy"
flood_through native

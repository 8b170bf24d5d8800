#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Replaced in the middle of a transfer and of a flood: no packet goes
# unfiltered, none is lost, and no counter goes back.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

# member MEMBER: of eth0 in the last status.
member() {
	field "$WORK/status.json" "d['interfaces'][0]['$1']"
}

# All counters of two readings, the second never below the first.
never_back() {
	"$PYTHON" -c 'import json, sys
def slots(name):
    d = json.load(open(name))
    return {("all", m): d[m] for m in ("packets", "bytes", "dropped")} | {
        (f["name"], m): f[m] for f in d["patterns"] + d["reasons"]
        for m in ("packets", "bytes", "dropped")}
old, new = slots(sys.argv[1]), slots(sys.argv[2])
sys.exit(str([k for k in old if new[k] < old[k]] or "") or 0)' "$WORK/before.json" "$WORK/counters.json"
}

replace() {
	local what=$1 times=$2 transfer flood since program programs i back=0 refused=0

	filter_up "$1"
	under_fire 12
	counters
	fw status eth0 -j >"$WORK/status.json"
	programs=$(member program_id) since=$(member attached_since)
	for ((i = 0; i < times; i++)); do
		cp "$WORK/counters.json" "$WORK/before.json"
		fw attach eth0 >/dev/null 2>"$WORK/stderr" || refused=$((refused + 1))
		counters
		never_back || back=$((back + 1))
		fw status eth0 -j >"$WORK/status.json"
		program=$(member program_id)
		[[ " $programs " == *" $program "* ]] || programs+=" $program"
	done
	check "$what: the transfer and the flood were still running" kill -0 "$transfer" "$flood"
	check "$what: the transfer ends well" wait_for "$transfer"
	kill "$flood"
	wait "$flood" 2>/dev/null
	equal "$what: attach refused" "$refused" 0
	equal "$what: every attach brought another program" "$(wc -w <<<"$programs")" $((times + 1))
	equal "$what: it is the same attachment" "$(member attached_since)" "$since"
	equal "$what: times that a counter went back" "$back" 0
	accounts "$what"
	equal "$what: all SYN/FIN were dropped" "$(pattern syn-fin dropped)" "$(pattern syn-fin)"
	check "$what: they were many" test "$(pattern syn-fin)" -gt 10000
	equal "$what: none was seen behind the filter" "$(behind 'f & (S|F) == S|F')" 0
	equal "$what: nothing else was dropped" "$(value dropped)" "$(pattern syn-fin)"
	check "$what: the transfer was seen behind" test "$(behind tcp bytes)" -gt 10000000
	filter_down
}

# `check` runs in a subshell, which has no children to wait for.
wait_for() {
	while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
	grep -q 'iperf Done' "$WORK/iperf"
}

net_up
live_up
replace native 12
replace generic 6

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Replaced in the middle of a transfer and of a flood, by the same version and by
# another one: no packet goes unfiltered, none is lost, and no counter goes back.
# A version with another layout refuses, and the filter goes on.
#
# FLAGWALL_REPLACE=200 replaces that often in each mode. FLAGWALL_ONE_VERSION=1
# builds no other versions, where compiling takes too long.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

# member MEMBER: of eth0 in the last status.
member() {
	field "$WORK/status.json" "d['interfaces'][0]['$1']"
}

# All counters of two readings, the second never below the first.
never_back() {
	python -c 'import json, sys
def slots(name):
    d = json.load(open(name))
    return {("all", m): d[m] for m in ("packets", "bytes", "dropped")} | {
        (f["name"], m): f[m] for f in d["patterns"] + d["reasons"]
        for m in ("packets", "bytes", "dropped")}
old, new = slots(sys.argv[1]), slots(sys.argv[2])
sys.exit(str([k for k in old if new[k] < old[k]] or "") or 0)' "$WORK/before.json" "$WORK/counters.json"
}

# other_version FOLDER [SED]: flagwall 99.1, of these sources after SED. What that does not
# change is as it was built.
other_version() {
	mkdir "$1"
	cp -a "$TOP"/{Makefile,VERSION,bpf,headers,user,policies,tests} "$1/"
	mkdir "$1/build"
	cp -a "$BUILD"/{*.[aod],flagwall,gen*,host,user} "$1/build/"
	echo 99.1 >"$1/VERSION"
	[ -z "${2:-}" ] || sed -i "$2" "$1/headers/flagwall/layout.h"
	make -s -C "$1" -j2 HARDENING= CFLAGS=-O0 build/flagwall >"$WORK/make.log" 2>&1 || { cat "$WORK/make.log"; exit 1; }
}

replace() {
	local what=$1 times=${FLAGWALL_REPLACE:-$2} transfer flood since program programs i back=0 refused=0

	filter_up "$1"
	under_fire $((8 + times * 2 / 3))
	counters
	fw status eth0 -j >"$WORK/status.json"
	programs=$(member program_id) since=$(member attached_since)
	for ((i = 0; i < times; i++)); do
		cp "$WORK/counters.json" "$WORK/before.json"
		"${versions[i % ${#versions[@]}]}" attach --netns "$HOST" eth0 >/dev/null 2>"$WORK/stderr" || refused=$((refused + 1))
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
	equal "$what: the version that runs" "$(member version)" "$("${versions[(i - 1) % ${#versions[@]}]}" --version | grep -o '[0-9.]*$')"
	equal "$what: every attach brought another program" "$(wc -w <<<"$programs")" $((times + 1))
	equal "$what: it is the same attachment" "$(member attached_since)" "$since"
	equal "$what: times that a counter went back" "$back" 0
	fire_dropped "$what"
	filter_down
}

# `check` runs in a subshell, which has no children to wait for.
wait_for() {
	while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
	grep -q 'iperf Done' "$WORK/iperf"
}

# refuses WHAT COMMAND THEIRS OURS: attach, set and the readers of COMMAND, of
# version OURS, know that THEIRS wrote it, and touch nothing.
refuses() {
	local verb program

	fw status eth0 -j >"$WORK/status.json" 2>/dev/null || "$WORK/far/build/flagwall" status --netns "$HOST" eth0 -j >"$WORK/status.json"
	program=$(member program_id)
	for verb in "attach eth0" "attach eth0 --policy strict" "counters eth0" "status eth0" "policy set eth0 strict" "policy show eth0"; do
		# shellcheck disable=SC2086
		refused "$1: ${verb/ eth0/}" 2 "$3" "$4" "detach eth0" -- "$2" $verb --netns "$HOST"
	done
	in_devices "$HOST" 'program("eth0")'
	equal "$1: the program goes on" "$answer" "$program"
}

# Up and down between two layouts, under the flood.
layouts() {
	local what=layouts transfer flood far=$WORK/far/build/flagwall ours

	ours=$("$FLAGWALL" --version | grep -o '[0-9.]*$')
	filter_up native
	under_fire 5
	refuses "upgrade to another layout" "$far" "$ours" 99.1
	check "$what: the transfer ends well" wait_for "$transfer"
	kill "$flood"
	wait "$flood" 2>/dev/null
	accounts "$what"
	equal "$what: all SYN/FIN were dropped" "$(pattern syn-fin dropped)" "$(pattern syn-fin)"
	equal "$what: none was seen behind the filter" "$(behind 'f & (S|F) == S|F')" 0
	exits "$what: the new one detaches what the old one attached" 0 "$far" detach --netns "$HOST" eth0
	exits "$what: and attaches" 0 "$far" attach --netns "$HOST" eth0
	refuses "downgrade to another layout" "$FLAGWALL" 99.1 "$ours"
	filter_down
}

net_up
live_up
versions=("$FLAGWALL")
[ -n "${FLAGWALL_ONE_VERSION:-}" ] || {
	other_version "$WORK/next"
	versions+=("$WORK/next/build/flagwall")
}
replace native 6
replace generic 4
if [ -z "${FLAGWALL_ONE_VERSION:-}" ]; then
	other_version "$WORK/far" 's/#define FW_LAYOUT .*/#define FW_LAYOUT 999/
		s/#define FW_POLICY_TEXT .*/#define FW_POLICY_TEXT 8192/'
	layouts
fi

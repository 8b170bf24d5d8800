#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A policy on trial: the kernel goes back by itself, with nobody there to do it.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

# dropped FLAGS: of ten segments with these flags, how many are dropped now?
dropped() {
	local before

	counters
	before=$(value dropped)
	send 10 "ip/TCP(flags=\"$1\")" >/dev/null
	settle
	counters
	echo $(($(value dropped) - before))
}

# waiting: what status says of the trial.
waiting() {
	fw status eth0 -j >"$WORK/status.json"
	field "$WORK/status.json" "(lambda u: 'none' if u is None else
		'over' if u['expired'] else 'for ' + u['fallback'])(d['interfaces'][0]['unconfirmed'])"
}

# over: wait until the trial is over.
over() {
	local tries=200

	until [ "$(waiting)" = over ]; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.3
	done
}

# past SECONDS: wait until a trial of so many seconds, begun before, would be over.
past() {
	sleep "$1.2"
}

generations() {
	local there=("$(pins)"/xdp/*/)

	echo "${#there[@]}"
}

# measure_pace: sets TRIAL to the seconds in which this machine surely asks
# thrice what is dropped, and CONFIRM to those in which it surely runs a verb.
# Slow machines are slow at verifying programs first of all.
measure_pace() {
	local start=$EPOCHREALTIME end

	dropped SP >/dev/null
	fw attach eth0 >/dev/null
	end=$EPOCHREALTIME
	CONFIRM=$(((${end/./} - ${start/./}) / 1000000 + 1))
	TRIAL=$((CONFIRM * 4))
}

# trial MODE: what strict drops and default counts tells which of them judges.
trial() {
	local what=$1

	filter_up "$1"
	measure_pace
	equal "$what: before" "$(dropped SP)" 0
	check "$what: on trial" fw policy set eth0 strict --confirm "$TRIAL"
	equal "$what: it waits" "$(waiting)" "for default"
	equal "$what: on trial" "$(dropped SP)" 10
	exits "$what: attach keeps nothing for good by the way" 2 fw attach eth0
	equal "$what: still on trial" "$(dropped SP)" 10
	check "$what: its time is over" over
	equal "$what: it went back by itself" "$(dropped SP) $(value policy)" "0 default"
	equal "$what: and says so" "$(waiting)" over
	equal "$what: what both drop is dropped all the time" "$(dropped SF)" 10
	exits "$what: too late" 2 fw policy confirm eth0
	equal "$what: nothing waits any more" "$(waiting) $(generations)" "none 1"
	equal "$what: and the former policy stays" "$(dropped SP) $(value policy)" "0 default"

	check "$what: on trial" fw policy set eth0 strict --confirm "$CONFIRM"
	check "$what: confirmed" fw policy confirm eth0
	past "$CONFIRM"
	equal "$what: it stays" "$(dropped SP) $(value policy) $(waiting) $(generations)" \
		"10 strict none 1"
	exits "$what: nothing to confirm" 2 fw policy confirm eth0

	check "$what: a second trial" fw policy set eth0 default --confirm 600
	check "$what: and another in its place" fw policy set eth0 basic --confirm "$TRIAL"
	equal "$what: never back to what was on trial itself" "$(waiting)" "for strict"
	check "$what: over again" over
	equal "$what: back at the beginning" "$(dropped SP) $(value policy)" "10 strict"
	check "$what: the next verb ends it" fw policy set eth0 default
	equal "$what: nothing waits" "$(waiting) $(generations) $(value policy)" "none 1 strict"
	equal "$what: the next verb's policy" "$(dropped SP) $(value policy)" "0 default"
	accounts "$what"
	filter_down
}

# first MODE: after an attach on trial everything passes.
first() {
	local what="$1: first attach"

	filter_up "$1" --confirm "$TRIAL"
	equal "$what: on trial" "$(dropped SF) $(waiting)" "10 for none"
	check "$what: its time is over" over
	equal "$what: everything passes, and is counted" "$(dropped SF) $(waiting) $(flags SYN,FIN)" \
		"0 over 20"
	check "$what: attach begins anew" fw attach eth0
	equal "$what: attach begins anew" "$(dropped SF) $(value policy) $(waiting) $(generations)" \
		"10 default none 1"
	accounts "$what"
	filter_down
	filter_up "$1" --confirm "$CONFIRM"
	check "$what: confirmed" fw policy confirm eth0
	past "$CONFIRM"
	equal "$what: it stays" "$(dropped SF) $(waiting)" "10 none"
	filter_down
}

# verdict: to observe may be what is on trial.
verdict() {
	local what="verdict"

	filter_up native
	check "$what: on trial" fw policy set eth0 strict --observe --confirm 600
	refused "$what: not kept by saying nothing" 2 --observe --enforce -- fw policy set eth0 basic
	fw status eth0 -j >"$WORK/status.json"
	equal "$what: all is as it was" "$(field "$WORK/status.json" \
		"(lambda i: [i['policy'], i['observe'], i['unconfirmed']['fallback_observe']])(d['interfaces'][0])")" \
		'["strict", true, false]'
	check "$what: said, it is" fw policy set eth0 basic --enforce
	equal "$what: in force" "$(dropped SF) $(value policy) $(waiting)" "10 basic none"
	filter_down
}

# generic: the driver's reason is known before and after.
why_generic() {
	local what="lo, generic"

	in_host "$FLAGWALL" attach lo --confirm "$CONFIRM" >/dev/null
	in_host "$FLAGWALL" status lo -j >"$WORK/before.json"
	past "$CONFIRM"
	in_host "$FLAGWALL" status lo -j >"$WORK/after.json"
	equal "$what: the trial is over" \
		"$(field "$WORK/after.json" "d['interfaces'][0]['unconfirmed']['expired']")" true
	check "$what: the reason is known" test \
		"$(field "$WORK/before.json" "d['interfaces'][0]['fallback']")" != null
	equal "$what: and stays known" "$(field "$WORK/after.json" "d['interfaces'][0]['fallback']")" \
		"$(field "$WORK/before.json" "d['interfaces'][0]['fallback']")"
	in_host "$FLAGWALL" detach lo
}

net_up
live_up
for mode in $MODES; do
	trial "$mode"
	first "$mode"
done
verdict
why_generic
for seconds in 0 -1 x 1x +5 ' 5' 86401 99999999999999999999; do
	exits "--confirm $seconds" 1 fw attach eth0 "--confirm=$seconds"
done
check "bare in the end" test ! -e "$(pins)"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Attaching where the filter is already: counters go on, what is in force stays
# in force, and nothing but the program changes.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# state EXPRESSION: of eth0 as status tells it.
state() {
	fw status eth0 -j >"$WORK/status.json" && field "$WORK/status.json" "d['interfaces'][0]$1"
}

exits "attach" 0 fw attach eth0 -j
in_json "attach: enforcing" "d['interfaces'][0]['observe']" false
in_json "attach: attached" "d['interfaces'][0]['attached']" true
first=$(state "['program_id']") since=$(state "['attached_since']")
# shellcheck disable=SC2016
in_peer bash -c 'for _ in 1 2 3 4 5; do echo >"/dev/udp/$1/9"; done' - "$HOST4" 2>/dev/null
counters --by flags
before=$(field "$WORK/counters.json" "d['packets']")
between "traffic is counted" "$before" 5 100

exits "attach again" 0 fw attach eth0
silent "attach again"
counters --by flags
between "attach again: the counters go on" "$(field "$WORK/counters.json" "d['packets']")" "$before" 100
check "attach again: another program" test "$(state "['program_id']")" != "$first"
equal "attach again: attached since" "$(state "['attached_since']")" "$since"
equal "attach again: still enforcing" "$(state "['observe']")" false
check "attach again: whole" whole

for again in --observe "--mode native" --enforce ""; do
	case $again in --observe) expected=true ;; --enforce) expected=false ;; esac
	# shellcheck disable=SC2086
	exits "attach $again" 0 fw attach eth0 $again
	equal "attach $again: observing" "$(state "['observe']")" "$expected"
	check "attach $again: whole" whole
done
counters --by flags
between "all of that: the counters go on" "$(field "$WORK/counters.json" "d['packets']")" "$before" 100
reconciles "all of that"

# --- after a detach it starts anew
exits "detach" 0 fw detach eth0
equal "detach: says so on stdout" "$(wc -l <"$WORK/stdout")" 1
silent "detach"
check "detach: bare" bare
exits "attach observing" 0 fw attach --observe eth0
equal "attach observing: observing" "$(state "['observe']")" true
counters --by flags
between "attach observing: counters from nothing" "$(field "$WORK/counters.json" "d['packets']")" 0 4
fw detach eth0 >/dev/null
fw attach eth0 >/dev/null
equal "attach after that: enforcing" "$(state "['observe']")" false

# --- all at once
for _ in 1 2 3 4 5 6; do
	fw attach eth0 >/dev/null 2>>"$WORK/errors" || echo "$?" >>"$WORK/failed" &
done
wait
check "six attach at once: none fails" test ! -e "$WORK/failed"
check "six attach at once: whole" whole
for verb in attach detach attach detach attach detach attach detach; do
	fw $verb eth0 >/dev/null 2>>"$WORK/errors" || echo "$verb: $?" >>"$WORK/failed" &
done
wait
check "attach and detach at once: none fails" test ! -e "$WORK/failed"
[ ! -e "$WORK/failed" ] || sed 's/^/# /' "$WORK/failed" "$WORK/errors"
exits "attach and detach at once: attach" 0 fw attach eth0
check "attach and detach at once: whole" whole
exits "attach and detach at once: detach" 0 fw detach eth0
check "attach and detach at once: bare" bare
check "no folder is left" test ! -e /sys/fs/bpf/flagwall

# --- readers beside a replacement: the filter is there all the time
fw attach eth0 >/dev/null
replacing() {
	local i

	for ((i = 0; i < 25; i++)); do
		fw attach eth0 >/dev/null 2>&1
	done
}
replacing &
replacer=$!
readings=0 status_wrong=0 counters_wrong=0 list_wrong=0
while kill -0 $replacer 2>/dev/null; do
	fw status --check eth0 >/dev/null 2>&1 || status_wrong=$((status_wrong + 1))
	fw counters eth0 >/dev/null 2>&1 || counters_wrong=$((counters_wrong + 1))
	fw status 2>/dev/null | grep -q '^eth0: attached' || list_wrong=$((list_wrong + 1))
	readings=$((readings + 1))
done
wait $replacer
check "readers beside a replacement: there were some" test $readings -gt 20
equal "readers beside a replacement: status --check" $status_wrong 0
equal "readers beside a replacement: counters" $counters_wrong 0
equal "readers beside a replacement: status" $list_wrong 0

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# watch: on a real terminal under real scans, in a pipe, as JSON Lines. Its numbers
# are those of counters.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

net_up
live_up

# --- what cannot be watched
exits "nothing attached" 2 fw watch --count 1
exits "nothing attached to it" 2 fw watch eth0 --count 1
exits "no such interface" 2 fw watch nosuch0
for bad in 0 0.01 x 1x inf nan 0x1 -1 1e9 ''; do
	exits "--interval '$bad'" 1 fw watch --interval "$bad"
done
for bad in 0 x 1x -1 99999999999999999999 ''; do
	exits "--count '$bad'" 1 fw watch --count "$bad"
done

fw attach eth0 --mode native --policy stateful >/dev/null
# Linux 6.6 and newer.
TC=0
fw attach eth0 --hook tc-egress >/dev/null 2>&1 && TC=1
export TC

# --- JSON Lines: what came in each interval adds up to what was sent
"$FLAGWALL" watch eth0 --netns "$HOST" --hook xdp -j --interval 0.2 >"$WORK/lines" &
watching=$!
until [ -s "$WORK/lines" ]; do sleep 0.05; done
send 50 'ip/TCP(flags="SF")' >/dev/null
sleep 0.3
send 70 'ip/TCP(flags="SF")' 3 'ip/TCP(flags="SF")/b"data"' 20 'ip/UDP()' \
	9 'ip/TCP(sport=80, dport=9, flags="A")' >/dev/null
settle
until grep -c '"packets":152' "$WORK/lines" >/dev/null; do
	kill -0 $watching 2>/dev/null || break
	sleep 0.1
done
kill $watching
wait $watching
equal "ended by a signal" $? 143
counters --hook xdp
# added EXPRESSION: its sum over the lines, each times the seconds that it is of.
added() {
	jq -s "[.[].interfaces[0] | ($1) * .seconds] | add | round" "$WORK/lines"
}
lasts() {
	jq -s ".[-1].interfaces[0] | $1" "$WORK/lines"
}
equal "all intervals together are what was sent" "$(added .packets_per_second)" "$(value packets)"
equal "and in bytes" "$(added .bytes_per_second)" "$(value bytes)"
equal "of a pattern, dropped" "$(added '.patterns[] | select(.name == "syn-fin").dropped_per_second')" 123
equal "of exact flags" "$(added '[.flags[] | select(.data).packets_per_second] | add // 0')" 3
equal "of a reason" "$(added '.reasons[] | select(.name == "not-tcp").packets_per_second')" 20
equal "of a state" "$(added '[.states[] | select(.state == "none" and .flags == "ACK").packets_per_second] | add // 0')" 9
# shellcheck disable=SC2016
equal "the last line has what counters have" "$(lasts 'del(.time, .life) | [paths(scalars) as $p |
	select($p[-1] | tostring | test("_per_second|^seconds$|^event$|^program_id$") | not) | getpath($p)]' | md5sum)" \
	"$(jq 'del(.time, .life, .schema_version, .tool_version) | [paths(scalars) as $p | getpath($p)]' "$WORK/counters.json" | md5sum)"

# --- what happens to filters is in the lines
"$FLAGWALL" watch --netns "$HOST" -j --interval 0.2 >"$WORK/lines" &
watching=$!
# lines_say FILTER: wait until it holds for all lines.
lines_say() {
	local tries=100

	until jq -se "$1" "$WORK/lines" >/dev/null 2>&1; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.1
	done
}
# seen FILTER: wait until a line has it.
seen() {
	lines_say "any(.[]; $1)"
}
check "-j: it is there" seen '.interfaces[0].hook == "xdp"'
fw attach eth0 >/dev/null
check "-j: replaced" seen '.interfaces[0].event == "replaced"'
fw policy set eth0 strict >/dev/null
check "-j: another policy" seen '.interfaces[0].event == "policy"'
fw detach eth0 --hook xdp >/dev/null
check "-j: gone" seen '.missing[0] | .interface == "eth0" and .hook == "xdp"'
fw attach eth0 --mode native --policy stateful >/dev/null
check "-j: attached again" seen '.interfaces[0].event == "attached"'
kill $watching
wait $watching

# --- lines for people and files
fw watch --interval 0.1 --count 2 >"$WORK/lines"
equal "in a file: a heading and the sums" "$(grep -c 'all packets' "$WORK/lines")" "$((TC ? 4 : 2))"
equal "in a file: nothing but text" "$(tr -d '[:print:]\n' <"$WORK/lines" | wc -c)" 0
fw attach eth0 --policy stateful >/dev/null
(sleep 0.5 && send 40 'ip/TCP(sport=80, dport=9, flags="A")' 2 'ip/TCP(flags="SF")' >/dev/null) &
fw watch --hook xdp --by state --interval 2 --count 1 >"$WORK/lines"
wait $!
equal "by state: what was looked up, and what was not" \
	"$(awk '/none +ACK/ { none = $(NF - 1) } /not looked up/ { rest = $(NF - 1) } /all packets/ { all = $(NF - 1) }
		END { print none, rest, all - none }' "$WORK/lines")" "40 2 2"
# shellcheck disable=SC2016
exits "a full disk" 2 bash -c '"$FLAGWALL" watch --netns "$HOST" --interval 0.1 >/dev/full'
equal "a reader that has enough" "$(fw watch --interval 0.1 | head -n 1 | wc -l)" 1

# --- who sends it: only where that is asked for, and then in the packet path too
rings() {
	find /sys/fs/bpf/flagwall -name events | wc -l
}
"$FLAGWALL" watch --netns "$HOST" -j --interval 0.2 --top >"$WORK/lines" &
watching=$!
check "--top: nothing yet" seen '.interfaces[0].top | .listening and .flagged == 0'
equal "--top: it listens" "$(rings)" "$((1 + TC))"
send 5 'ip/TCP(flags="SF")' >/dev/null
check "--top: who sent it" seen '.interfaces[0].top.rows[0] | .source == "10.66.0.1" and .packets == 5 and .exact'
fw detach eth0 --hook xdp >/dev/null
check "--top: gone" seen '.missing[0] | .interface == "eth0" and .hook == "xdp"'
fw attach eth0 --mode native >/dev/null
check "--top: attached anew, it listens anew" lines_say \
	'.[-1].interfaces | any(.[]; .hook == "xdp" and .event == null and .top.listening)'
send 4 'ip/TCP(flags="SF")' >/dev/null
check "--top: and counts anew" lines_say '.[-1].interfaces | any(.[]; .hook == "xdp" and .top.flagged == 4)'
: >"$WORK/busy"
"$FLAGWALL" watch eth0 --netns "$HOST" --hook xdp -j --count 1 --interval 0.2 --top >"$WORK/busy"
equal "--top: somebody listens already" "$(jq -c '.interfaces[0] | [.top.listening, (.top.message | length) > 10, .packets > 0]' "$WORK/busy")" \
	"[false,true,true]"
kill $watching
wait $watching
for _ in {1..60}; do [ "$(rings)" = 0 ] || sleep 0.05; done
equal "--top: and nothing stays" "$(rings)" 0

# --- on a terminal
while IFS=$'\t' read -r what got expected; do
	equal "$what" "$got" "$expected"
done < <("$PYTHON" "$TOP/tests/lib/watch_screen.py" 2>"$WORK/trouble" || echo "watch_screen.py	$(tail -n 1 "$WORK/trouble")	no trouble")

# --- looks that take it that most is as it was
fw attach eth0 >/dev/null
"$FLAGWALL" watch --netns "$HOST" --hook xdp -j --interval 0.2 >"$WORK/lines" &
watching=$!
fw policy set eth0 default --confirm 3 --hook xdp >/dev/null
check "-j: on trial" seen '.interfaces[0].unconfirmed.expired == false'
check "-j: and over" seen '.interfaces[0].unconfirmed.expired == true'
in_host ip link set eth0 down
in_host ip link set eth0 name other
check "-j: another name" seen '.interfaces[0].interface == "other"'
in_host ip link set other name eth0
in_host ip link set eth0 up
check "-j: its own name again" lines_say '.[-1].interfaces[0].interface == "eth0"'
# Whoever removes the pins by hand ends the filter, though somebody watches it.
rm -r "$(pins)/xdp"
check "-j: gone with its pins" seen '.missing[0] | .interface == "eth0" and .hook == "xdp"'
for ((tries = 50; tries; tries--)); do
	[ "$(xdp)" != none ] || break
	sleep 0.1
done
equal "nobody who watches keeps it there" "$(xdp)" none
kill $watching
wait $watching || true

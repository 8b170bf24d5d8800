#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Listening where it is not plain: at netfilter, where packets come without Ethernet and
# in pieces; and while a policy is on trial.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"
# shellcheck source=tests/lib/listen.sh
. "$TOP/tests/lib/listen.sh"

net_up
live_up

# --- too few descriptors: it listens, or one sentence says what is missing, and nothing is left
few() {
	local verb count

	for verb in events top; do
		for count in $(seq 6 2 30); do
			: >"$WORK/few.err"
			timeout -s INT 1 prlimit --nofile="$count:$count" "$FLAGWALL" "$verb" --netns "$HOST" eth0 -j \
				>/dev/null 2>"$WORK/few.err"
			# 124: it had begun, at least.
			[ $? = 124 ] && continue
			[ "$(wc -l <"$WORK/few.err")" = 1 ] && continue
			echo "$verb, $count: $(cat "$WORK/few.err")"
		done
	done
}

fw attach eth0 >/dev/null
equal "too few descriptors" "$(few)" ""
check "too few descriptors: no ring" gone
prlimit --nofile=12:4096 "$FLAGWALL" events --netns "$HOST" eth0 --count 1 >"$WORK/few" 2>/dev/null &
ear=$!
until [ "$(rings)" = 1 ] || ! kill -0 "$ear" 2>/dev/null; do sleep 0.1; done
sleep 0.2
send 1 'ip/TCP(sport=111,flags="SF")' >/dev/null
wait "$ear"
equal "as many descriptors are taken as there may be" "$?" 0
# With several filters there is enough for some, and then for none to go back: nothing is left.
several() {
	local verb count

	for verb in events top; do
		for count in $(seq 28 32); do
			timeout -s INT 0.7 prlimit --nofile="$count:$count" "$FLAGWALL" "$verb" --netns "$HOST" eth0 -j \
				>/dev/null 2>"$WORK/few.err"
			gone && continue
			echo "$verb, $count: $(cat "$WORK/few.err")"
			timeout -s INT 1 "$FLAGWALL" "$verb" --netns "$HOST" eth0 -j >/dev/null 2>&1
		done
	done
}

for hook in tc-ingress tc-egress netfilter; do fw attach eth0 --hook "$hook" >/dev/null 2>&1; done
equal "too few descriptors for several filters: no ring" "$(several)" ""
for hook in tc-ingress tc-egress netfilter xdp; do fw detach eth0 --hook "$hook" >/dev/null 2>&1; done

# told FILE: what tshark reads of each packet.
told() {
	tshark -n -r "$1" -o tcp.check_checksum:FALSE -T fields -E separator=' ' -e frame.interface_name \
		-e frame.interface_description -e eth.src -e eth.type -e ip.src -e ipv6.src -e tcp.dstport -e tcp.flags \
		-e frame.len -e frame.cap_len -e frame.comment 2>/dev/null | tr -s ' '
}

# --- netfilter
if fw attach eth0 --hook netfilter >/dev/null 2>&1; then
	in_host ethtool -K eth0 gro off
	hear nf.out eth0 -w "$WORK/nf.pcapng"
	equal "netfilter: a ring" "$(rings)" 1
	send 2 "Ether(src='$PEER_MAC',dst='$HOST_MAC')/IP(src='192.0.2.7',dst='$HOST4')/TCP(dport=8443,flags='SR')/b'abc'" \
		1 "Ether(src='$PEER_MAC',dst='$HOST_MAC')/IPv6(src='$PEER6',dst='$HOST6')/TCP(dport=6,flags='SF')/(b'x'*900)" \
		3 'ip/TCP(flags="A")' >/dev/null
	hush
	equal "netfilter: ended as asked" "$ended" 0
	equal "netfilter: each flagged packet, with the Ethernet header that it came with" "$(told "$WORK/nf.pcapng")" \
		"eth0 netfilter $PEER_MAC 0x0800 192.0.2.7 8443 0x0006 57 57 syn-rst: drop
eth0 netfilter $PEER_MAC 0x0800 192.0.2.7 8443 0x0006 57 57 syn-rst: drop
eth0 netfilter $PEER_MAC 0x86dd $PEER6 6 0x0003 974 128 syn-fin: drop"
	equal "netfilter: then there is no ring" "$(rings)" 0
	hear nf.jsonl eth0 -j
	in_peer nmap -n -Pn --max-retries 0 -p 1-20 -sX -f "$HOST4" >/dev/null 2>&1
	in_peer nmap -n -Pn --max-retries 0 -p 1-20 -sN "$HOST4" >/dev/null 2>&1
	fw policy set eth0 strict >/dev/null
	fw attach eth0 --hook netfilter >/dev/null
	send 1 'ip/TCP(sport=111,flags="SP")' >/dev/null
	hush
	fw counters eth0 --hook netfilter -j >"$WORK/counters.json"
	equal "netfilter: fragments are told as what was put together of them, and a change as everywhere" \
		"$(of nf.jsonl "sorted(collections.Counter((x['reason'] or x['pattern'], x['action']) for x in e).items())")" \
		"[(('null', 'drop'), $(pattern null)), (('syn-psh', 'drop'), 1), (('xmas', 'drop'), $(pattern xmas))]"
	equal "netfilter: whose they are" "$(of nf.jsonl "{(x['hook'], x['source'], x['source_mac']) for x in e}")" \
		"{('netfilter', '$PEER4', '$PEER_MAC')}"
	equal "netfilter: ports of datagrams in pieces" \
		"$(of nf.jsonl "sorted({x['destination_port'] for x in e if x['pattern'] == 'xmas'}) == list(range(1, 21))")" True
	fw detach eth0 --hook netfilter >/dev/null
	if have_tun; then
		in_host env EVENTS="$WORK/tun.pcapng" "$PYTHON" "$TOP/tests/lib/tun_frames.py" tun attach --hook netfilter >/dev/null
		equal "netfilter: without Ethernet a header is shown that has the EtherType" "$(told "$WORK/tun.pcapng" | sort -u)" \
			"fwtun0 netfilter 00:00:00:00:00:00 0x0800 8.0.0.1 9 0x0003 58 58 syn-fin: drop"
	else
		skip "netfilter without Ethernet" "this kernel has no tun"
	fi
else
	skip "the hook of netfilter" "this kernel has no programs there"
fi

# --- on trial: who comes then hears what the new policy hits, and what the former one does afterwards
# trial: what status says of it: none, over, or until when and what it goes back to.
trial() {
	fw status eth0 -j >"$WORK/status.json"
	field "$WORK/status.json" "(lambda i, u: (i['policy'], None if u is None else
		(u['deadline'], u['expired'], u['fallback'])))(d['interfaces'][0], d['interfaces'][0]['unconfirmed'])"
}

# over: wait until the trial is over.
over() {
	local tries=200

	until [[ $(trial) == *True* ]]; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.3
	done
}

heard() {
	of "$1" "[(x['flags'], x['action'], x['source']) for x in e]"
}

filter_up native
printf 'include strict\nexcept from 192.0.2.9\n' >"$WORK/tried.policy"
frames=(1 'ip/TCP(sport=111,flags="SP")' 1 "Ether(src='$PEER_MAC',dst='$HOST_MAC')/IP(src='192.0.2.9',dst='$HOST4')/TCP(flags='SP')")
fw policy set eth0 "$WORK/tried.policy" --confirm "${FLAGWALL_TRIAL:-8}" >/dev/null
before=$(trial)
hear trial.jsonl eth0 -j
equal "on trial: whoever comes changes nothing of it" "$(trial)" "$before"
equal "on trial: one ring, told of by two" "$(find /sys/fs/bpf/flagwall -name events | wc -l)" 2
send "${frames[@]}" >/dev/null
settle
check "on trial: its time is over" over
send "${frames[@]}" >/dev/null
settle
sleep 1.2
send "${frames[@]}" >/dev/null
hush
equal "on trial: each is told by the policy that met it, also afterwards" "$(heard trial.jsonl)" \
	"[('SYN,PSH', 'drop', '$PEER4')$(for _ in 1 2; do printf ", ('SYN,PSH', 'count', '%s')" "$PEER4" 192.0.2.9; done)]"
equal "on trial: that it went back is still said" "$(trial | grep -o "True, 'default'")" "True, 'default'"
equal "on trial: no ring is left" "$(rings)" 0
exits "on trial: a confirmation comes too late" 2 fw policy confirm eth0
equal "on trial: the former policy stays" "$(trial)" "('default', None)"

# The other way round, and confirmed.
fw policy set eth0 "$WORK/tried.policy" >/dev/null
fw policy set eth0 default --confirm 60 >/dev/null
before=$(trial)
hear back.jsonl eth0 -j
send "${frames[@]}" >/dev/null
hush
equal "on trial: whoever goes changes nothing of it" "$(trial)" "$before"
equal "on trial: told" "$(heard back.jsonl)" "[('SYN,PSH', 'count', '$PEER4'), ('SYN,PSH', 'count', '192.0.2.9')]"
equal "on trial: whoever goes takes the rings along" "$(rings)" 0
hear kept.jsonl eth0 -j
fw policy confirm eth0 >/dev/null
send "${frames[@]}" >/dev/null
settle
fw policy set eth0 strict >/dev/null
send "${frames[@]}" >/dev/null
hush
equal "confirmed meanwhile, and another set: all is told" "$(of kept.jsonl "[x['action'] for x in e]")" "['count', 'count', 'drop', 'drop']"
equal "confirmed: nothing is left" "$(trial) $(rings)" "('strict', None) 0"

# Killed, and both killed.
fw policy set eth0 default --confirm 60 >/dev/null
before=$(trial)
hear killed.jsonl eth0 -j
kill -KILL "$ear"
wait "$ear" 2>/dev/null
check "on trial: after a kill the rings go" gone
hear killed.jsonl eth0 -j
kill_both
equal "on trial: none of that changed it" "$(trial)" "$before"
hear after.jsonl eth0 -j
send 1 'ip/TCP(sport=111,flags="SF")' >/dev/null
hush
equal "on trial: the next one hears" "$(of after.jsonl "len(e)") $(rings)" "1 0"
fw policy confirm eth0 >/dev/null

# Not a packet of a flood comes through while listeners come and go.
behind_up
fw policy set eth0 strict --confirm 120 >/dev/null
before=$(trial)
under_fire 4
for _ in 1 2 3; do
	timeout 20 "$FLAGWALL" events --netns "$HOST" eth0 --count 1 --pattern syn-fin >"$WORK/one" 2>/dev/null
done
# shellcheck disable=SC2154
kill "$flood" "$transfer" 2>/dev/null
wait "$flood" "$transfer" 2>/dev/null
settle
counters
check "on trial, under fire: there was fire" test "$(pattern syn-fin)" -gt 1000
equal "on trial, under fire: none came through" "$(behind 'f & 63 == S|F') $(trial)" "0 $before"
filter_down

# The first policy of all: it goes back to letting everything pass.
filter_up generic --confirm 60
before=$(trial)
hear first.jsonl eth0 -j
send 1 'ip/TCP(sport=111,flags="SF")' >/dev/null
hush
equal "the first policy, on trial" "$(of first.jsonl "[x['action'] for x in e]") $(trial) $(rings)" "['drop'] $before 0"
fw policy confirm eth0 >/dev/null
filter_down

# --- a program that is replaced, and removed, while it is looked at
# Each system call takes so long that most changes come amid a look.
if can_trace; then
	filter_up native
	hear slow.jsonl eth0 -j
	strace -qq -o /dev/null -p "$ear" -e trace=bpf -e inject=bpf:delay_enter=60000 2>/dev/null &
	tracer=$!
	sleep 0.5
	for option in --observe --enforce --observe --enforce --observe --enforce; do
		fw attach eth0 "$option" >/dev/null
		sleep 0.3
		kill -0 "$ear" 2>/dev/null || break
	done
	kill "$tracer"
	wait "$tracer" 2>/dev/null
	send 1 'ip/TCP(sport=112,flags="SF")' >/dev/null
	hush
	equal "replaced amid a look: it goes on" "$(of slow.jsonl "[x['source_port'] for x in e]") $ended" "[112] 0"
	filter_down
else
	skip "replaced amid a look" "strace may not trace here"
fi

# --- whoever went, and left it running under nohup, does not end it
filter_up generic
trap '' HUP
hear nohup.jsonl eth0 -j
trap 'exit 130' HUP
kill -HUP "$ear"
sleep 0.5
send 1 'ip/TCP(sport=113,flags="SF")' >/dev/null
hush
equal "under nohup: it goes on" "$(of nohup.jsonl "[x['source_port'] for x in e]") $ended" "[113] 0"
filter_down

# --- whoever wants to hear all of a flood can be ended nevertheless
filter_up native
nsenter --net="/run/netns/$PEER" timeout 600 hping3 -q --flood -S -F -p 9 "$HOST4" >/dev/null 2>&1 &
flood=$!
"$FLAGWALL" events --netns "$HOST" eth0 -j --rate 1000000000 >/dev/null 2>"$WORK/all.err" &
ear=$!
until says "$WORK/all.err" listening; do sleep 0.05; done
sleep 2
kill -TERM "$ear"
for ((tries = 300; tries; tries--)); do
	kill -0 "$ear" 2>/dev/null || break
	sleep 0.1
done
check "under a flood: the listener has ended" test "$tries" -gt 0
check "under a flood: which goes on" kill -0 "$flood"
kill -KILL "$ear" 2>/dev/null
kill "$flood"
wait "$ear" "$flood" 2>/dev/null
equal "under a flood: no ring is left" "$(rings)" 0
filter_down

for hook in tc-ingress netfilter; do
	if ! fw attach eth0 --hook "$hook" >/dev/null 2>&1; then
		skip "$hook: on trial" "this kernel has no such hook"
		continue
	fi
	fw policy set eth0 strict --confirm 60 >/dev/null
	before=$(trial)
	hear "$hook.jsonl" eth0 -j
	send 2 'ip/TCP(sport=111,flags="SP")' >/dev/null
	hush
	equal "$hook: on trial" "$(of "$hook.jsonl" "[(x['hook'], x['action']) for x in e]") $(trial) $(rings)" \
		"[('$hook', 'drop'), ('$hook', 'drop')] $before 0"
	fw detach eth0 --hook "$hook" >/dev/null
done

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Events: what a listener is told is what arrived, to the packet; what it is not told
# is counted; and it comes and goes, in whatever way, and leaves nothing behind.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"
# shellcheck source=tests/lib/listen.sh
. "$TOP/tests/lib/listen.sh"

program() {
	fw status eth0 -j | "$PYTHON" -c 'import json, sys
print(json.load(sys.stdin)["interfaces"][0]["program_id"])'
}

net_up
live_up
refused "nothing is attached" 2 attach -- fw events
filter_up native

# --- what is told: of scanners, and of a frame that is known to the last byte
equal "with nobody listening there is no ring" "$(rings)" 0
plain=$(program)
hear all.jsonl eth0 -j
equal "with somebody there is one" "$(rings)" 1
in_peer nmap -n -Pn -T5 --max-retries 0 -p 1-20 -sN "$HOST4" >/dev/null 2>&1
in_peer nmap -6 -n -Pn -T5 --max-retries 0 -p 1-20 -sX "$HOST6" >/dev/null 2>&1
in_peer hping3 -q -c 5 -i u2000 -p 9 -S -F "$HOST4" >/dev/null 2>&1
send 1 "Ether(src='02:aa:00:00:00:07',dst='$HOST_MAC')/Dot1Q(vlan=77)/IP(src='192.0.2.7',dst='$HOST4',ttl=33)/TCP(sport=1234,dport=8443,flags='SR')/b'abc'" \
	3 'ip/TCP(sport=111,flags="SP")' 5 'ip/TCP(sport=111,flags="PA")/b"x"' >/dev/null
refused "a second listener" 2 eth0 listens -- fw events eth0
hush
equal "a listener that is ended has done its work" "$ended" 0
equal "then there is no ring" "$(rings)" 0
check "and another program than before it came" test "$(program)" != "$plain"
accounts events
equal "each flagged packet was told, and no other" \
	"$(of all.jsonl "sorted(collections.Counter(x['pattern'] for x in e).items())")" \
	"$(python -c 'import json, sys
d = json.load(open(sys.argv[1]))
print(sorted((p["name"], p["packets"]) for p in d["patterns"] if p["action"] != "pass" and p["packets"]))' \
		"$WORK/counters.json")"
equal "the totals are those of the lines" \
	"$(of all.jsonl "(t['told'] - len(e), t['suppressed'], t['left_out'], t['lost'])")" "(0, 0, 0, 0)"
equal "all that is known of one" "$(of all.jsonl "[x[m] for x in e if x['pattern'] == 'syn-rst'
	for m in ('interface', 'hook', 'action', 'flags', 'value', 'data', 'source', 'source_port', 'destination',
	'destination_port', 'ttl', 'length', 'source_mac', 'destination_mac', 'vlan')]")" \
	"['eth0', 'xdp', 'drop', 'SYN,RST', 6, True, '192.0.2.7', 1234, '$HOST4', 8443, 33, 61, '02:aa:00:00:00:07', '$HOST_MAC', 77]"
equal "what is only counted is told as such" \
	"$(of all.jsonl "[x['action'] for x in e if x['pattern'] == 'syn-psh']")" "['count', 'count', 'count']"
check "its time is the time" python -c 'import datetime, json, sys
told = json.loads(open(sys.argv[1]).readline())["time"][:26]
age = datetime.datetime.utcnow() - datetime.datetime.fromisoformat(told)
sys.exit(not 0 < age.total_seconds() < 120)' "$WORK/all.jsonl"

# --- a capture, read by somebody else; the rate, the sample, the end
hear capture eth0 -w "$WORK/events.pcapng" --pattern syn-fin
send 4 'ip/TCP(sport=77,dport=88,flags="SF")/(b"y"*1000)' 1 'ip/TCP(sport=1,dport=2,flags="SFU")' \
	7 'ip/TCP(sport=111,flags=0)' >/dev/null
hush
equal "tshark reads the capture: interface, flags, lengths, comments; one pattern alone" \
	"$(tshark -n -r "$WORK/events.pcapng" -T fields -e frame.interface_name -e frame.interface_description \
		-e tcp.flags -e frame.len -e frame.cap_len -e frame.comment 2>/dev/null | sort | uniq -c | tr -s ' \t' ' ')" \
	" 4 eth0 xdp 0x0003 1054 128 syn-fin: drop
 1 eth0 xdp 0x0023 54 54 syn-fin: drop"
equal "capinfos finds nothing wrong" \
	"$(capinfos -rcM "$WORK/events.pcapng" 2>&1 | tr -s ' ' | grep -c 'Number of packets: 5$')" 1
equal "it is nobody else's" "$(stat -c %a "$WORK/events.pcapng")" 600
timeout 30 "$FLAGWALL" events --netns "$HOST" -w - -l 2 2>"$WORK/piped.err" | tshark -n -r - >"$WORK/piped" 2>/dev/null &
until says "$WORK/piped.err" listening; do sleep 0.05; done
send 3 'ip/TCP(sport=111,flags="SF")' >/dev/null
wait $!
equal "tshark reads it from a pipe" "$(grep -c 'FIN, SYN' "$WORK/piped")" 2

# captured FILE: lengths of frames there whose bytes are not those that were sent.
captured() {
	"$PYTHON" -c 'import sys
from scapy.all import rdpcap
frames = [bytes(p) for p in rdpcap(sys.argv[1])]
print([len(f) for n, f in enumerate(frames) if f[54:] != bytes(range(1, 1 + n))[:74]], len(frames))' "$1" 2>/dev/null
}

lengths=()
for i in {0..90}; do lengths+=(1 "ip/TCP(sport=111,flags='SF')/bytes(range(1,1+$i))"); done
hear capture eth0 -w "$WORK/lengths.pcapng"
send "${lengths[@]}" >/dev/null
hush
equal "frames of each length, byte by byte, to the 128th" "$(captured "$WORK/lengths.pcapng")" "[] 91"
# on_one ARGUMENT...: send on one processor, since each has a rate of its own.
on_one() (
	taskset -pc 0 "$BASHPID" >/dev/null
	send "$@"
)

hear quiet.jsonl eth0 -j --rate 10
sent=$(on_one 50 'ip/TCP(sport=111,flags="SF")')
settle
sleep 0.3
on_one 1 'ip/TCP(sport=222,flags="SF")' >/dev/null
hush
equal "beyond the rate none is told of, and each is counted as such" \
	"$(of quiet.jsonl "(t['told'] + t['suppressed'], t['suppressed'] > 0, t['left_out'], t['lost'], t['told'] == len(e))")" \
	"($((sent + 1)), True, 0, 0, True)"
equal "and when it is over, the next one" "$(of quiet.jsonl "e[-1]['source_port']")" 222
hear rate.jsonl eth0 -j --sample 10 --rate 10
sent=$(send 300 'ip/TCP(sport=111,flags="SF")')
hush
between "nine in ten are left out" "$(of rate.jsonl "t['left_out']")" $((270 - $(nproc))) $((270 + $(nproc)))
equal "what is beyond the rate is counted" \
	"$(of rate.jsonl "(t['told'] + t['suppressed'] + t['left_out'], t['suppressed'] > 0, t['told'] == len(e), t['lost'])")" \
	"($sent, True, True, 0)"

# --- a policy and a program that come meanwhile: not a packet is missed
hear meanwhile.jsonl eth0 -j
send 1 'ip/TCP(sport=111,flags="SP")' >/dev/null
settle
fw policy set eth0 strict >/dev/null
send 1 'ip/TCP(sport=111,flags="SP")' >/dev/null
settle
printf 'include default\nexcept from 192.0.2.99\n' >"$WORK/welcome.policy"
fw policy set eth0 "$WORK/welcome.policy" >/dev/null
send 2 'ip/TCP(sport=111,flags="FU")' >/dev/null
settle
fw attach eth0 --observe >/dev/null
send 1 'ip/TCP(sport=111,flags="FU")' >/dev/null
settle
fw policy set eth0 strict --confirm 1 >/dev/null
send 1 'ip/TCP(sport=111,flags="SP")' >/dev/null
sleep 1.3
send 1 'ip/TCP(sport=111,flags="FU")' >/dev/null
hush
equal "each is told by the policy that met it" \
	"$(of meanwhile.jsonl "[(x['flags'], x['action']) for x in e]")" \
	"[('SYN,PSH', 'count'), ('SYN,PSH', 'drop'), ('FIN,URG', 'drop'), ('FIN,URG', 'drop'), ('FIN,URG', 'count'), ('SYN,PSH', 'count'), ('FIN,URG', 'count')]"
fw attach eth0 --policy default --enforce >/dev/null
check "and nothing is left" gone

# --- killed: a plain program comes back all the same, and it filters meanwhile
hear killed.jsonl eth0 -j
kill -KILL "$ear"
wait "$ear" 2>/dev/null
check "after a kill the ring goes" gone
counters
had=$(pattern syn-fin dropped)
send 20 'ip/TCP(sport=111,flags="SF")' >/dev/null
settle
counters
equal "and the filter filters" "$(($(pattern syn-fin dropped) - had))" 20
hear both.jsonl eth0 -j
kill_both
equal "if all of it is killed, it is there" "$(rings)" 1
fw policy set eth0 default >/dev/null
equal "and goes with the next change" "$(rings)" 0

# --- on trial: the change takes the listener along, and confirming ends what it left
hear both.jsonl eth0 -j
kill_both
hear trial.jsonl eth0 -j
fw policy set eth0 default --confirm 60 >/dev/null
send 2 'ip/TCP(sport=111,flags="SF")' >/dev/null
hush
equal "the next listener after such a kill hears its own alone, on trial too" \
	"$(of trial.jsonl "(len(e), t['lost'])")" "(2, 0)"
fw policy confirm eth0 >/dev/null
equal "confirming ends what a listener left" "$(rings)" 0

# --- a disk that is full, an output that is closed, a filter that goes
mkdir "$WORK/full"
mount -t tmpfs -o size=16k tmpfs "$WORK/full" && at_exit umount "$WORK/full"
hear full.out eth0 --rate 100000 -w "$WORK/full/out.pcapng"
send 300 'ip/TCP(sport=111,flags="SF")' >/dev/null
wait "$ear"
equal "a full disk ends it with an error" "$?" 2
equal "what is there can be read whole" "$(tshark -n -r "$WORK/full/out.pcapng" 2>&1 >/dev/null | grep -v 'user "root"')" ""
equal "and no ring stays" "$(rings)" 0
timeout 20 "$FLAGWALL" events --netns "$HOST" eth0 2>"$WORK/closed.err" | head -n 1 >"$WORK/closed" &
until says "$WORK/closed.err" listening; do sleep 0.05; done
for _ in 1 2 3; do
	send 2 'ip/TCP(sport=111,flags="SF")' >/dev/null
	sleep 0.2
done
wait $!
check "a reader that has enough ends it" gone
hear gone.jsonl eth0 -j
fw detach eth0 >/dev/null
wait "$ear"
equal "a filter that is detached ends it" "$?" 2

# --- wrong usage
filter_up native >/dev/null
refused "a pattern that is not there" 1 nothing-like-it -- fw events eth0 --pattern nothing-like-it
refused "no number" 1 count -- fw events eth0 --count 0
refused "no number" 1 rate -- fw events eth0 --rate 1k
refused "a file that cannot be" 2 nowhere -- fw events eth0 -w "$WORK/nowhere/out.pcapng"
equal "none of them left anything" "$(rings)" 0

# --- the hooks of tc, all at once: a tag that stood beside the frame is put back
if fw attach eth0 --hook tc-ingress >/dev/null 2>&1; then
	fw attach eth0 --observe >/dev/null
	hear hooks.out eth0 -w "$WORK/hooks.pcapng"
	equal "a ring a hook" "$(rings)" 2
	send 1 "Ether(src='$PEER_MAC',dst='$HOST_MAC')/Dot1Q(vlan=77)/IP(src='192.0.2.7',dst='$HOST4')/TCP(sport=1,dport=2,flags='SR')/b'abc'" >/dev/null
	hush
	equal "each hook tells of each packet, alike, with a tag that stood beside it" \
		"$(tshark -n -r "$WORK/hooks.pcapng" -T fields -E separator=' ' -e frame.interface_description -e vlan.id \
			-e ip.src -e tcp.flags -e frame.len -e frame.cap_len -e frame.comment 2>/dev/null | sort)" \
		"tc-ingress 77 192.0.2.7 0x0006 61 61 syn-rst: drop
xdp 77 192.0.2.7 0x0006 61 61 syn-rst: count"
else
	skip "the hooks of tc" "this kernel has no TCX"
fi

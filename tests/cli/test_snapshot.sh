#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Snapshots: what came since is exact in every view; a file that is not about
# these counters, or that is damaged, is refused; nothing is half written.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

SNAP=$WORK/snapshot.json

# now COUNT...: send, and wait until it arrived.
now() {
	send "$@" >/dev/null
	settle
}

# save FILE: a snapshot of eth0.
save() {
	exits "save to ${1##*/}" 0 fw counters eth0 --save "$1"
	silent "save to ${1##*/}"
}

# edited EXPRESSION [FILE]: a snapshot changed by Python (d is all of it).
edited() {
	python -c 'import json, sys
d = json.load(open(sys.argv[1]))
exec(sys.argv[2])
json.dump(d, open(sys.argv[3], "w"))' "$SNAP" "$1" "${2:-$WORK/edited.json}"
}

# no_snapshot WHAT [FACT...]: the file edited.json is refused.
no_snapshot() {
	local what=$1

	shift
	refused "$what" 2 edited.json "$@" -- fw counters eth0 --since "$WORK/edited.json"
}

net_up
live_up
filter_up native

# --- usage
for option in --save --since; do
	refused "$option without argument" 1 "$option" FILE -- fw counters eth0 "$option"
	refused "$option of no interface in particular" 1 --save --since IFACE -- fw counters "$option" "$SNAP"
	refused "$option of several" 1 --save --since IFACE -- fw counters eth0 lo "$option" "$SNAP"
	refused "$option of the same twice" 1 --save --since IFACE -- fw counters eth0 eth0 "$option" "$SNAP"
	refused "$option -" 1 "'-'" -- fw counters eth0 "$option" -
	refused "$option of an empty name" 1 "''" -- fw counters eth0 "$option" ""
	refused "$option before the namespace is looked at" 1 "'-'" -- \
		"$FLAGWALL" counters --netns nosuch eth0 "$option" -
done
check "none of these wrote a file" test ! -e "$SNAP"

# --- what is in it
now 5 'ip/TCP(flags="SF")' 4 'ip/TCP(flags="S")' 3 'ip6/TCP(flags="PA")/b"data"' 2 'ip/UDP()'
counters
(umask 000 && fw counters eth0 --save "$SNAP" >/dev/null)
equal "nobody else can read it" "$(stat -c '%a %F' "$SNAP")" "600 regular file"
for member in interface ifindex boot_id time packets; do
	expression="d['$member']"
	[ $member != packets ] || expression="sum(c['packets'] for c in d['counts'])"
	[ $member != time ] || continue
	equal "in it: $member" "$(field "$SNAP" "$expression")" "$(value $member)"
done
equal "in it: the namespace" "$(field "$SNAP" "d['netns']")" "$(stat -Lc %i "/run/netns/$HOST")"
equal "in it: each outcome with its counters" \
	"$(field "$SNAP" "[[c[m] for m in ('outcome', 'packets', 'dropped')] for c in d['counts']]")" \
	"[[2, 4, 0], [3, 5, 5], [1048, 3, 0], [2049, 2, 0]]"
equal "in it: the other words" "$(field "$SNAP" "[d['schema_version'], d['tool_version'], d['hook'],
	d['layout'], type(d['attached_since']).__name__]")" \
	"[1, \"$(cat "$TOP/VERSION")\", \"xdp\", $(awk '/^#define FW_LAYOUT/ { print $3 }' \
		"$TOP/headers/flagwall/layout.h"), \"int\"]"
check "nothing else is left beside it" test "$(find "$WORK" -name 'snapshot*' | wc -l)" = 1

# --- the difference
counters --since "$SNAP"
equal "nothing since" "$(value packets) $(value bytes) $(value dropped)" "0 0 0"
equal "nothing since: no flags either" "$(value flags)" "[]"
equal "it says since when" "$(value since)" "$(field "$SNAP" "d['time']")"
now 7 'ip/TCP(flags="SF")' 1 'ip/TCP(flags="SFP")' 6 'ip6/TCP(flags="A")' 3 'ip6/TCP(flags="PA")/b"data"'
counters --since "$SNAP"
reconciles "since"
equal "since: packets, dropped" "$(value packets) $(value dropped)" "17 8"
equal "since: bytes" "$(value bytes)" $((8 * 54 + 6 * 74 + 3 * 78))
equal "since: by pattern" "$(pattern syn-fin) $(pattern syn-fin dropped) $(pattern syn) $(pattern ack)" "8 8 0 9"
equal "since: by reason" "$(pattern not-tcp)" 0
equal "since: by flags" "$(field "$WORK/counters.json" "{f['flags']: f['packets'] for f in d['flags']}")" \
	'{"SYN,FIN": 7, "SYN,FIN,PSH": 1, "ACK": 6, "PSH,ACK": 3}'
counters --since "$SNAP" --match syn,fin
equal "since: by a match" "$(field "$WORK/counters.json" "d['match']['packets']")" 8
for view in "" "--by flags" "--by reason" "--match fin"; do
	# shellcheck disable=SC2086
	exits "since, as text, $view" 0 fw counters eth0 --since "$SNAP" $view
	silent "since, as text, $view"
	check "since, as text, $view: says since when" grep -q "$(field "$SNAP" "d['time']")" "$WORK/stdout"
	check "since, as text, $view: all packets are those" grep -qE '^all packets +17 ' "$WORK/stdout"
done
counters
equal "without: all of them, and since nothing" "$(value packets) $(value since)" "31 null"
exits "all interfaces" 0 fw counters -j
in_json "all interfaces: since nothing" "d['interfaces'][0]['since']" null

# --- both: the old is read, then the new is written
cp "$SNAP" "$WORK/chain.json"
fw counters eth0 -j --since "$WORK/chain.json" --save "$WORK/chain.json" >"$WORK/counters.json"
equal "both: what came since the old" "$(value packets)" 17
equal "both: the new has all" "$(field "$WORK/chain.json" "sum(c['packets'] for c in d['counts'])")" 31
now 2 'ip/TCP(flags="R")'
fw counters eth0 -j --since "$WORK/chain.json" --save "$WORK/chain.json" >"$WORK/counters.json"
equal "both, again" "$(value packets) $(pattern rst)" "2 2"
now 1 'ip/TCP(flags="FA")'
cp "$WORK/chain.json" "$WORK/kept.json"
# shellcheck disable=SC2016
refused "both, to a full disk" 2 "No space left" -- bash -c '"$@" >/dev/full' - \
	"$FLAGWALL" counters --netns "$HOST" eth0 --since "$WORK/chain.json" --save "$WORK/chain.json"
check "both, to a full disk: the old one is still there" cmp "$WORK/chain.json" "$WORK/kept.json"
edited "d['boot_id'] = 'x'"
refused "both, and the old one is of no use" 2 x -- \
	fw counters eth0 --since "$WORK/edited.json" --save "$WORK/never.json"
check "both, and the old one is of no use: no new one" test ! -e "$WORK/never.json"

# --- a change of what is in force changes no counters
fw attach eth0 --observe >/dev/null
now 2 'ip/TCP(flags="SF")'
counters --since "$WORK/chain.json"
equal "attached again, observing: the snapshot holds" "$(value packets) $(value dropped)" "3 0"
fw attach eth0 --enforce >/dev/null
fw policy set eth0 basic >/dev/null
now 1 'ip/TCP(flags="SF")'
counters --since "$WORK/chain.json"
equal "another policy: the snapshot holds" "$(value policy) $(value packets) $(value dropped)" "basic 4 1"
fw policy set eth0 default >/dev/null

# --- where it cannot be written
# unsaved WHAT FILE FACT: it is refused; what else is said is what was counted.
unsaved() {
	exits "$1" 2 fw counters eth0 --save "$2"
	check "$1: one sentence, with what is needed" sentence "$2" "$3"
}
unsaved "no such folder" "$WORK/nosuch/file" "No such file"
unsaved "a folder" "$WORK" "regular file"
unsaved "a device" /dev/null "regular file"
equal "the device is still one" "$(stat -c %F /dev/null)" "character special file"
mkfifo "$WORK/pipe"
unsaved "a pipe" "$WORK/pipe" "regular file"
ln -s kept.json "$WORK/link"
unsaved "a link" "$WORK/link" "regular file"
check "what it leads to is as it was" cmp "$WORK/chain.json" "$WORK/kept.json"
mkdir "$WORK/disk"
mount -t tmpfs -o size=8k tmpfs "$WORK/disk"
at_exit umount "$WORK/disk"
save "$WORK/disk/old"
cp "$WORK/disk/old" "$WORK/old"
dd if=/dev/zero of="$WORK/disk/fill" bs=4096 count=1 status=none
unsaved "a full disk" "$WORK/disk/old" "No space left"
unsaved "a full disk, and a new name" "$WORK/disk/new" "No space left"
check "a full disk: the old one is whole" cmp "$WORK/disk/old" "$WORK/old"
equal "a full disk: nothing is left on it" "$(find "$WORK/disk" -type f -printf '%f\n' | sort | xargs)" "fill old"
mount -o remount,ro "$WORK/disk"
unsaved "a disk that only reads" "$WORK/disk/old" "Read-only"
mount -o remount,rw "$WORK/disk"
rm "$WORK/disk/fill"
if can_trace; then
	for call in fsync rename; do
		inject "$call" error=EIO "$FLAGWALL" counters --netns "$HOST" eth0 --save "$WORK/disk/old" \
			>"$WORK/stdout" 2>"$WORK/stderr"
		equal "$call fails (exit code)" $? 2
		check "$call fails: one sentence" sentence "$WORK/disk/old" "Input/output error"
		check "$call fails: the old one is whole" cmp "$WORK/disk/old" "$WORK/old"
		equal "$call fails: nothing is left" "$(find "$WORK/disk" -type f -printf '%f\n')" old
	done
else
	skip "system calls that fail" "this process may not trace"
fi

# --- snapshots of something else
save "$SNAP"
edited "d['boot_id'] = '00000000-0000-4000-8000-000000000000'"
no_snapshot "another boot" boot 00000000-0000-4000-8000-000000000000
for layout in 0 99 4294967297; do
	edited "d['layout'] = $layout"
	no_snapshot "layout $layout" layout "$layout" version
done
edited "d['schema_version'] = 2"
no_snapshot "another schema" schema 2 version
edited "d['hook'] = 'tc'"
no_snapshot "another hook" hook tc
edited "d['attached_since'] -= 1"
no_snapshot "another attach" attached
in_host ip link add v0 type veth peer name v1
fw attach v0 >/dev/null
exits "save of another interface" 0 fw counters v0 --save "$WORK/edited.json"
no_snapshot "another interface" v0 eth0 ifindex
exits "its own interface" 0 fw counters v0 --since "$WORK/edited.json"
"$FLAGWALL" attach --netns "$PEER" out >/dev/null
exits "save in another namespace" 0 "$FLAGWALL" counters --netns "$PEER" out --save "$WORK/edited.json"
no_snapshot "another namespace" namespace "$(stat -Lc %i "/run/netns/$PEER")" "$(stat -Lc %i "/run/netns/$HOST")"
"$FLAGWALL" detach --netns "$PEER" out >/dev/null

# --- files that are no snapshots, or were
refused "no such file" 2 nosuch "No such file" -- fw counters eth0 --since "$WORK/nosuch"
refused "a folder" 2 "regular file" -- fw counters eth0 --since "$WORK"
refused "a pipe" 2 "regular file" -- fw counters eth0 --since "$WORK/pipe"
refused "a device" 2 "regular file" -- fw counters eth0 --since /dev/zero
size=$(stat -c %s "$SNAP")
for ((length = 0; length < size - 1; length += 100)); do
	head -c "$length" "$SNAP" >"$WORK/edited.json"
	no_snapshot "the first $length bytes of $size" snapshot
done
for ((length = 1; length < 1 << 20; length *= 8)); do
	head -c "$length" /dev/urandom >"$WORK/edited.json"
	no_snapshot "$length random bytes" snapshot
done
cp "$SNAP" "$WORK/edited.json"
printf '\0' >>"$WORK/edited.json"
no_snapshot "a NUL behind it" snapshot
cat "$SNAP" "$SNAP" >"$WORK/edited.json"
no_snapshot "two of them" snapshot
truncate -s 10G "$WORK/edited.json"
no_snapshot "10 GB" larger
{ cat "$SNAP" && head -c 1048577 /dev/zero | tr '\0' ' '; } >"$WORK/edited.json"
no_snapshot "a megabyte of blanks behind it" larger
yes '[' | tr -d '\n' | head -c 500000 >"$WORK/edited.json"
no_snapshot "500,000 brackets" snapshot
counters
cp "$WORK/counters.json" "$WORK/edited.json"
no_snapshot "what counters -j prints" --save
for text in null 5 '"text"' '[]' '{}' '[{}]'; do
	printf '%s\n' "$text" >"$WORK/edited.json"
	no_snapshot "$text" snapshot
done
mapfile -t members < <(field "$SNAP" "'\n'.join(m for m in d if m != 'tool_version')")
for member in "${members[@]}"; do
	edited "del d['$member']"
	no_snapshot "without $member" "$member"
	for other in None True "{}" "[None]" "[5]" 1.5 "'\\x1b[2J\\n'" "'x' * 100000" 9223372036854775808 -1; do
		edited "d['$member'] = $other"
		# The name is for people; all the rest is compared.
		[[ $member = interface && $other = "'"* ]] || no_snapshot "$member = ${other:0:20}"
	done
done
for member in outcome packets bytes dropped; do
	edited "del d['counts'][0]['$member']"
	no_snapshot "a count without $member" "$member"
	for other in -1 -9223372036854775808 9223372036854775807 9223372036854775808 1.5 "'1'" None "[]"; do
		edited "d['counts'][0]['$member'] = $other"
		no_snapshot "a count with $member = $other" snapshot
	done
done
edited "d['counts'][0]['packets'] += 1"
no_snapshot "one packet more than there is" only
edited "d['counts'].append(d['counts'][0])"
no_snapshot "an outcome twice" twice
edited "d['counts'][0]['outcome'] = 2112"
no_snapshot "an outcome past the last" outcome
edited "d['counts'] = [dict(d['counts'][0], outcome=5) for i in range(5000)]"
no_snapshot "5,000 counts" snapshot
edited "d['time'] = '0000-99-99T00:00:00Z'"
no_snapshot "a time that is none" time
edited "d['time'] = '9999-01-01T00:00:00Z'"
no_snapshot "a time past the end of time" time
edited "d['counts'] = []; d['more'] = 'of another version'"
exits "a member that is not known" 0 fw counters eth0 --since "$WORK/edited.json"

# --- the interface may change its name, but not be attached again
save "$SNAP"
in_host ip link set eth0 down
in_host ip link set eth0 name wan0
in_host ip link set wan0 up
exits "under another name" 0 fw counters wan0 --since "$SNAP"
silent "under another name"
in_host ip link set wan0 down
in_host ip link set wan0 name eth0
in_host ip link set eth0 up
fw detach eth0 >/dev/null
fw attach eth0 >/dev/null
refused "attached again since" 2 attached -- fw counters eth0 --since "$SNAP"
filter_down

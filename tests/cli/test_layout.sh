#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Pins that another version of flagwall made, or that are damaged: one sentence,
# nothing is read as what it is not, and there is a way out.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# relabel: write layout 999 into the pinned config of eth0. Where the
# layout stands is the one thing that every version to come has to keep.
relabel() {
	local dir bytes

	dir=$(pins)
	mapfile -t bytes < <(bpftool -j map dump pinned "$dir/xdp/0/config" | "$PYTHON" -c 'import json, sys
print(*(int(byte, 16) for byte in json.load(sys.stdin)[0]["value"]), sep="\n")')
	bytes[4096]=$((999 & 255)) bytes[4097]=$((999 >> 8))
	bpftool map update pinned "$dir/xdp/0/config" key 0 0 0 0 value "${bytes[@]}"
}

# unreadable WHAT FACT...: every verb that reads refuses, detach works, and
# after it everything does.
unreadable() {
	local what=$1 verb

	shift
	for verb in "attach eth0" "counters eth0" "status eth0" "status --check eth0" counters status; do
		# shellcheck disable=SC2086
		refused "$what: $verb" 2 "$@" -- fw $verb
	done
	equal "$what: the filter goes on" "$(xdp)" native
	exits "$what: detach" 0 fw detach eth0
	check "$what: detached" bare
	exits "$what: attach again" 0 fw attach eth0
	check "$what: attached again" whole
	fw detach eth0 >/dev/null
}

fw attach eth0 >/dev/null
relabel
refused "another layout: what it is about, and the way out" 2 eth0 "detach eth0" -- fw counters eth0
unreadable "another layout" detach

# Another length is another version as well.
for map in 0/config counters samples; do
	fw attach eth0 >/dev/null
	rm "$(pins)/xdp/$map"
	bpftool map create "$(pins)/xdp/$map" type array key 4 value 8 entries 1 name x
	unreadable "another $map"
done
# Of the right size, but of another type: a per-CPU map gives a value for each CPU.
for map in 0/config counters samples; do
	type=percpu_array
	[ $map = counters ] && type=array
	fw attach eth0 >/dev/null
	size=$(bpftool -j map show pinned "$(pins)/xdp/$map" | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin)
print("value", d["bytes_value"], "entries", d["max_entries"])')
	rm "$(pins)/xdp/$map"
	# shellcheck disable=SC2086
	bpftool map create "$(pins)/xdp/$map" type $type key 4 $size name x
	unreadable "$map of another type"
done
for map in 0/config counters samples; do
	fw attach eth0 >/dev/null
	rm "$(pins)/xdp/$map"
	unreadable "no $map"
done
fw attach eth0 >/dev/null
rm "$(pins)/xdp/samples"
bpftool link pin id "$(bpftool -j link show pinned "$(pins)/xdp/link" | "$PYTHON" -c 'import json, sys
print(json.load(sys.stdin)["id"])')" "$(pins)/xdp/samples"
unreadable "a link in place of a map"

# --- the maps of a listener: whoever changes the policy changes it, and the listener ends with a word
# shellcheck source=tests/lib/listen.sh
. "$TOP/tests/lib/listen.sh"
settle() { :; }

# foreign WHAT MAP ARGUMENT...: a map of bpftool's stands there instead of MAP, while somebody listens.
foreign() {
	local what=$1 map=$2 folder

	shift 2
	fw attach eth0 --policy default --enforce >/dev/null
	hear foreign.jsonl eth0 -j
	folder=$(dirname "$(find "$(pins)" -name events)")
	rm "$folder/$map"
	bpftool map create "$folder/$map" name x "$@"
	exits "$what: a change" 0 fw attach eth0 --observe
	silent "$what: a change"
	wait "$ear"
	equal "$what: the listener ends" "$?" 2
	tail -n +2 "$WORK/foreign.jsonl.err" >"$WORK/stderr"
	check "$what: with one sentence" sentence eth0 "listen again"
	check "$what: and no ring" gone
	hear foreign.jsonl eth0 -j
	hush
	equal "$what: the next one listens" "$ended" 0
	fw detach eth0 >/dev/null
}

foreign "another map in place of the ring" events type array key 4 value 8 entries 1
foreign "another length of what is asked for" listen type array key 4 value 536 entries 1
foreign "another length of what is counted" event_counts type percpu_array key 4 value 56 entries 1
foreign "another type of what is counted" event_counts type array key 4 value 72 entries 1

# --- --all takes what there is
fw attach eth0 lo >/dev/null 2>&1
relabel
exits "another layout: detach --all" 0 fw detach --all
check "another layout: detach --all: bare" bare
check "another layout: detach --all: the other as well" bare lo
fw detach eth0 lo >/dev/null 2>&1

# --- one that cannot be read is no reason to be silent about another
fw attach eth0 lo >/dev/null 2>&1
relabel
exits "another layout: the interface beside it" 0 fw counters lo
exits "another layout: the interface beside it: status" 0 fw status lo
exits "another layout: attach beside it" 0 fw attach lo
fw detach eth0 lo >/dev/null 2>&1

# --- nor is one in another namespace
fw attach eth0 >/dev/null
relabel
refused "another layout elsewhere: counters" 2 out -- "$FLAGWALL" counters --netns "$PEER" out
refused "another layout elsewhere: no such interface" 2 nosuch -- "$FLAGWALL" attach --netns "$PEER" nosuch
exits "another layout elsewhere: attach" 0 "$FLAGWALL" attach --netns "$PEER" out
silent "another layout elsewhere: attach"
exits "another layout elsewhere: detach --all" 0 "$FLAGWALL" detach --netns "$PEER" --all
fw detach eth0 >/dev/null 2>&1
check "bare in the end" bare

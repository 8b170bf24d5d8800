#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The interface goes, comes back, gets another name or another namespace. What
# is said about a device is about this device.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

other=fw-moved-$$
ip netns add "$other"
at_exit ip netns del "$other"
add() { in_host ip link add name a1 "$@" type veth peer name b1; }
index() { in_ns "${2:-$HOST}" ip -o link show dev "$1" | cut -d: -f1; }

# --- deleted, and made again under the same name
add
fw attach a1 >/dev/null
gone=$(pins a1)
in_host ip link del a1
refused "deleted: counters" 2 a1 -- fw counters a1
exits "deleted: status of all" 0 fw status -j
in_json "deleted: status of all" "d['interfaces']" "[]"
in_json "deleted: status of all names what is severed" "[s['interface'] for s in d['severed']]" '["a1"]'
exits "deleted: status for people" 0 fw status
check "deleted: status for people names what is severed" grep -q '^a1: .*severed' "$WORK/stdout"
exits "deleted: status elsewhere" 0 "$FLAGWALL" status --netns "$PEER" -j
in_json "deleted: status elsewhere knows nothing of it" "d['severed']" "[]"
exits "deleted: status --check of all" 3 fw status --check
exits "deleted: detach --all" 0 fw detach --all
exits "deleted: status, after detach --all" 0 fw status -j
in_json "deleted: status, after detach --all" "d['severed']" "[]"
add
fw attach a1 >/dev/null
in_host ip link del a1
refused "deleted: detach" 2 a1 -- fw detach a1
exits "deleted: status, after detach" 0 fw status -j
in_json "deleted: detach cleared it away" "d['severed']" "[]"
add
exits "made again: status --check" 3 fw status --check a1
refused "made again: counters" 2 a1 -- fw counters a1
exits "made again: attach" 0 fw attach a1
silent "made again: attach"
check "made again: whole" whole a1
check "made again: the old pins are gone" bash -c "[ '$gone' = '$(pins a1)' ] || [ ! -e '$gone' ]"
fw detach a1 >/dev/null
in_host ip link del a1

# --- the same under the same number
add index 70
fw attach a1 --observe >/dev/null
in_host ip link del a1
add index 70
exits "made again, same number: status --check" 3 fw status --check a1
exits "made again, same number: status" 0 fw status a1
check "made again, same number: status says what to do" grep -q 'flagwall attach a1' "$WORK/stdout"
refused "made again, same number: counters" 2 a1 -- fw counters a1
exits "made again, same number: status of all" 0 fw status -j
in_json "made again, same number: status of all" "d['interfaces']" "[]"
exits "made again, same number: detach" 0 fw detach a1
check "made again, same number: detach says that there is nothing" sentence a1
exits "made again, same number: attach" 0 fw attach a1 -j
in_json "made again, same number: attach cleared it away" "d['severed']" "[]"
in_json "made again, same number: nothing is inherited" "d['interfaces'][0]['observe']" false
check "made again, same number: whole" whole a1
in_host ip link del a1

# --- reaped by whoever comes next, even for another interface
add
fw attach a1 >/dev/null
gone=$(pins a1)
in_host ip link del a1
check "left over: the pins are there" test -e "$gone"
exits "left over: attach elsewhere" 0 fw attach eth0
check "left over: reaped by it" test ! -e "$gone"
fw detach eth0 >/dev/null
ip netns add "$other-2"
in_ns "$other-2" ip link add eth0 type veth peer name eth1
"$FLAGWALL" attach --netns "$other-2" eth0 >/dev/null
gone=$(pins eth0 "$other-2")
ip netns del "$other-2"
for _ in $(seq 50); do
	[ -e "$gone/xdp/link" ] && bpftool link show pinned "$gone/xdp/link" 2>/dev/null | grep -q 'ifindex 0' && break
	sleep 0.02
done
exits "a namespace that is gone: attach elsewhere" 0 fw attach eth0
check "a namespace that is gone: reaped" test ! -e "$gone"
fw detach eth0 >/dev/null

# --- renamed
add
fw attach a1 >/dev/null
in_host ip link set a1 name a1.100
exits "renamed: status" 0 fw status -j
in_json "renamed: under its new name" "d['interfaces'][0]['interface']" a1.100
exits "renamed: counters" 0 fw counters a1.100
in_host ip link property add dev a1.100 altname another
exits "alternative name another: counters" 0 fw counters another -j
in_json "alternative name another: which it is" "d['interface']" a1.100
exits "alternative name another: status --check" 0 fw status --check another
exits "alternative name: detach" 0 fw detach another
check "alternative name: bare" bare a1.100
in_host ip link del a1.100

# --- moved to another namespace: the kernel keeps the link
add index 80
fw attach a1 >/dev/null
in_host ip link set a1 netns "$other"
moved=$(xdp a1 "$other")
equal "moved: the program goes along" "$moved" native
refused "moved: counters where it was" 2 a1 -- fw counters a1
exits "moved: status of all where it was" 0 fw status -j
in_json "moved: status of all where it was" "d['interfaces']" "[]"
# Something else takes its name and number: that has no filter.
in_host ip link add name a1 index 80 type veth peer name c1
exits "moved, a stranger in its place: status --check" 3 fw status --check a1
exits "moved, a stranger in its place: status" 0 fw status a1 -j
in_json "moved, a stranger in its place: status" "d['interfaces'][0]['attached']" false
exits "moved, a stranger in its place: status of all" 0 fw status -j
in_json "moved, a stranger in its place: status of all" "d['interfaces']" "[]"
refused "moved, a stranger in its place: counters" 2 a1 -- fw counters a1
exits "moved, a stranger in its place: detach" 0 fw detach a1
equal "moved, a stranger in its place: detach leaves the moved one alone" "$(xdp a1 "$other")" native
exits "moved, a stranger in its place: attach" 0 fw attach a1
equal "moved, a stranger in its place: attach filters it" "$(xdp a1)" native
fw detach a1 >/dev/null
in_host ip link del a1
# The filter is still ours, so we can take it off.
exits "moved: status" 0 "$FLAGWALL" status --netns "$other" a1 -j
in_json "moved: status" "d['interfaces'][0]['attached']" true
exits "moved: counters" 0 "$FLAGWALL" counters --netns "$other" a1
exits "moved: detach" 0 "$FLAGWALL" detach --netns "$other" a1
equal "moved: detached" "$(xdp a1 "$other")" none

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Nothing there: no such interface, no such namespace, nothing attached, or the
# filter is in another namespace than the one asked.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

elsewhere=fw-else-$$
ip netns add "$elsewhere"
at_exit ip netns del "$elsewhere"
at_exit "$FLAGWALL" detach --all --netns "$elsewhere"
in_ns "$elsewhere" ip link add eth0 type veth peer name eth1

# --- no such interface
for verb in attach detach status "status --check" counters; do
	# shellcheck disable=SC2086
	refused "no such interface: $verb" 2 nosuch "$HOST" -- fw $verb nosuch
	# shellcheck disable=SC2086
	refused "no such interface here: $verb" 2 nosuch -- in_host "$FLAGWALL" $verb nosuch
	# shellcheck disable=SC2086
	refused "no such interface, the second: $verb" 2 nosuch -- fw $verb eth0 nosuch
done
check "no such interface: the one there is is bare" bare

# --- no such namespace
touch "$WORK/file"
for verb in attach detach status counters; do
	refused "no such namespace: $verb" 2 fw-nosuch -- "$FLAGWALL" $verb --netns fw-nosuch eth0
done
refused "no such process" 2 4194305 -- "$FLAGWALL" status --netns 4194305
refused "a file is no namespace" 2 "$WORK/file" -- "$FLAGWALL" status --netns "$WORK/file"
refused "a file that is not there" 2 "$WORK/nosuch" -- "$FLAGWALL" status --netns "$WORK/nosuch"
refused "a mount namespace" 2 /proc/self/ns/mnt -- "$FLAGWALL" status --netns /proc/self/ns/mnt

# --- a namespace by path and by process
exits "namespace by path" 0 "$FLAGWALL" status --netns "/run/netns/$HOST" eth0 -j
in_json "namespace by path: what the user said" "d['interfaces'][0]['netns']" "/run/netns/$HOST"
nsenter --net="/run/netns/$HOST" sleep 60 &
sleeper=$!
at_exit kill "$sleeper"
for _ in $(seq 50); do
	[ "/proc/$sleeper/ns/net" -ef "/run/netns/$HOST" ] && break
	sleep 0.05
done
[ "/proc/$sleeper/ns/net" -ef "/run/netns/$HOST" ] || exit 1
exits "namespace by process" 0 "$FLAGWALL" attach --netns "$sleeper" eth0
check "namespace by process: attached there" whole
exits "namespace by process: detach" 0 "$FLAGWALL" detach -n"$sleeper" eth0
check "namespace by process: detached there" bare

# --- nothing attached
refused "nothing attached: counters" 2 eth0 -- fw counters eth0
refused "nothing attached: counters -j" 2 eth0 -- fw counters eth0 -j
refused "nothing attached: counters of all" 2 -- fw counters
refused "nothing attached: counters of all, -j" 2 -- fw counters -j
exits "nothing attached: status" 0 fw status eth0
silent "nothing attached: status"
exits "nothing attached: status -j" 0 fw status eth0 -j
in_json "nothing attached: status -j" "d['interfaces'][0]['attached']" false
in_json "nothing attached: status -j: nobody else" "d['interfaces'][0]['other_program_id']" null
exits "nothing attached: status of all" 0 fw status
exits "nothing attached: status of all, -j" 0 fw status -j
in_json "nothing attached: status of all, -j" "d['interfaces']" "[]"
exits "nothing attached: status --check" 3 fw status --check eth0
silent "nothing attached: status --check"
exits "nothing attached: status --check of all" 3 fw status --check
exits "nothing attached: detach" 0 fw detach eth0
check "nothing attached: detach says so" sentence eth0
exits "nothing attached: detach --all" 0 fw detach --all
check "nothing attached: detach --all says so" sentence
check "nothing attached: no folder is made for it" test ! -e /sys/fs/bpf/flagwall

# --- one of several
fw attach eth0 >/dev/null
exits "one of two: status --check" 3 fw status --check eth0 lo
exits "one of two: status --check, the other way" 3 fw status --check lo eth0
exits "one of two: status" 0 fw status eth0 lo -j
in_json "one of two: status" "[i['attached'] for i in d['interfaces']]" "[true, false]"
refused "one of two: counters -j" 2 lo -- fw counters eth0 lo -j
exits "one of two: counters of all" 0 fw counters -j
in_json "one of two: counters of all" "[i['interface'] for i in d['interfaces']]" '["eth0"]'
exits "one of two: status --check of all" 0 fw status --check

# --- the same name in another namespace
refused "another namespace: counters" 2 eth0 "$HOST" --netns -- \
	"$FLAGWALL" counters --netns "$elsewhere" eth0
exits "another namespace: status" 0 "$FLAGWALL" status --netns "$elsewhere" eth0 -j
in_json "another namespace: status" "d['interfaces'][0]['attached']" false
exits "another namespace: status --check" 3 "$FLAGWALL" status --check --netns "$elsewhere" eth0
exits "another namespace: detach" 0 "$FLAGWALL" detach --netns "$elsewhere" eth0
check "another namespace: detach says so" sentence eth0
exits "another namespace: detach --all" 0 "$FLAGWALL" detach --netns "$elsewhere" --all
check "another namespace: the filter is whole" whole
in_ns "$elsewhere" ip link del eth0
refused "another namespace, no such interface" 2 eth0 "$elsewhere" "$HOST" -- \
	"$FLAGWALL" counters --netns "$elsewhere" eth0
in_ns "$elsewhere" ip link add eth0 type veth peer name eth1
exits "both namespaces: attach" 0 "$FLAGWALL" attach --netns "$elsewhere" eth0
check "both namespaces: attached" whole eth0 "$elsewhere"
exits "both namespaces: detach one" 0 fw detach --all
check "both namespaces: one is bare" bare
check "both namespaces: the other is whole" whole eth0 "$elsewhere"

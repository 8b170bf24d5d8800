#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Killed at any point: what is left is a whole filter or nothing that matters,
# and the next command makes it good.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

can_trace || { skip "killed" "strace may not trace here"; exit 0; }

traced=bpf,mkdir,unlink,rmdir
verb() { "$FLAGWALL" "$1" --netns "$HOST" "${@:2}" eth0; }

# Where it could be killed: the calls that change something that others see.
worth() { grep -nE 'mkdir|unlink|rmdir|PROG_TYPE_XDP|OBJ_PIN|LINK_CREATE|MAP_UPDATE_ELEM|LINK_UPDATE|LINK_DETACH' "$WORK/calls" | cut -d: -f1; }

# killed NUMBER VERB ARGUMENT...: by SIGKILL in that call.
killed() {
	strace -qq -o /dev/null -e trace="$traced" -e "inject=$traced:signal=KILL:when=$1" \
		"$FLAGWALL" "${@:2}" --netns "$HOST"
} >/dev/null 2>&1

# sound: whatever was killed, the tool tells the truth: attached and whole, or bare of XDP.
sound() {
	if [ "$(xdp)" = none ]; then
		verb status --check >/dev/null
		[ $? -eq 3 ] || { echo "no XDP, but status --check says otherwise"; return 1; }
	else
		whole eth0 && verb status --check >/dev/null
	fi
}

# recovers WHAT: attaching and detaching work as if nothing had been.
recovers() {
	exits "$1: attach" 0 verb attach
	silent "$1: attach"
	check "$1: whole" whole
	exits "$1: detach" 0 verb detach
	check "$1: bare" bare
}

calls "$traced" "$FLAGWALL" attach --netns "$HOST" eth0
[ -n "$(nth BPF_LINK_CREATE)" ] || exit 1
numbers=$(worth)
verb detach >/dev/null
for number in $numbers; do
	killed "$number" attach eth0
	check "attach killed in call $number: sound" sound
	recovers "attach killed in call $number"
done
killed "$(nth BPF_OBJ_PIN)" attach eth0
exits "attach killed before the end: detach" 0 verb detach
check "attach killed before the end: detach: bare" bare

verb attach >/dev/null
calls "$traced" "$FLAGWALL" attach --netns "$HOST" --observe eth0
[ -n "$(nth BPF_LINK_UPDATE)" ] || exit 1
for number in $(worth); do
	verb attach --enforce >/dev/null
	killed "$number" attach eth0 --observe
	check "replacing killed in call $number: whole" whole
	check "replacing killed in call $number: sound" sound
done
recovers "replacing killed"

verb attach >/dev/null
calls "$traced" "$FLAGWALL" detach --netns "$HOST" eth0
[ -n "$(nth BPF_LINK_DETACH)" ] || exit 1
for number in $(worth); do
	verb attach >/dev/null
	killed "$number" detach eth0
	check "detach killed in call $number: sound" sound
	exits "detach killed in call $number: detach" 0 verb detach
	check "detach killed in call $number: bare" bare
done
recovers "detach killed"

# in_force: the name of the policy that status tells.
in_force() {
	verb status -j | "$PYTHON" -c 'import json, sys
print(json.load(sys.stdin)["interfaces"][0]["policy"])'
}

# either: of two policies one is in force, whole, and another may come.
either() {
	sound && whole && [[ $(in_force) =~ ^(default|other)$ ]]
}

# leftovers: how many generations there are beside the one in force.
leftovers() {
	local there=("$(pins)"/xdp/*/)

	echo $((${#there[@]} - 1))
}

# changing WHAT OPTION...: policy set, killed in every call.
changing() {
	local what=$1 set=(policy set --netns "$HOST" eth0)

	shift
	printf 'include default\nexcept from 192.0.2.0/24\n' >"$WORK/other.policy"
	verb attach --policy default >/dev/null
	calls "$traced" "$FLAGWALL" "${set[@]}" "$WORK/other.policy" "$@"
	[ -n "$(nth BPF_LINK_UPDATE)" ] || exit 1
	for number in $(worth); do
		"$FLAGWALL" "${set[@]}" default >/dev/null
		killed "$number" policy set eth0 "$WORK/other.policy" "$@"
		check "$what killed in call $number: one of both" either
		exits "$what killed in call $number: by a table alone" 0 "$FLAGWALL" "${set[@]}" default
		equal "$what killed in call $number: what it left goes with that" "$(leftovers)" 0
		exits "$what killed in call $number: again" 0 "$FLAGWALL" "${set[@]}" "$WORK/other.policy" "$@"
		equal "$what killed in call $number: in force" "$(in_force)" other
	done
	verb detach >/dev/null
	recovers "$what killed"
}

changing "policy set"
changing "policy set on trial" --confirm 600

# A process that holds the lock and is gone holds it no more; one that holds it
# is waited for.
mkdir -m 700 /sys/fs/bpf/flagwall
exits "locked by another" 124 flock /sys/fs/bpf/flagwall timeout 0.3 "$FLAGWALL" attach --netns "$HOST" eth0
check "locked by another: nothing happens" bare
recovers "locked by another, who has gone"

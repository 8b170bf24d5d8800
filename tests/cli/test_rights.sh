#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Rights: CAP_NET_ADMIN, CAP_BPF and CAP_PERFMON are enough, and one that is
# missing is named. CAP_SYS_ADMIN stands for them, so it goes with each.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

tool=("$FLAGWALL")

# --- exactly the three
three=net_admin,bpf,perfmon
exits "the three: attach" 0 able "$three" "${tool[@]}" attach eth0
silent "the three: attach"
check "the three: attached" whole
exits "the three: attach again" 0 able "$three" "${tool[@]}" attach eth0 --observe -j
in_json "the three: attach again, observing" "d['interfaces'][0]['observe']" true
exits "the three: counters" 0 able "$three" "${tool[@]}" counters eth0 --samples -j
in_json "the three: counters" "d['interface']" eth0
exits "the three: status" 0 able "$three" "${tool[@]}" status -j
in_json "the three: status, without an interface" "d['interfaces'][0]['attached']" true
exits "the three: status --check" 0 able "$three" "${tool[@]}" status --check eth0
exits "the three: detach" 0 able "$three" "${tool[@]}" detach eth0
check "the three: detached" bare
exits "the three: attach in generic mode" 0 able "$three" "${tool[@]}" attach eth0 --mode generic
exits "the three: detach from generic mode" 0 able "$three" "${tool[@]}" detach eth0
check "the three: detached from generic mode" bare

refused "the three do not enter a namespace" 2 CAP_SYS_ADMIN "$PEER" -- \
	able "$three" "${tool[@]}" status --netns "$PEER"

# --- one of them missing
name_of() { printf 'CAP_%s' "${1^^}"; }
for missing in net_admin bpf perfmon; do
	refused "without $missing: attach" 2 "$(name_of $missing)" -- \
		unable "$missing,sys_admin" "${tool[@]}" attach eth0
	for other in net_admin bpf perfmon; do
		[ $other = $missing ] ||
			check "without $missing: $other is not asked for" bash -c "! grep -q $(name_of $other) '$WORK/stderr'"
	done
	check "without $missing: nothing is attached" bare
done
refused "without any: attach" 2 CAP_NET_ADMIN CAP_BPF CAP_PERFMON -- able "" "${tool[@]}" attach eth0
check "without any: nothing is attached" bare
refused "with two of three: attach" 2 CAP_PERFMON -- able net_admin,bpf "${tool[@]}" attach eth0
check "with two of three: nothing is attached" bare
exits "with CAP_SYS_ADMIN in place of two" 0 able net_admin,sys_admin "${tool[@]}" attach eth0
exits "with CAP_SYS_ADMIN in place of two: detach" 0 able net_admin,sys_admin "${tool[@]}" detach eth0
check "with CAP_SYS_ADMIN in place of two: detached" bare

# --- on a filter that is there
fw attach eth0 >/dev/null
for missing in net_admin bpf perfmon; do
	refused "without $missing: attach again" 2 "$(name_of $missing)" -- \
		unable "$missing,sys_admin" "${tool[@]}" attach eth0 --observe
	check "without $missing: the filter is as it was" whole
done
fw status eth0 -j >"$WORK/status.json"
equal "without rights: the verdict is as it was" "$(field "$WORK/status.json" "d['interfaces'][0]['observe']")" false
fw detach eth0 >/dev/null

# --- what is pinned is the owner's alone
fw attach eth0 >/dev/null
find /sys/fs/bpf/flagwall -type d ! -perm 0700 >"$WORK/open"
find /sys/fs/bpf/flagwall ! -user 0 >>"$WORK/open"
find /sys/fs/bpf/flagwall -type f ! -perm 0600 >>"$WORK/open"
check "pins: folders are 0700, pins 0600, all of root" diff /dev/null "$WORK/open"
check "pins: there are some" test "$(find /sys/fs/bpf/flagwall -type f | wc -l)" -ge 4

# --- reading takes less: none at all from 5.19 on, for the owner of the pins
reading=
[ "$(uname -r | awk -F. '{ print ($1 * 100 + $2 >= 519) }')" = 1 ] || reading=bpf
for verb in "counters eth0" "counters eth0 --samples" counters "status eth0" "status --check eth0" \
	"policy preview eth0 strict" "explain SF"; do
	# shellcheck disable=SC2086
	exits "with '$reading': $verb" 0 able "$reading" "${tool[@]}" $verb
done
refused "with '$reading': attach" 2 CAP_NET_ADMIN -- able "$reading" "${tool[@]}" attach eth0
check "with '$reading': attach: the filter is as it was" whole
fw detach eth0 >/dev/null

# --- a limit that cannot be raised is no failure where maps are not charged to it
limited() {
	prlimit --memlock=0:0 "$@"
}
if [ "$(uname -r | awk -F. '{ print ($1 * 100 + $2 >= 511) }')" = 1 ]; then
	exits "no memory to lock: attach" 0 limited nsenter --net="/run/netns/$HOST" setpriv \
		--bounding-set=-all,+net_admin,+bpf,+perfmon --inh-caps=-all "${tool[@]}" attach eth0
	if can_trace; then
		exits "setrlimit fails: attach" 0 inject prlimit64,setrlimit error=EPERM \
			"${tool[@]}" attach --netns "$HOST" eth0
	fi
	check "no memory to lock: attached" whole
	fw detach eth0 >/dev/null
else
	refused "no memory to lock: attach" 2 CAP_SYS_RESOURCE "ulimit -l" -- limited nsenter \
		--net="/run/netns/$HOST" setpriv --bounding-set=-all,+net_admin,+bpf,+perfmon --inh-caps=-all \
		"${tool[@]}" attach eth0
	check "no memory to lock: nothing is attached" bare
	ulimit -l unlimited
fi

# --- not root at all, but the three; in a bpffs that lets everybody in
chmod 711 "$WORK"
install -m 755 "$FLAGWALL" "$WORK/flagwall"
somebody() {
	local keep=$1

	shift
	in_host setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="-all$keep" \
		--ambient-caps="-all$keep" --bounding-set="-all$keep" "$WORK/flagwall" "$@"
}
export -f somebody in_host in_ns
export three_kept=,+net_admin,+bpf,+perfmon
# shellcheck disable=SC2016
exits "user 65534 with the three" 0 private_bpffs bash -ec 'for verb in attach status counters detach; do
	somebody "$three_kept" $verb eth0
done'
check "user 65534 with the three: nothing is left" bare
refused "user 65534 without any: attach" 2 -- somebody "" attach eth0
check "user 65534 without any: nothing is attached" bare
# A folder of theirs would keep root from attaching.
check "user 65534 without any: no folder is left in root's way" test ! -e /sys/fs/bpf/flagwall
rm -rf /sys/fs/bpf/flagwall
exits "user 65534: status" 0 somebody "" status lo
exits "user 65534: explain needs no rights" 0 somebody "" explain SF
silent "user 65534: explain"

fw attach eth0 >/dev/null
for verb in counters status watch events top detach attach; do
	refused "user 65534: $verb of root's filter" 2 -- somebody "" "$verb" eth0
	refused "user 65534: $verb of no interface" 2 -- somebody "" "$verb" nosuch
done
# What is missing is not a capability: the pins are root's.
for verb in counters status; do
	refused "user 65534 with the three: $verb of root's filter" 2 -- somebody "$three_kept" "$verb" eth0
done
check "user 65534: the filter is whole" whole

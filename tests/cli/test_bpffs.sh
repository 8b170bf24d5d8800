#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The BPF file system: hidden, absent, read-only, or somebody else's. All of it
# in mount namespaces of our own.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# hidden COMMAND...: where /sys/fs/bpf is not mounted, in a mount namespace that
# is not init's: a file system mounted there would go with the process.
# shellcheck disable=SC2016
hidden() {
	unshare --mount bash -c 'umount /sys/fs/bpf && exec "$@"' - "$@"
}

# alone COMMAND...: the same where it would last: in the mount namespace of PID 1.
# shellcheck disable=SC2016
alone() {
	unshare --mount --pid --fork --mount-proc bash -c 'umount /sys/fs/bpf && "$@"' - "$@"
}

# --- hidden
refused "hidden: attach" 2 /sys/fs/bpf --netns -- hidden "$FLAGWALL" attach --netns "$HOST" eth0
check "hidden: nothing is attached" bare
refused "hidden: counters" 2 --netns -- hidden "$FLAGWALL" counters --netns "$HOST" eth0

# --- ip netns exec
refused "ip netns exec: attach" 2 --netns -- ip netns exec "$HOST" "$FLAGWALL" attach eth0
check "ip netns exec: nothing is attached" bare
fw attach eth0 >/dev/null
refused "ip netns exec: attach on a filter that is there" 2 --netns -- \
	ip netns exec "$HOST" "$FLAGWALL" attach eth0
refused "ip netns exec: counters" 2 --netns -- ip netns exec "$HOST" "$FLAGWALL" counters eth0
refused "ip netns exec: counters of all" 2 --netns -- ip netns exec "$HOST" "$FLAGWALL" counters
# It would be a lie that nothing is attached.
refused "ip netns exec: detach" 2 --netns -- ip netns exec "$HOST" "$FLAGWALL" detach eth0
refused "ip netns exec: detach --all" 2 --netns -- ip netns exec "$HOST" "$FLAGWALL" detach --all
refused "ip netns exec: status" 2 --netns -- ip netns exec "$HOST" "$FLAGWALL" status eth0
refused "ip netns exec: status of all" 2 --netns -- ip netns exec "$HOST" "$FLAGWALL" status
refused "ip netns exec: status --check" 2 --netns -- ip netns exec "$HOST" "$FLAGWALL" status --check eth0
check "ip netns exec: the filter is whole" whole
fw detach eth0 >/dev/null

# --- not mounted, but it could be
# shellcheck disable=SC2016
exits "not mounted: attach, and all the rest" 0 alone bash -ec '
	"$1" attach --netns "$2" eth0 2>"$3/mounted"
	[ "$(stat -f -c %T /sys/fs/bpf)" = bpf_fs ]
	[ $((8#$(stat -c %a /sys/fs/bpf) & 077)) -eq 0 ]
	"$1" attach --netns "$2" eth0 2>"$3/again"
	"$1" counters --netns "$2" eth0
	"$1" status --check --netns "$2" eth0
	"$1" detach --netns "$2" eth0' - "$FLAGWALL" "$HOST" "$WORK"
check "not mounted: says that it mounted" grep -q '^flagwall: .*/sys/fs/bpf' "$WORK/mounted"
check "not mounted: says nothing more" test "$(wc -l <"$WORK/mounted")" -eq 1
check "not mounted: says it once" test ! -s "$WORK/again"
check "not mounted: detached" bare
# Looking does not mount.
for verb in status counters detach; do
	# shellcheck disable=SC2016
	exits "not mounted: $verb" 0 alone bash -c '"$1" "$2" --netns "$3" eth0
		[ "$(stat -f -c %T /sys/fs/bpf)" != bpf_fs ]' - "$FLAGWALL" "$verb" "$HOST"
done
exits "not mounted: status" 0 alone "$FLAGWALL" status --netns "$HOST" eth0
exits "not mounted: status --check" 3 alone "$FLAGWALL" status --check --netns "$HOST" eth0
refused "not mounted: counters" 2 -- alone "$FLAGWALL" counters --netns "$HOST" eth0
exits "not mounted: detach" 0 alone "$FLAGWALL" detach --netns "$HOST" eth0
refused "not mounted, and mounting is not allowed: attach" 2 "mount -t bpf bpf /sys/fs/bpf" -- \
	alone nsenter --net="/run/netns/$HOST" setpriv --bounding-set=-sys_admin --inh-caps=-all "$FLAGWALL" attach eth0
check "not mounted, and mounting is not allowed: nothing is attached" bare

# --- read-only
# shellcheck disable=SC2016
readonly_bpffs() { unshare --mount bash -c 'mount -t bpf -o ro bpf /sys/fs/bpf && exec "$@"' - "$@"; }
refused "read-only: attach" 2 /sys/fs/bpf "Read-only file system" -- \
	readonly_bpffs "$FLAGWALL" attach --netns "$HOST" eth0
check "read-only: nothing is attached" bare
refused "read-only: counters" 2 -- readonly_bpffs "$FLAGWALL" counters --netns "$HOST" eth0
exits "read-only: status" 0 readonly_bpffs "$FLAGWALL" status --netns "$HOST" eth0

# --- the folder is there already, and whoever made it could plant pins in it
key=$(basename "$(pins)")
planted() {
	local how=$1

	shift
	private_bpffs bash -c "$how"' && exec "$@"' - "$@"
}
# Pins that a user made for us to find: a whole filter, of user 65534.
chmod 711 "$WORK"
install -m 755 "$FLAGWALL" "$WORK/flagwall"
foreign="nsenter --net=/run/netns/$HOST setpriv --reuid=65534 --regid=65534 --clear-groups \
	--inh-caps=+net_admin,+bpf,+perfmon --ambient-caps=+net_admin,+bpf,+perfmon $WORK/flagwall attach eth0 >/dev/null"
for verb in attach detach status "status --check" counters; do
	# shellcheck disable=SC2086
	refused "folder of user 65534: $verb" 2 65534 /sys/fs/bpf/flagwall -- \
		planted "$foreign" "$FLAGWALL" $verb --netns "$HOST" eth0
done
for verb in status counters "detach --all"; do
	# shellcheck disable=SC2086
	refused "folder of user 65534: $verb, no interface named" 2 65534 /sys/fs/bpf/flagwall -- \
		planted "$foreign" "$FLAGWALL" $verb --netns "$HOST"
done
while IFS='|' read -r what how; do
	refused "$what: attach" 2 /sys/fs/bpf/flagwall -- \
		planted "$how" timeout 10 "$FLAGWALL" attach --netns "$HOST" eth0
	check "$what: nothing is attached" bare
done <<-EOF
	an empty folder of another|mkdir -m 700 /sys/fs/bpf/flagwall && chown 65534 /sys/fs/bpf/flagwall
	a folder for all to write|mkdir /sys/fs/bpf/flagwall && chmod 777 /sys/fs/bpf/flagwall
	a folder for a group to write|mkdir /sys/fs/bpf/flagwall && chmod 720 /sys/fs/bpf/flagwall
	a link to a folder|ln -s /tmp /sys/fs/bpf/flagwall
	a link to nothing|ln -s /sys/fs/bpf/nosuch /sys/fs/bpf/flagwall
	a map in place of the folder|bpftool map create /sys/fs/bpf/flagwall type array key 4 value 4 entries 1 name x
EOF

# --- rubbish in the folder, of root's own making
rubbish="mkdir -m 700 /sys/fs/bpf/flagwall && cd /sys/fs/bpf/flagwall && mkdir -p -- x 1 - 1-2-3 -1--1 0-0 \
	99999999999999999999999-99999999999 $key && cd /"
exits "rubbish: attach" 0 planted "$rubbish" "$FLAGWALL" attach --netns "$HOST" eth0
check "rubbish: nothing is left when the file system goes" bare
exits "rubbish: status" 0 planted "$rubbish" "$FLAGWALL" status --netns "$HOST" eth0
silent "rubbish: status"
map="type array key 4 value 4 entries 1 name x"
while IFS='|' read -r what how; do
	# Refused, or attached beside it; but nothing between.
	# shellcheck disable=SC2016
	exits "$what: attach" 0 planted "$how" bash -c '"$1" attach --netns "$2" eth0
		case $? in
		0) "$1" counters --netns "$2" eth0 && "$1" detach --netns "$2" eth0 ;;
		2) true ;;
		*) false ;;
		esac' - "$FLAGWALL" "$HOST"
	check "$what: nothing is left" bare
	refused "$what: counters" 2 -- planted "$how" "$FLAGWALL" counters --netns "$HOST" eth0
done <<-EOF
	a folder in place of the link|mkdir -p /sys/fs/bpf/flagwall/$key/xdp/link
	a map in place of the link|mkdir -p /sys/fs/bpf/flagwall/$key/xdp && bpftool map create /sys/fs/bpf/flagwall/$key/xdp/link $map
	a map in place of its folder|mkdir -p /sys/fs/bpf/flagwall/$key && bpftool map create /sys/fs/bpf/flagwall/$key/xdp $map
EOF

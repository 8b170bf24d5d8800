# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Two hosts in namespaces of their own, joined by a veth pair:
#
#	$PEER   veth "out"  10.66.0.1  fd66::1    where traffic comes from
#	$HOST   veth "eth0" 10.66.0.2  fd66::2    where the filter is
#
# Where $FLAGWALL_TEST_NICS names two NICs of this machine that are joined, those
# of PEER and HOST in this order, they are taken instead of a veth pair.
#
# Source it after tap.sh and call net_up. From then on there is a warm Python too.

# shellcheck source=tests/lib/warm.sh
. "${BASH_SOURCE[0]%/*}/warm.sh"

PEER=fw-peer-$$
HOST=fw-host-$$
PEER_MAC=02:66:00:00:00:01
HOST_MAC=02:66:00:00:00:02
PEER4=10.66.0.1 HOST4=10.66.0.2
PEER6=fd66::1 HOST6=fd66::2
export PEER HOST PEER_MAC HOST_MAC PEER4 HOST4 PEER6 HOST6

# `ip netns exec` and `ip -n` make a mount namespace, which hides bpffs and takes
# more than a chroot offers. Only the network namespace is entered.
in_ns() {
	local ns=$1

	shift
	nsenter --net="/run/netns/$ns" "$@"
}
in_peer() { in_ns "$PEER" "$@"; }
in_host() { in_ns "$HOST" "$@"; }

bpffs_up() {
	[ "$(stat -f -c %T /sys/fs/bpf 2>/dev/null)" = bpf_fs ] && return
	mount -t bpf bpf /sys/fs/bpf && at_exit umount /sys/fs/bpf
}

# in_devices NAMESPACE CALL: what devices.py says of the interfaces there, in $answer.
in_devices() {
	answer_in "$1" -c "import sys, devices; print(devices.$2)" "${@:3}"
}

# A quiet network: fixed neighbours and no IPv6 chatter, so that every frame
# can be accounted for. A line of sysctl each, before there is an interface.
net_quiet() {
	# shellcheck disable=SC2016
	nsenter --net="/run/netns/$1" sh -c 'cd /proc/sys/net/ipv6/conf/default && echo 0 >accept_dad &&
		echo 0 >router_solicitations && echo 1 >addr_gen_mode'
}

net_up() {
	local ns

	bpffs_up
	warm_up
	for ns in "$PEER" "$HOST"; do
		at_exit net_down "$ns"
		ip netns add "$ns"
		net_quiet "$ns"
	done
	if [ -n "${FLAGWALL_TEST_NICS:-}" ]; then
		# shellcheck disable=SC2086
		nics_up $FLAGWALL_TEST_NICS
	else
		net_join
	fi
	in_peer ip -batch - <<-EOF
		addr add $PEER4/24 dev out
		addr add $PEER6/64 dev out nodad
		link set lo up
		link set out up
		neigh add $HOST4 lladdr $HOST_MAC dev out nud permanent
		neigh add $HOST6 lladdr $HOST_MAC dev out nud permanent
	EOF
	in_host ip -batch - <<-EOF
		addr add $HOST4/24 dev eth0
		addr add $HOST6/64 dev eth0 nodad
		link set lo up
		link set eth0 up
		neigh add $PEER4 lladdr $PEER_MAC dev eth0 nud permanent
		neigh add $PEER6 lladdr $PEER_MAC dev eth0 nud permanent
	EOF
}

# net_join: PEER's "out" and HOST's "eth0". wire.sh has another.
net_join() {
	ip link add out netns "$PEER" address "$PEER_MAC" type veth peer name eth0 \
		netns "$HOST" address "$HOST_MAC"
}

# nics_up PEER HOST: these two NICs go to the hosts, and come back. Promiscuous, or
# an emulated one keeps tags of VLANs that nobody asked it for.
nics_up() {
	ip link set dev "$1" down address "$PEER_MAC"
	ip link set dev "$2" down address "$HOST_MAC" promisc on
	at_exit in_peer ip link set dev out down netns 1 name "$1"
	at_exit in_host ip link set dev eth0 down promisc off netns 1 name "$2"
	ip link set dev "$1" netns "$PEER" name out
	ip link set dev "$2" netns "$HOST" name eth0
}

net_down() {
	local pids

	pids=$(ip netns pids "$1" 2>/dev/null)
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill -9 $pids 2>/dev/null
	"$FLAGWALL" detach --all --netns "$1" >/dev/null 2>&1
	ip netns del "$1"
}

# fw VERB ...: flagwall in the namespace of the host.
fw() {
	local verb=("$1")

	shift
	if [ "${verb[0]}" = policy ]; then
		verb+=("$1")
		shift
	fi
	"$FLAGWALL" "${verb[@]}" --netns "$HOST" "$@"
}

# counters: the current counters of eth0 into $WORK/counters.json.
counters() {
	fw counters eth0 -j "$@" >"$WORK/counters.json"
}

# pattern NAME [MEMBER]: packets (or another member) of a pattern or reason in
# $WORK/counters.json.
pattern() {
	field "$WORK/counters.json" \
		"[p['${2:-packets}'] for p in d['patterns'] + d['reasons'] if p['name'] == '$1'][0]"
}

# flags TEXT [MEMBER]: packets with exactly these flags, as flagwall names
# them, with or without data.
flags() {
	field "$WORK/counters.json" \
		"sum(f['${2:-packets}'] for f in d['flags'] if f['flags'] == '$1')"
}

# xdp_statistic NAMESPACE INTERFACE packets|drops: how many frames the driver gave
# to XDP, or lost to it: counts that are not ours. veth and virtio-net have them,
# one a queue.
xdp_statistic() {
	local answer

	in_devices "$1" 'xdp_statistic(*sys.argv[1:])' "$2" "$3"
	echo "$answer"
}

# reconciles WHAT: packets = patterns + reasons, in every member.
reconciles() {
	check "$1: the lines add up to all packets" python -c 'import json, sys
d = json.load(open(sys.argv[1]))
for member in ("packets", "bytes", "dropped"):
    lines = sum(p[member] for p in d["patterns"] + d["reasons"])
    if lines != d[member]:
        sys.exit("%s: lines %d, all %d" % (member, lines, d[member]))' "$WORK/counters.json"
}

# have_tun: can tun and tap devices be made?
have_tun() {
	in_host ip tuntap add dev tunprobe mode tun 2>/dev/null && in_host ip tuntap del dev tunprobe mode tun
}

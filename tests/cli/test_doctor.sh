#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# doctor: what it says is so, by other witnesses, and it changes nothing.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# finding NAME MEMBER: of the last doctor -j, of the host or its one interface.
finding() {
	field "$WORK/stdout" "[c['$2'] for c in d['checks'] + [c for i in d['interfaces']
		for c in i['checks']] if c['name'] == '$1'][0]"
}

# finds WHAT NAME STATE [WORD...]: this check has this state, and says these words.
finds() {
	local what=$1 name=$2 state=$3 word

	shift 3
	equal "$what: $name is $state" "$(finding "$name" state 2>/dev/null)" "$state"
	finding "$name" text >"$WORK/text" 2>/dev/null
	for word in "$@"; do
		check "$what: $name says '$word'" grep -qF -- "$word" "$WORK/text"
	done
}

# in_limit COMMAND...: with no limit to locked memory.
in_limit() {
	(ulimit -l unlimited 2>/dev/null; "$@")
}

# snapshot: all that a look could change.
snapshot() {
	in_host ip -d -j link
	in_host ethtool -k eth0
	find /sys/fs/bpf | sort
}

# --- a host and an interface where all is well
for _ in $(seq 50); do # the pair comes up by and by
	in_host ip link show dev eth0 | grep -q 'state UP' && break
	sleep 0.1
done
snapshot >"$WORK/before"
exits "well" 0 fw doctor eth0 -j
silent "well"
snapshot >"$WORK/after"
check "well: nothing has changed" diff "$WORK/before" "$WORK/after"
for name in kernel bpf bpffs rights native mtu offloads queues xdp tc-ingress; do
	finds "well" $name ok
done
finds "well" driver ok veth
finds "well" kernel ok "$(uname -r)"
in_json "well: the interface" "d['interfaces'][0]['interface']" eth0
exits "well, for people" 0 fw doctor eth0
check "well, for people: a line a check" test "$(grep -cE '^  (ok|warn|bad) ' "$WORK/stdout")" -ge 14
exits "the host alone" 0 fw doctor -j
in_json "the host alone" "len(d['interfaces'])" 0
refused "no such interface" 2 nosuch -- fw doctor nosuch

# What it says of native mode is what attach then meets.
for device in lo eth0; do
	fw doctor $device -j >"$WORK/stdout"
	native=$(finding native state)
	expected=generic
	[ "$native" = ok ] && expected=native
	fw attach $device >/dev/null 2>&1
	equal "native of $device: attach agrees" "$(xdp $device)" $expected
	fw detach $device >/dev/null
done

# --- no call that attaches, or sets anything
if can_trace; then
	in_host strace -f -qq -e trace=bpf,ioctl,sendto,mount,mkdir,unlink -e signal=none -o "$WORK/calls" \
		"$FLAGWALL" doctor eth0 >/dev/null 2>&1
	check "calls: it was traced" grep -q 'BPF_PROG_LOAD' "$WORK/calls"
	check "calls: none that changes anything" bash -c "! grep -E 'BPF_(LINK_CREATE|LINK_UPDATE|PROG_ATTACH|OBJ_PIN|MAP_UPDATE)|RTM_(NEW|SET|DEL)|^[0-9]* *(mount|mkdir|unlink)' '$WORK/calls'"
else
	skip "calls" "no right to trace"
fi

# --- attached
fw attach eth0 >/dev/null
exits "attached" 0 fw doctor eth0 -j
finds "attached" xdp ok flagwall native
fw detach eth0 >/dev/null

# --- another program
in_host ip link set dev eth0 xdpgeneric obj "$BUILD/trial.bpf.o" sec xdp || exit 1
exits "another program" 3 fw doctor eth0 -j
in_json "another program: as a whole" "d['state'] + ' ' + d['interfaces'][0]['state']" "bad bad"
finds "another program" xdp bad flagwall_trial generic
fix=$(finding xdp fix | grep -o 'ip link set .*')
check "another program: it says what to type" test -n "$fix"
# shellcheck disable=SC2086
in_host ${fix:-false}
equal "another program: that works" "$(xdp)" none

# --- tc
in_host tc qdisc add dev eth0 clsact
in_host tc filter add dev eth0 ingress bpf da bytecode '1,6 0 0 4294967295'
exits "tc" 0 fw doctor eth0 -j
finds "tc" tc-ingress ok "1 BPF program"
in_host tc qdisc del dev eth0 clsact
fw doctor eth0 -j >"$WORK/stdout"
finds "tc, gone" tc-ingress ok "no BPF program"

# --- offloads
if in_host ethtool -K eth0 rxvlan on 2>/dev/null; then
	fw doctor eth0 -j >"$WORK/stdout"
	finds "rxvlan" vlan ok VLAN
	fix=$(finding vlan fix)
	# shellcheck disable=SC2086
	in_host ${fix:-false} >/dev/null
	fw doctor eth0 -j >"$WORK/stdout"
	check "rxvlan: the command mends it" bash -c "! grep -q '\"vlan\"' '$WORK/stdout'"
fi

# --- an MTU beyond any buffers (the other end's counts)
in_peer ip link set out mtu 65535
fw doctor eth0 -j >"$WORK/stdout"
finds "MTU 65535" mtu "$([ "$(finding bpf text | grep -c 'several buffers')" = 1 ] && echo ok || echo warn)" 65535
in_peer ip link set out mtu 1500

# --- rights
for missing in net_admin bpf perfmon; do
	exits "without $missing" 3 unable "$missing,sys_admin" "$FLAGWALL" doctor eth0 -j
	finds "without $missing" rights bad "CAP_${missing^^}"
done
chmod 711 "$WORK"
install -m 755 "$FLAGWALL" "$WORK/flagwall"
exits "user 65534" 3 in_host setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$WORK/flagwall" \
	doctor eth0 -j
silent "user 65534"
finds "user 65534" rights bad CAP_NET_ADMIN CAP_BPF CAP_PERFMON
finds "user 65534" driver ok veth
# Before 5.11 there is the memory of maps as well.
exits "the three alone" 0 in_limit able net_admin,bpf,perfmon "$FLAGWALL" doctor eth0 -j
finds "the three alone" rights ok
finds "the three alone" jit ok

# --- bpffs
# shellcheck disable=SC2016
exits "hidden" 3 unshare --mount bash -c 'umount /sys/fs/bpf && exec "$@"' - "$FLAGWALL" doctor --netns "$HOST" eth0 -j
finds "hidden" bpffs bad --netns
# shellcheck disable=SC2016
exits "read-only" 3 unshare --mount bash -c 'mount -t bpf -o ro bpf /sys/fs/bpf && exec "$@"' - \
	"$FLAGWALL" doctor -j
finds "read-only" bpffs bad read-only
# shellcheck disable=SC2016
exits "somebody else's folder" 3 private_bpffs bash -c 'mkdir -m 777 /sys/fs/bpf/flagwall && exec "$@"' - \
	"$FLAGWALL" doctor -j
finds "somebody else's folder" bpffs bad /sys/fs/bpf/flagwall

# --- a member of a bridge
in_host ip link add br0 type bridge
in_host ip link set eth0 master br0
fw doctor eth0 -j >"$WORK/stdout"
finds "member" member ok br0 bridge
fw attach br0 >/dev/null 2>&1
fw doctor eth0 -j >"$WORK/stdout"
if fw attach eth0 2>/dev/null >/dev/null; then
	finds "member of a filtered bridge, before 5.15" member ok
else
	finds "member of a filtered bridge" member bad br0
fi
fw detach br0 eth0 >/dev/null 2>&1

# --- a NIC that attaching disturbs, where there is one (qemu's vmxnet3 on 6.6 or newer)
nic=
for path in /sys/class/net/*; do
	[ "$(ethtool -i "${path##*/}" 2>/dev/null | sed -n 's/^driver: //p')" != vmxnet3 ] || nic=${path##*/}
done
if [ -n "$nic" ]; then
	"$FLAGWALL" doctor "$nic" -j >"$WORK/stdout"
	if [ "$(finding native state)" = ok ]; then
		finds "vmxnet3" driver warn resets
		exits "vmxnet3: attach" 0 "$FLAGWALL" attach "$nic" --mode native
		check "vmxnet3: attach warns" sentence "$nic" vmxnet3
		exits "vmxnet3: attach again" 0 "$FLAGWALL" attach "$nic"
		silent "vmxnet3: attach again"
		"$FLAGWALL" detach "$nic" >/dev/null
	fi
else
	skip "a NIC that attaching disturbs" "there is none"
fi

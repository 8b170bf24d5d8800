#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Another XDP program has the interface: it is named, and stays.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

cat >"$WORK/other.bpf.c" <<'EOF'
#include <linux/bpf.h>
__attribute__((section("xdp"), used)) int not_ours(struct xdp_md *context)
{
	(void)context;
	return XDP_PASS;
}
char terms[] __attribute__((section("license"), used)) = "GPL";
EOF
"${CLANG:-clang}" -O2 -g -target bpf -idirafter "/usr/include/$(uname -m)-linux-gnu" \
	-c -o "$WORK/other.o" "$WORK/other.bpf.c" || exit 1

program() {
	in_host ip -o link show dev eth0 | grep -oE 'prog/xdp id [0-9]+' | grep -oE '[0-9]+'
}

for mode in native generic; do
	word=xdpdrv
	[ $mode = native ] || word=xdpgeneric
	in_host ip link set dev eth0 $word obj "$WORK/other.o" sec xdp || exit 1
	id=$(program)
	for wanted in auto native generic; do
		refused "$mode: attach --mode $wanted" 2 not_ours "$id" $mode eth0 -- fw attach eth0 --mode $wanted
	done
	cp "$WORK/stderr" "$WORK/attach.stderr"
	refused "$mode: attach --observe" 2 not_ours "$id" -- fw attach eth0 --observe
	refused "$mode: without the right to see names" 2 "$id" $mode -- \
		able net_admin,bpf,perfmon "$FLAGWALL" attach eth0
	equal "$mode: the program stays" "$(xdp) $(program)" "$mode $id"
	check "$mode: no pins of ours" test ! -e "$(pins)"
	check "$mode: no folder of ours" test ! -e /sys/fs/bpf/flagwall

	exits "$mode: status" 0 fw status eth0 -j
	in_json "$mode: status: not attached" "d['interfaces'][0]['attached']" false
	in_json "$mode: status: by the other's id" "d['interfaces'][0]['other_program_id']" "$id"
	exits "$mode: status for people" 0 fw status eth0
	check "$mode: status for people: the other's id" grep -qw "$id" "$WORK/stdout"
	exits "$mode: status --check" 3 fw status --check eth0
	refused "$mode: counters" 2 eth0 -- fw counters eth0
	exits "$mode: detach" 0 fw detach eth0
	check "$mode: detach: says that another is there" grep -qw "$id" "$WORK/stderr"
	equal "$mode: detach: the program stays" "$(xdp) $(program)" "$mode $id"

	# What the message says to type does what it says.
	command=$(grep -oE 'ip( -n [^ ]+)? link set dev eth0 xdp[a-z]* off' "$WORK/attach.stderr")
	check "$mode: the message says what to type" test -n "$command"
	# shellcheck disable=SC2086
	in_host ${command:-false} 2>/dev/null
	equal "$mode: what it says to type works" "$(xdp)" none
	in_host ip link set dev eth0 $word off
	exits "$mode: attach when it is gone" 0 fw attach eth0
	exits "$mode: detach again" 0 fw detach eth0
	check "$mode: bare again" bare
done

# --- our own object by other means than ours
in_host ip link set dev eth0 xdpdrv obj "$BUILD/flagwall.bpf.o" sec xdp || exit 1
refused "our object, attached by ip: attach" 2 flagwall "$(program)" -- fw attach eth0
exits "our object, attached by ip: status --check" 3 fw status --check eth0
in_host ip link set dev eth0 xdpdrv off

# --- a filter of ours whose pins are in another bpffs, as from a container: `ip`
# cannot remove a link, so that would be wrong advice
hold() {
	# shellcheck disable=SC2016
	private_bpffs bash -c '"$1" attach --netns "$2" eth0 >/dev/null && echo ready && exec sleep 60' - "$FLAGWALL" "$HOST"
}
coproc HOLD { hold; }
read -r _ <&"${HOLD[0]}"
id=$(program)
refused "a filter from elsewhere: attach" 2 flagwall "$id" native -- fw attach eth0
check "a filter from elsewhere: no advice that cannot work" bash -c "! grep -q 'xdp[a-z]* off' '$WORK/stderr'"
exits "a filter from elsewhere: detach" 0 fw detach eth0
equal "a filter from elsewhere: it stays" "$(xdp) $(program)" "native $id"
pid=$HOLD_PID
[ -z "$pid" ] || { pkill -P "$pid" 2>/dev/null; kill "$pid"; wait "$pid"; } 2>/dev/null
for _ in $(seq 50); do
	[ "$(xdp)" = none ] && break
	sleep 0.1
done
check "a filter from elsewhere: gone with its pins" bare

# --- who holds the link: a process, in whose bpffs the pins are
# shellcheck disable=SC2016
held() {
	private_bpffs bash -c '"$1" attach --netns "$2" eth0 >/dev/null || exit
		exec "$3" -c '\''import ctypes, glob, struct, sys, time
# bpf(BPF_OBJ_GET, {path}, ...): what libbpf does to open a pin
path = ctypes.create_string_buffer(glob.glob("/sys/fs/bpf/flagwall/*/xdp/link")[0].encode())
call = ctypes.create_string_buffer(struct.pack("QII", ctypes.addressof(path), 0, 0))
print("ready" if ctypes.CDLL(None).syscall(int(sys.argv[1]), 7, call, 16) >= 0 else "no", flush=True)
time.sleep(60)'\'' "$4"' - "$FLAGWALL" "$HOST" "$PYTHON" "$(bpf_number)"
}
bpf_number() {
	printf '#include <sys/syscall.h>\nSYS_bpf\n' | "${CC:-gcc}" -E -P - | tail -n 1
}
coproc HELD { held; }
read -r ready <&"${HELD[0]}"
equal "held by a process: it holds it" "$ready" ready
holder=$(pgrep -P "$HELD_PID" -f 'import ctypes' || echo "$HELD_PID")
link=$(bpftool -j link show | "$PYTHON" -c 'import json, sys
print([l["id"] for l in json.load(sys.stdin) if l.get("prog_id") == int(sys.argv[1])][0])' "$(program)")
refused "held by a process: attach" 2 flagwall "bpf_link $link" "process $holder" python3 -- fw attach eth0
fw doctor eth0 -j >"$WORK/doctor.json"
check "held by a process: doctor says so, too" grep -q "process $holder" "$WORK/doctor.json"
pid=$HELD_PID
{ pkill -P "$pid"; kill "$pid"; wait "$pid"; } 2>/dev/null
for _ in $(seq 50); do
	[ "$(xdp)" = none ] && break
	sleep 0.1
done

# --- who holds the link: a pin
fw attach eth0 >/dev/null
mkdir /sys/fs/bpf/elsewhere
mv "$(pins)/xdp/link" /sys/fs/bpf/elsewhere/a_link
refused "held by a pin: attach" 2 flagwall /sys/fs/bpf/elsewhere/a_link -- fw attach eth0
rm -rf /sys/fs/bpf/elsewhere /sys/fs/bpf/flagwall
check "held by a pin: gone with it" bare

# --- the dispatcher of libxdp, by its name
sed 's/not_ours/xdp_dispatcher/' "$WORK/other.bpf.c" >"$WORK/dispatcher.bpf.c"
"${CLANG:-clang}" -O2 -g -target bpf -idirafter "/usr/include/$(uname -m)-linux-gnu" \
	-c -o "$WORK/dispatcher.o" "$WORK/dispatcher.bpf.c" || exit 1
in_host ip link set dev eth0 xdpdrv obj "$WORK/dispatcher.o" sec xdp || exit 1
refused "libxdp's dispatcher" 2 xdp_dispatcher "xdp-loader load eth0" -- fw attach eth0
in_host ip link set dev eth0 xdpdrv off

# --- and the other way round: with ours on it, others are refused
fw attach eth0 >/dev/null
exits "ip cannot put another over ours" 2 in_host ip -force link set dev eth0 xdpdrv obj "$WORK/other.o" sec xdp
check "ours is whole" whole

# --- several interfaces, of which one is occupied
in_host ip link add one type veth peer name two
in_host ip link set dev one xdpdrv obj "$WORK/other.o" sec xdp || exit 1
fw detach eth0 >/dev/null
refused "several, the first is occupied" 2 one not_ours -- fw attach one eth0
check "several, the first is occupied: the other is bare" bare
refused "several, one does not exist" 2 nosuch -- fw attach eth0 nosuch
check "several, one does not exist: the other is bare" bare

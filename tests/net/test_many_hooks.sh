#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Filters at several hooks of one interface: what is said of each, and to which of
# them a command without --hook goes; and other programs at the same hook.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

net_up
live_up
if ! fw attach eth0 --hook tc-egress >/dev/null 2>&1; then
	skip "several hooks" "this kernel has no BPF at tc"
	exit
fi
links=1
[ ! -e "$(pins)/tc-egress/entry" ] || links= # before 6.6: filters of clsact
fw detach eth0 >/dev/null

# --- status and detach of one hook say nothing of another
check "xdp" fw attach eth0
exits "status of an empty hook" 0 fw status eth0 --hook tc-ingress -j
in_json "it is not attached" "d['interfaces'][0]['attached'], d['interfaces'][0]['hook']" "(False, 'tc-ingress')"
in_json "our XDP program is nobody else's" "d['interfaces'][0]['other_program_id']" null
check "tc-egress" fw attach eth0 --hook tc-egress
exits "detach all hooks" 0 fw detach eth0 -j
in_json "each by its name" "[i['hook'] for i in d['interfaces']]" '["xdp", "tc-egress"]'

# --- policy confirm without --hook: where one waits
# waits HOOK true|false: does a policy wait there?
waits() {
	exits "$1: is there" 0 fw status eth0 --hook "$1" -j
	in_json "$1: waits: $2" "d['interfaces'][0]['unconfirmed'] is not None" "$2"
}
check "xdp" fw attach eth0
check "tc-egress" fw attach eth0 --hook tc-egress
check "tc-egress: strict, on trial" fw attach eth0 --hook tc-egress --policy strict --confirm 100
exits "confirm, without --hook" 0 fw policy confirm eth0
waits tc-egress false
check "xdp: strict, on trial" fw attach eth0 --policy strict --confirm 100
exits "confirm, as JSON" 0 fw policy confirm eth0 -j
in_json "both are shown" "[i['policy'] for i in d['interfaces']]" '["strict", "strict"]'
waits xdp false
check "both on trial" fw policy set eth0 default --confirm 1
sleep 1.5
exits "both too late" 2 fw policy confirm eth0
waits xdp false
waits tc-egress false
refused "nothing waits" 2 eth0 -- fw policy confirm eth0 --hook xdp
refused "no such hook" 1 bogus -- fw attach eth0 --hook bogus --mode native
refused "no such hook, of a policy" 1 nonsense -- fw policy show strict --hook nonsense

# --- whoever may not ask the kernel changes nothing
refused "detach without rights" 2 CAP_NET_ADMIN -- in_host setpriv --bounding-set=-all --inh-caps=-all \
	"$FLAGWALL" detach eth0 --hook tc-egress
exits "it is there" 0 fw status eth0 --hook tc-egress --check

# --- somebody detaches our link
if [ -n "$links" ]; then
	bpftool link detach pinned "$(pins)/tc-egress/link"
else
	in_host tc qdisc del dev eth0 clsact
fi
exits "status" 0 fw status -j
in_json "says so" "[(s['hook'], s['detached_by_others']) for s in d['severed']]" '[["tc-egress", true]]'
check "attach mends it" fw attach eth0 --hook tc-egress
check "detach" fw detach eth0

if [ -z "$links" ]; then
	skip "other programs at the same hook" "this kernel has no links at tc"
	exit
fi

# --- ours comes before others, that might accept what is illegal
cat >"$WORK/accept.bpf.c" <<'C'
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("tc")
int accept_all(struct __sk_buff *skb)
{
	return 0; /* TC_ACT_OK: nobody behind it sees the packet */
}
C
clang -target bpf -O2 -idirafter "/usr/include/$(uname -m)-linux-gnu" -c "$WORK/accept.bpf.c" -o "$WORK/accept.bpf.o"
cat >"$WORK/tcx.c" <<'C'
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = strtoul(argv[3], NULL, 0));
	struct bpf_object *object = bpf_object__open(argv[1]);
	if (argc < 4 || !object || bpf_object__load(object))
		return 1;
	int fd = bpf_program__fd(bpf_object__next_program(object, NULL));
	if (bpf_link_create(fd, (int)if_nametoindex(argv[2]), (enum bpf_attach_type)46, &options) < 0)
		return 1;
	puts("attached");
	fflush(stdout);
	pause();
}
C
gcc "$WORK/tcx.c" -o "$WORK/tcx" -lbpf
# foreign FLAGS: somebody else's program; sets other to its process.
foreign() {
	mkfifo "$WORK/ready.$1"
	nsenter --net="/run/netns/$HOST" "$WORK/tcx" "$WORK/accept.bpf.o" eth0 "$1" >"$WORK/ready.$1" &
	other=$!
	disown
	at_exit kill "$other" 2>/dev/null
	read -r _ <"$WORK/ready.$1"
}
foreign 0
check "tc-ingress, beside somebody's" fw attach eth0 --hook tc-ingress
send 5 'ip/TCP(flags="SF")' >/dev/null
exits "counters" 0 fw counters eth0 --hook tc-ingress -j
in_json "ours saw and dropped them" "d['dropped']" 5
exits "doctor" 0 fw doctor eth0 -j
in_json "is content" "[c['state'] for c in d['interfaces'][0]['checks'] if c['name'] == 'tc-ingress']" '["ok"]'
kill "$other"
foreign 8 # BPF_F_BEFORE
send 5 'ip/TCP(flags="SF")' >/dev/null
exits "counters, behind one that accepts" 0 fw counters eth0 --hook tc-ingress -j
in_json "ours sees nothing more" "d['dropped']" 5
exits "doctor warns" 0 fw doctor eth0 -j
in_json "of that" "[c['state'] for c in d['interfaces'][0]['checks'] if c['name'] == 'tc-ingress']" '["warn"]'

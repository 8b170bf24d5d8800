#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The kernel is too old, or refuses for a reason of its own: it is quoted, and
# nothing is left.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

can_trace || { skip "kernel errors" "strace may not trace here"; exit 0; }

attach=("$FLAGWALL" attach --netns "$HOST" eth0)
calls bpf "${attach[@]}"
load=$(nth 'BPF_PROG_LOAD.*BPF_PROG_TYPE_XDP')
link=$(nth BPF_LINK_CREATE)
last=$(nth BPF_OBJ_PIN)
fw detach eth0 >/dev/null
# Generic mode asks less beforehand.
calls bpf "${attach[@]}" --mode generic
generic=$(nth BPF_LINK_CREATE)
fw detach eth0 >/dev/null
[ -n "$link" ] || exit 1
check "strace sees what is to be refused" test "${load:-0}" -lt "${link:-0}"

# broken WHAT COMMAND...: with WHAT done to bpf(), but not in the shell around it.
broken() { inject bpf "$@"; }
# aged WHAT COMMAND...: as on a kernel 2.6.
aged() { setarch "$(uname -m)" --uname-2.6 strace -qq -o /dev/null -e trace=bpf -e "inject=bpf:$1" "${@:2}"; }
old=$(setarch "$(uname -m)" --uname-2.6 uname -r)

# --- too old
refused "old kernel: no bpf() at all" 2 "$old" 5.10 -- aged error=ENOSYS:when=1+ "${attach[@]}"
check "old kernel: no bpf() at all: nothing is attached" bare
refused "old kernel: the program is refused" 2 "$old" 5.10 -- aged "error=EINVAL:when=$load+" "${attach[@]}"
check "old kernel: the program is refused: nothing is attached" bare
for mode in auto native generic; do
	refused "old kernel: no links, --mode $mode" 2 "$old" 5.10 -- \
		aged "error=EINVAL:when=$link+" "${attach[@]}" --mode $mode
	check "old kernel: no links, --mode $mode: nothing is attached" bare
done
exits "an old name alone is no reason" 0 setarch "$(uname -m)" --uname-2.6 "${attach[@]}"
fw detach eth0 >/dev/null

# --- the kernel's own words
while read -r error words; do
	refused "the program is refused: $error" 2 "$words" "$(uname -r)" -- \
		broken "error=$error:when=$load+" "${attach[@]}"
	check "the program is refused: $error: nothing is attached" bare
	refused "the link is refused: $error" 2 eth0 "$words" -- \
		broken "error=$error:when=$generic+" "${attach[@]}" --mode generic
	check "the link is refused: $error: nothing is attached" bare
done <<-EOF
	EINVAL Invalid argument
	ENOMEM Cannot allocate memory
	ENOSPC No space left on device
EOF
# With all the rights there are, it is something else that forbids it.
refused "forbidden, though there are all rights" 2 "Operation not permitted" -- \
	broken "error=EPERM:when=$load+" "${attach[@]}"
for capability in CAP_NET_ADMIN CAP_BPF CAP_PERFMON; do
	check "forbidden: $capability is not asked for" bash -c "! grep -q $capability '$WORK/stderr'"
done
check "forbidden, though there are all rights: nothing is attached" bare
refused "forbidden by seccomp: nothing at all" 2 -- broken "error=EPERM:when=1+" "${attach[@]}"
check "forbidden by seccomp: nothing is attached" bare

# --- the interface goes, or is taken, while we look
refused "the interface goes" 2 "No such device" -- broken "error=ENODEV:when=$link" "${attach[@]}"
check "the interface goes: nothing is attached" bare
refused "the interface is taken" 2 "resource busy" -- broken "error=EBUSY:when=$link" "${attach[@]}"
check "the interface is taken: nothing is attached" bare

# --- any single call: it works all the same, or refuses and leaves nothing
mapfile -t numbers < <(grep -nvE 'BPF_BTF_LOAD|SOCKET_FILTER|CGROUP_SOCK' "$WORK/calls" | cut -d: -f1)
for call in "${numbers[@]}"; do
	[ "$call" -le "$last" ] || break
	broken "error=ENOMEM:when=$call" "${attach[@]}" >"$WORK/stdout" 2>"$WORK/stderr"
	code=$?
	case $code in
	0)
		check "call $call of bpf() fails: attached all the same" whole
		fw detach eth0 >/dev/null
		;;
	*)
		equal "call $call of bpf() fails: refused" "$code" 2
		check "call $call of bpf() fails: one sentence" sentence
		;;
	esac
	check "call $call of bpf() fails: nothing is left" bare
done

# --- and for replacing: refused means that the old one goes on
fw attach eth0 --observe >/dev/null
calls bpf "${attach[@]}"
load=$(nth 'BPF_PROG_LOAD.*BPF_PROG_TYPE_XDP')
update=$(nth BPF_LINK_UPDATE)
# Loading is tried twice. Writing the policy, pinning and the exchange of the programs
# follow: until the last of it, what was in force is in force.
between=$(seq $((update - 3)) "$update")
for call in "$load+" $between; do
	refused "replacing fails in call $call" 2 "Cannot allocate memory" -- \
		broken "error=ENOMEM:when=$call" "${attach[@]}" --enforce
	check "replacing fails in call $call: whole" whole
	exits "replacing fails in call $call: status" 0 fw status eth0 -j
	in_json "replacing fails in call $call: as it was" "d['interfaces'][0]['observe']" true
done

# --- reading and detaching
for verb in counters status detach; do
	refused "$verb is forbidden" 2 "Operation not permitted" -- \
		broken "error=EPERM:when=1+" "$FLAGWALL" $verb --netns "$HOST" eth0
	check "$verb is forbidden: the filter is whole" whole
done

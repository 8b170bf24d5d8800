#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Arguments from somebody who means ill, or whose script went wrong: names
# that are formats, paths, terminal commands, or far too long. Whatever comes
# in, one readable line goes out, and the exit code is 1 or 2.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# harmless: stderr has no byte that a terminal would act on, and fits a screen.
harmless() {
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$WORK/stderr" || {
		echo "control characters:"
		head -c 500 "$WORK/stderr" | cat -v
		return 1
	}
	[ "$(wc -c <"$WORK/stderr")" -le 4000 ] || {
		echo "$(wc -c <"$WORK/stderr") bytes"
		return 1
	}
}

# endures WHAT CODE COMMAND...: refused, by one harmless line.
endures() {
	local what=$1 code=$2

	shift 2
	refused "$what" "$code" -- "$@"
	check "$what: harmless to a terminal" harmless
}

long=$(head -c 100000 /dev/zero | tr '\0' a)
digits=$(head -c 4000 /dev/zero | tr '\0' 9)
lines=$'a\nflagwall: all is well'
escape=$'\033[2J\033]0;title\007\r'

# --- interfaces
declare -A names=(
	[empty]="" [dot]=. [dots]=.. [path]=../../../etc/passwd [format]=%s%n%p%s%s%s%n
	[blank]=" " [number]=3 [16 bytes]=abcdefghijklmnop [two lines]=$lines [escape sequence]=$escape
	[not UTF-8]=$'\xff\xfe' [100 kB]=$long [an option]=--mode
)
for name in "${!names[@]}"; do
	for verb in attach detach status counters; do
		[ "$verb" = attach ] || [[ $name =~ ^(two|escape|100|format) ]] || continue
		endures "$verb of an interface named $name" 2 fw "$verb" -- "${names[$name]}"
	done
done
check "none of them was attached" bare
# An old way of asking the kernel cuts names off at the colon.
endures "attach of an alias" 2 fw attach eth0:1
check "attach of an alias: nothing is attached" bare
fw detach eth0 >/dev/null 2>&1

# --- names that are odd, but the kernel's: the filter is theirs
in_host ip link add cable0 type veth peer name cable1
old=cable0
# shellcheck disable=SC2016
for name in abcdefghijklmno grüße-世 a..b .hidden %s%n%p 'a;b' "a'b" 'a"b' 'a*b' 'a$b' '..-..' -h --all; do
	in_host ip link set dev "$old" name "$name" 2>/dev/null || continue
	old=$name
	exits "attach of $name" 0 fw attach -- "$name"
	exits "status of $name" 0 fw status -j -- "$name"
	in_json "status of $name: its name" "d['interfaces'][0]['interface'].encode().hex()" \
		"$(printf %s "$name" | od -An -tx1 | tr -d ' \n')"
	exits "counters of $name" 0 fw counters -- "$name"
	exits "doctor of $name" 0 fw doctor -- "$name"
	exits "detach of $name" 0 fw detach -- "$name"
done
check "odd names: some were tried" test "$old" != cable0
equal "odd names: nothing of them is left" "$(find /sys/fs/bpf/flagwall -mindepth 1 2>/dev/null)" ""
# shellcheck disable=SC2016
for name in ../../etc '$(id)' 'a b'; do
	endures "a path for a name: $name" 2 fw attach -- "$name"
done

# --- namespaces with odd names
for name in "fw a $$" "fw-ü-$$" "fw-%s-$$"; do
	ip netns add "$name" || continue
	in_ns "$name" ip link set lo up
	exits "namespace $name: attach" 0 "$FLAGWALL" attach --netns "$name" lo --mode generic
	exits "namespace $name: status" 0 "$FLAGWALL" status --netns "$name" -j
	in_json "namespace $name: its name" "d['interfaces'][0]['netns']" "$name"
	exits "namespace $name: detach" 0 "$FLAGWALL" detach --netns "$name" --all
	ip netns del "$name"
done
endures "namespace: a path that leads nowhere" 2 "$FLAGWALL" status --netns ../netns/nosuch

# --- namespaces
declare -A namespaces=(
	[empty]="" [dot]=. [dots]=.. [path]=/etc/passwd [folder]=/run/netns [device]=/dev/zero
	[format]=%s%n%p [number]=0 [too great a number]=4294967297 [a far greater number]=18446744073709551617
	[4000 digits]=$digits [negative]=-1 [two lines]=$lines [escape sequence]=$escape [100 kB]=$long
	[other kind of namespace]=/proc/self/ns/mnt
)
for name in "${!namespaces[@]}"; do
	endures "namespace: $name" 2 "$FLAGWALL" status --netns="${namespaces[$name]}"
done

# --- other words
many=$(printf 'fin,%.0s' {1..20000})fin
endures "verb of 100 kB" 1 "$FLAGWALL" "$long"
endures "verb of two lines" 1 "$FLAGWALL" "$lines"
endures "verb that is a format" 1 "$FLAGWALL" %s%n%p
endures "option of 100 kB" 1 fw status "--$long"
endures "option with escape sequence" 1 fw status "--$escape"
endures "mode of 100 kB" 1 fw attach eth0 --mode "$long"
endures "mode with escape sequence" 1 fw attach eth0 --mode "$escape"
endures "match of 100 kB" 1 fw counters eth0 --match "$long"
endures "match of 20001 flags" 1 fw counters eth0 --match "$many"
endures "match with escape sequence" 1 fw counters eth0 --match "$escape"
endures "match that is a format" 1 fw counters eth0 --match %s%n%p
endures "flags of 100 kB" 1 "$FLAGWALL" explain "$long"
endures "flags with escape sequence" 1 "$FLAGWALL" explain "$escape"
endures "flags as a number beyond all bounds" 1 "$FLAGWALL" explain "0x$digits"
endures "flags as a negative number" 1 "$FLAGWALL" explain -- -1

# --- many words
# shellcheck disable=SC2046
endures "attach of 20000 interfaces" 2 fw attach $(seq -f nosuch%g 20000)
# shellcheck disable=SC2046
endures "explain of 20000 words" 1 "$FLAGWALL" explain $(seq 20000)
# shellcheck disable=SC2046
exits "the same interface 1000 times" 0 fw status $(printf 'eth0 %.0s' {1..1000})
# shellcheck disable=SC2046
exits "the same option 1000 times" 0 fw status $(printf -- '--json %.0s' {1..1000}) eth0
exits "attach of one interface twice" 0 fw attach eth0 eth0
check "attach of one interface twice: it is attached" whole
exits "counters of one interface twice" 0 fw counters eth0 eth0
equal "counters of one interface twice: one table" "$(grep -c '^all packets' "$WORK/stdout")" 1
exits "top of one interface twice" 0 fw top eth0 eth0 --count 1 --interval 0.1
exits "detach of one interface twice" 0 fw detach eth0 eth0
check "detach of one interface twice: it is bare" bare

# --- no words at all: execve() without even a name
# shellcheck disable=SC2016
exits "no argv[0]" 0 in_host "$PYTHON" -c 'import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
null = (ctypes.c_char_p * 1)(None)
libc.execve(sys.argv[1].encode(), null, null)' "$FLAGWALL"
exits "no environment" 0 in_host env -i "$FLAGWALL" status eth0

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What a user meets: exit codes, one sentence on stderr, and nothing left half
# done. Messages are held to the facts in them, never to their wording.
#
# Source it after tap.sh and net.sh.

# sentence FACT...: stderr of the last exits() is one line of ours, with every FACT.
sentence() {
	local fact said

	mapfile said <"$WORK/stderr"
	if [ ${#said[@]} -ne 1 ] || [[ ${said[0]} != 'flagwall: '?*$'\n' ]]; then
		echo "not one line that starts with 'flagwall: ':"
		cut -c1-500 "$WORK/stderr"
		return 1
	fi
	for fact in "$@"; do
		[[ ${said[0]} == *"$fact"* ]] || {
			echo "'$fact' is not in it:"
			cut -c1-500 "$WORK/stderr"
			return 1
		}
	done
}

# refused WHAT CODE FACT... -- COMMAND...: it exits with CODE, prints nothing on
# stdout, and says in one sentence on stderr what the user needs to know.
refused() {
	local what=$1 code=$2 facts=()

	shift 2
	while [ "$1" != -- ]; do
		facts+=("$1")
		shift
	done
	shift
	exits "$what" "$code" "$@"
	check "$what: one sentence, with what is needed" sentence "${facts[@]}"
	check "$what: nothing on stdout" test ! -s "$WORK/stdout"
}

# silent WHAT: the last exits() had nothing to say on stderr.
silent() {
	check "$1: silence on stderr" nothing_in "$WORK/stderr"
}

nothing_in() {
	[ ! -s "$1" ] || {
		cat "$1"
		return 1
	}
}

# in_json WHAT EXPRESSION EXPECTED: a value of what the last exits() printed.
in_json() {
	local answer

	answer -c "$FIELD" "$WORK/stdout" "$2" 2>/dev/null
	equal "$1" "$answer" "$3"
}

# pins [DEVICE] [NETNS]: where flagwall keeps what belongs to a device.
# shellcheck disable=SC2120
pins() {
	local answer device=${1:-eth0} there=${2:-$HOST}

	pins_of "$device" "$there"
	echo "$answer"
}

# pins_of, xdp_of: the same in $answer, which starts no process.
pins_of() {
	in_devices "${2:-$HOST}" 'folder(*sys.argv[1:])' "${1:-eth0}" "${2:-$HOST}"
}

xdp_of() {
	in_devices "${2:-$HOST}" 'xdp(*sys.argv[1:])' "${1:-eth0}"
}

# xdp [DEVICE] [NETNS]: how the kernel has XDP on a device: none, native, generic.
# shellcheck disable=SC2120
xdp() {
	local answer

	xdp_of "${1:-eth0}" "${2:-$HOST}"
	echo "$answer"
}

# bare [DEVICE] [NETNS]: no program on it, no pins for it.
bare() {
	local answer

	xdp_of "$@"
	[ "$answer" = none ] || {
		echo "XDP on ${1:-eth0}: $answer"
		return 1
	}
	pins_of "$@"
	[ ! -e "$answer" ] || {
		echo "left behind:"
		ls -R "$answer"
		return 1
	}
}

# whole [DEVICE] [NETNS]: a program on it, with all its pins, and readable.
whole() {
	local answer pin

	xdp_of "$@"
	case $answer in native | generic) ;; *)
		echo "XDP on ${1:-eth0}: $answer"
		return 1
		;;
	esac
	pins_of "$@"
	for pin in link counters samples; do
		[ -e "$answer/xdp/$pin" ] || {
			echo "no pin '$pin' in $answer"
			return 1
		}
	done
	"$FLAGWALL" counters --netns "${2:-$HOST}" "${1:-eth0}" >/dev/null
}

# able CAPABILITY,... COMMAND...: as root with these capabilities only ("" for none).
able() {
	local name keep=-all

	for name in ${1//,/ }; do
		keep=$keep,+$name
	done
	shift
	in_host setpriv --bounding-set="$keep" --inh-caps=-all "$@"
}

# unable CAPABILITY,... COMMAND...: as root without these.
unable() {
	local drop=-${1//,/,-}

	shift
	in_host setpriv --bounding-set="$drop" --inh-caps=-all "$@"
}

# own_bpffs: from here on the script has a BPF file system that nobody else
# sees, so that it may plant in it and break it; network namespaces remain known
# to all. It starts again for that: call it first of all.
# shellcheck disable=SC2016
own_bpffs() {
	[ "${OWN_BPFFS:-}" != "$0" ] || return 0
	rm -rf "$WORK"
	# Only a mount that is shared stays so in the new mount namespace.
	ip netns add "fw-own-$$" && ip netns del "fw-own-$$"
	OWN_BPFFS=$0 exec unshare --mount --propagation unchanged bash -c '
		mount --make-rprivate /sys || exit
		while [ "$(stat -f -c %T /sys/fs/bpf)" = bpf_fs ]; do
			umount --lazy /sys/fs/bpf || exit
		done
		mount -t bpf -o mode=1777 bpf /sys/fs/bpf && exec "$@"' - "$0"
}

# private_bpffs COMMAND...: with another one, empty, for this command only.
# shellcheck disable=SC2016
private_bpffs() {
	unshare --mount bash -c 'mount -t bpf -o mode=1777 bpf /sys/fs/bpf && exec "$@"' - "$@"
}

# calls NAMES COMMAND...: the system calls it makes, one a line, to $WORK/calls.
calls() {
	local names=$1

	shift
	strace -qq -o "$WORK/calls" -e trace="$names" -e signal=none "$@" >/dev/null 2>&1
}

# nth PATTERN [WHICH]: the number of the (last) line in $WORK/calls with PATTERN.
nth() {
	grep -nE -- "$1" "$WORK/calls" | "${2:-tail}" -n 1 | cut -d: -f1
}

# inject NAMES WHAT COMMAND...: with WHAT (error=..:when=..) done to its system calls.
inject() {
	local names=$1 what=$2

	shift 2
	strace -qq -o /dev/null -e trace="$names" -e "inject=$names:$what" "$@"
}

# can_trace: may this process trace others?
can_trace() {
	strace -qq -o /dev/null -e trace=bpf true 2>/dev/null
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The object file with other loaders than ours (ip has a test of its own):
# bpftool, and xdp-loader beside another program. It drops what the default
# policy drops.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

OBJECT=$BUILD/flagwall.bpf.o

# drops: of 9 illegal and 11 legal segments the legal ones are seen behind it.
drops() {
	in_host ethtool -K eth0 gro off
	behind_up
	equal "$what: 20 sent" "$(send 4 'ip/TCP(flags="SF")' 5 'ip6/TCP(flags="FPU")' 5 'ip/TCP(flags="S")' \
		6 'ip6/TCP(flags="PA")/b"x"')" 20
	sleep 0.3
	equal "$what: the legal ones pass, and no other" \
		"$(behind 'f == S') $(behind 'f == P|A') $(behind tcp)" "5 6 11"
}

# gone: SYN/FIN is seen again.
gone() {
	behind_up
	send 3 'ip/TCP(flags="SF")' >/dev/null
	sleep 0.3
	equal "$what: SYN/FIN is seen again" "$(behind 'f == S|F')" 3
}

net_up
live_up

# --- bpftool
for way in xdpdrv xdpgeneric; do
	what="bpftool, $way"
	check "$what: load" bpftool prog load "$OBJECT" "/sys/fs/bpf/by-bpftool"
	check "$what: attach" in_host bpftool net attach $way pinned /sys/fs/bpf/by-bpftool dev eth0
	drops
	check "$what: detach" in_host bpftool net detach $way dev eth0
	rm /sys/fs/bpf/by-bpftool
	gone
done

# --- xdp-loader: with xdp-filter, which drops UDP to port 99, before us or behind us
port_99() {
	behind_up
	send 7 'ip/UDP(dport=99)' 8 'ip/UDP(dport=98)' >/dev/null
	sleep 0.3
	behind udp
}

loader() {
	what="xdp-loader"
	# Without `freplace` it silently puts in one program alone.
	in_host xdp-filter load -f udp -p allow eth0 >"$WORK/filter.log" 2>&1 || {
		skip "$what" "xdp-filter: $(tail -n 1 "$WORK/filter.log")"
		return
	}
	if ! in_host xdp-loader status eth0 | grep -q xdp_dispatcher; then
		in_host xdp-filter unload eth0 >/dev/null
		skip "$what" "this kernel lets no program replace a function of another (freplace)"
		return
	fi
	in_host xdp-filter port 99 -p udp >/dev/null
	check "$what: load beside xdp-filter" in_host xdp-loader load eth0 "$OBJECT"
	in_host xdp-loader status eth0 >"$WORK/status"
	check "$what: both are there" bash -c "grep -q xdpfilt '$WORK/status' && grep -q ' flagwall' '$WORK/status'"
	equal "$what: with the priority that the object asks for" \
		"$(awk '/ flagwall / { print $2 }' "$WORK/status")" 10
	drops
	equal "$what: the other program drops what it drops" "$(port_99)" 8
	refused_by_us
	check "$what: unload ours" in_host xdp-loader unload eth0 --id "$(awk '/ flagwall / { print $4 }' "$WORK/status")"
	gone
	equal "$what: the other goes on" "$(port_99)" 8
	in_host xdp-filter unload eth0 >/dev/null
}

# attach beside the dispatcher is refused, and says which tool to use.
refused_by_us() {
	exits "$what: attach beside the dispatcher" 2 fw attach eth0
	check "$what: attach names it, and what to do" grep -q 'xdp_dispatcher.*xdp-loader load eth0' "$WORK/stderr"
}

if command -v xdp-loader >/dev/null; then
	loader
else
	skip "xdp-loader" "xdp-tools is not installed"
fi

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The life of a filter: it outlives the loader, observes and enforces, and
# leaves nothing behind.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

SYNFIN='ip/TCP(flags="SF")'
SYN='ip/TCP(flags="S")'

# burst: 6 illegal segments and 4 legal ones.
burst() {
	equal "$what: 10 sent" "$(send 6 "$SYNFIN" 4 "$SYN")" 10
	accounts "$what"
}

# expect COUNTED DROPPED BEHIND: of SYN/FIN, so far.
expect() {
	equal "$what: SYN/FIN counted, dropped, seen behind" \
		"$(pattern syn-fin) $(pattern syn-fin dropped) $(behind 'f == S|F')" "$*"
}

xdp_program() {
	in_host ip -j link show eth0 | "$PYTHON" -c 'import json, sys
print(json.load(sys.stdin)[0].get("xdp", {}).get("prog", {}).get("id"))'
}

life() {
	local mode=$1

	what="$mode, attached"
	filter_up "$mode"
	equal "$what: no process of flagwall stays" "$(ip netns pids "$HOST")" ""
	burst
	expect 6 6 0

	what="$mode, observing"
	check "$what: attach --observe" fw attach eth0 --observe
	burst
	expect 12 6 6
	equal "$what: it says so" "$(value observe)" true

	what="$mode, attached again"
	check "$what: attach leaves it observing" fw attach eth0
	burst
	expect 18 6 12

	what="$mode, enforcing"
	check "$what: attach --enforce" fw attach eth0 --enforce
	burst
	expect 24 12 12
	equal "$what: it says so" "$(value observe)" false

	what="$mode, detached"
	check "$what: status --check before" fw status eth0 --check
	filter_down
	exits "$what: status --check after" 3 fw status eth0 --check
	equal "$what: no XDP program is left" "$(xdp_program)" None
	equal "$what: nothing pinned is left" "$(find /sys/fs/bpf/flagwall -mindepth 1 2>/dev/null)" ""
	send 6 "$SYNFIN" >/dev/null
	settle
	equal "$what: SYN/FIN is seen again" "$(behind 'f == S|F')" 18
}

net_up
live_up
for each in $MODES; do
	life "$each"
done
what="native, observing from the start"
filter_up native --observe
burst
expect 6 0 6
filter_down

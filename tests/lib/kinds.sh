# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Segments behind headers of many kinds. Source it after live.sh, and set KINDS, one frame of
# each kind with "flags=F" where its flags go, and READ, what tshark has to be told.

# every_kind: three SYN/FIN and two ACK of each.
every_kind() {
	local kind frames=()

	# shellcheck disable=SC2153 # it is the caller's
	for kind in "${KINDS[@]}"; do
		frames+=(3 "${kind/flags=F/flags=\"SF\"}" 2 "${kind/flags=F/flags=\"A\"}")
	done
	send "${frames[@]}"
}

# seen_by_tshark FLAGS: frames in the capture whose innermost TCP has them.
seen_by_tshark() {
	tshark -n -r "$WORK/behind.pcap" "${READ[@]}" -T fields -E occurrence=l -e tcp.flags \
		2>/dev/null | grep -c "$1"
}

# captured COUNT: wait until the capture has so many ACK; there are others in it.
captured() {
	local tries=50

	until [ "$(seen_by_tshark 0x0010)" -ge "$1" ]; do
		[ $((tries -= 1)) -gt 0 ] || return
		sleep 0.1
	done
}

# kinds_judged WHAT: SYN/FIN drop and ACK pass, by the counters and by tshark.
kinds_judged() {
	local kinds=${#KINDS[@]} capture

	rm -f "$WORK/tcpdump"
	# Not by in_host: what is killed must be the program, not a shell around it. A
	# whole frame at most would leave the ring few slots.
	nsenter --net="/run/netns/$HOST" tcpdump -q -U --immediate-mode -s 256 -B 4096 -Q in -i eth0 \
		-w "$WORK/behind.pcap" 2>"$WORK/tcpdump" &
	capture=$!
	until grep -qs listening "$WORK/tcpdump"; do sleep 0.05; done
	equal "$1: sent" "$(every_kind)" $((5 * kinds))
	settle
	captured $((2 * kinds))
	kill "$capture"
	wait "$capture" 2>/dev/null
	accounts "$1"
	equal "$1: SYN/FIN drops" "$(pattern syn-fin) $(pattern syn-fin dropped)" \
		"$((3 * kinds)) $((3 * kinds))"
	equal "$1: ACK passes" "$(pattern ack) $(pattern ack dropped)" "$((2 * kinds)) 0"
	equal "$1: by tshark, of what arrived" "$(seen_by_tshark 0x0003) $(seen_by_tshark 0x0010)" \
		"0 $((2 * kinds))"
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The driver refuses native mode: its own words are quoted, auto goes on in
# generic mode and says so, and a mode that was asked for is never exchanged.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/net.sh
. "$TOP/tests/lib/net.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

own_bpffs
net_up

# tries WHAT DEVICE WORDS: a device whose driver refuses with these WORDS.
tries() {
	local what=$1 device=$2 words=$3

	refused "$what: --mode native" 2 "$device" "$words" generic -- fw attach "$device" --mode native
	check "$what: --mode native: nothing is left" bare "$device"
	refused "$what: -m drv" 2 "$words" -- fw attach "$device" -m drv

	exits "$what: auto" 0 fw attach "$device"
	check "$what: auto: one sentence, with the reason" sentence "$device" "$words" generic tc-ingress
	equal "$what: auto: generic mode" "$(xdp "$device")" generic
	check "$what: auto: all is there" whole "$device"
	exits "$what: status" 0 fw status "$device" -j
	in_json "$what: status: mode" "d['interfaces'][0]['mode']" generic
	in_json "$what: status: why" "'$words' in d['interfaces'][0]['fallback']" true
	exits "$what: counters" 0 fw counters "$device" -j
	in_json "$what: counters: why" "'$words' in d['fallback']" true
	exits "$what: status for people" 0 fw status "$device"
	check "$what: status for people: why" grep -qF "$words" "$WORK/stdout"

	refused "$what: native on generic" 2 "$device" generic -- fw attach "$device" --mode native
	equal "$what: native on generic: as it was" "$(xdp "$device")" generic
	exits "$what: auto again" 0 fw attach "$device"
	silent "$what: auto again"
	exits "$what: status again" 0 fw status "$device" -j
	in_json "$what: status again: why" "'$words' in d['interfaces'][0]['fallback']" true
	exits "$what: detach" 0 fw detach "$device"
	check "$what: detached" bare "$device"

	exits "$what: --mode generic" 0 fw attach "$device" --mode generic -j
	silent "$what: --mode generic"
	in_json "$what: --mode generic: no fallback" "d['interfaces'][0]['fallback']" null
	exits "$what: detach from generic" 0 fw detach "$device"
	check "$what: detached from generic" bare "$device"
}

# What it suggests instead is a command that works, and nothing does it by itself.
exits "doctor lo" 0 fw doctor lo -j
advice=$(field "$WORK/stdout" "[f['fix'] for i in d['interfaces'] for f in i['checks'] if f['name'] == 'hook'][0]")
equal "doctor lo: it suggests a hook" "$advice" "flagwall attach lo --hook tc-ingress"
# shellcheck disable=SC2086
check "what doctor suggests works" fw ${advice#flagwall }
fw status lo -j >"$WORK/status.json"
equal "what doctor suggests is there" "$(field "$WORK/status.json" "[i['hook'] for i in d['interfaces']]")" '["tc-ingress"]'
exits "and goes" 0 fw detach lo

tries "lo" lo "driver does not support XDP in native mode"
# One queue here for two of the other end.
in_host ip link add few numrxqueues 1 type veth peer name many netns "$PEER" numtxqueues 2
in_peer ethtool -L many tx 2 2>/dev/null # on newer kernels it starts with one
tries "veth with fewer queues than its peer" few "XDP expects number of rx queues not less than peer tx queues"

# --- native works
exits "veth: auto" 0 fw attach eth0 -j
silent "veth: auto"
in_json "veth: auto: mode" "d['interfaces'][0]['mode']" native
in_json "veth: auto: no fallback" "d['interfaces'][0]['fallback']" null
equal "veth: auto: native" "$(xdp)" native
refused "veth: generic on native" 2 eth0 native -- fw attach eth0 --mode generic
refused "veth: skb on native" 2 eth0 native -- fw attach eth0 --mode skb --observe
fw status eth0 -j >"$WORK/status.json"
equal "veth: refused as a whole" "$(field "$WORK/status.json" "d['interfaces'][0]['observe']")" false
exits "veth: native on native" 0 fw attach eth0 --mode native
exits "veth: drv on native" 0 fw attach eth0 --mode drv
check "veth: whole" whole

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# An independent judge of classify: tshark reads the same captures, and must see
# the same flags in every packet. Over captures of our own, always; and over a
# folder of captures of real traffic, if it is there. Needs no root.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

REAL=${CAPTURES:-$TOP/../shared/captures}
# With tunnels looked into, and as our frames have their pseudowires.
printf 'include default\ninspect tunnels\n' >"$WORK/tunnels.policy"
COMPARE=("$TOP/tests/captures/compare" --tunnels "$WORK/tunnels.policy" -d "mpls.label==200,pwethcw")

if ! command -v tshark >/dev/null; then
	skip "tshark judges the captures" "tshark is not installed"
	exit 0
fi

# drops FILE: how many packets the default policy would drop.
drops() {
	"$FLAGWALL" classify -j "$1" >"$WORK/json" && field "$WORK/json" "d['dropped']"
}

# same WHAT FOLDER: tshark and we agree over all captures in it.
same() {
	exits "tshark sees the same in $1" 0 "${COMPARE[@]}" "$2"
	grep -E "^explained|disagreements, " "$WORK/stdout" | sed 's/^/# /'
	check "$1: none was left out" grep -q "^$(find "$2" -name '*.pcap*' | wc -l) captures, .* 0 not compared" \
		"$WORK/stdout"
	check "$1: nothing else is to be said" test "$(grep -c 'packet [0-9]* (' "$WORK/stdout")" = 0
}

# --- our own
"$BUILD/tests/unit/dump_frames" "$WORK/base.pcap" "$WORK/table.tsv"
mkdir "$WORK/captures"
"$PYTHON" "$TOP/tests/captures/make_captures.py" "$WORK/base.pcap" "$WORK/captures"
mkdir "$WORK/own"
for name in ethernet.pcap sll2.pcap raw.pcap null-le.pcap loop.pcapng mixed.pcapng mixed.pcapng.gz; do
	ln "$WORK/captures/$name" "$WORK/own"
done
same "captures of our own" "$WORK/own"

# --- the judge itself: it must see a tool that errs by one bit
cat >"$WORK/liar" <<-'LIAR'
	#!/bin/sh
	"$HONEST" "$@" | sed 's/"value":16,/"value":18,/'
LIAR
chmod +x "$WORK/liar"
exits "a tool that takes ACK for SYN/ACK" 1 env HONEST="$FLAGWALL" FLAGWALL="$WORK/liar" \
	"${COMPARE[@]}" "$WORK/captures/raw.pcap"
exits "nothing to compare" 2 "${COMPARE[@]}" "$WORK/nosuch.pcap"

# --- other people's
if [ ! -d "$REAL" ]; then
	skip "tshark sees the same in captures of real traffic" "no folder $REAL (CAPTURES names another)"
	exit 0
fi
same "captures of real traffic" "$REAL"
for file in "$REAL"/b-*; do
	equal "nothing that is legal is dropped: ${file##*/}" "$(drops "$file")" 0
done
file=$REAL/a-zeek-fin_retransmission.pcap
if [ -e "$file" ]; then
	"$FLAGWALL" classify -j --frames all "$file" >"$WORK/json"
	equal "of the iPhone's connection, the bare FIN is dropped, and that alone" \
		"$(field "$WORK/json" "[(f['number'], f['flags'], f['pattern']) for f in d['frames']
			if f['action'] == 'drop']") $(field "$WORK/json" "d['dropped']")" \
		'[[2, "FIN", "fin-no-ack"]] 1'
fi

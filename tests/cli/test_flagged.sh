#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# classify --write-flagged: tshark reads what was written, and must find the flagged
# packets as they were, with what we say of them; and nothing is ever half there.
#
# shellcheck disable=SC2016

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

OUT=$WORK/out/flagged.pcapng
mkdir "$WORK/out" "$WORK/captures"
"$BUILD/tests/unit/dump_frames" "$WORK/base.pcap" "$WORK/table.tsv"
"$PYTHON" "$TOP/tests/captures/make_captures.py" "$WORK/base.pcap" "$WORK/captures"
MIXED=$WORK/captures/mixed.pcapng
ETHERNET=$WORK/captures/ethernet.pcap

# packets FILE: what tshark has of each packet: time, lengths, link type, the hash of its
# bytes, and its comment.
packets() {
	tshark -n -r "$1" -o ip.defragment:FALSE -o ipv6.defragment:FALSE -o frame.generate_md5_hash:TRUE \
		-T fields -e frame.time_epoch -e frame.cap_len -e frame.len -e frame.encap_type \
		-e frame.md5_hash -e frame.comment 2>/dev/null
}

# flagged: numbers of the flagged packets of $WORK/stdout, and what is said of them.
flagged() {
	field "$WORK/stdout" "'\n'.join('%d\t%s: %s%s' % (f['number'], f['pattern'] or f['reason'],
		f['action'], ', passes by an exception' if f['excepted'] else '') for f in d['frames'])"
}

if ! command -v tshark >/dev/null; then
	skip "tshark reads what was written" "tshark is not installed"
	exit 0
fi
for file in "$ETHERNET" "$MIXED" "$WORK/captures/mixed.pcapng.gz" "$WORK/captures/nano-big-endian.pcap" \
	"$WORK/captures/null-be.pcap" "$WORK/captures/sll2.pcapng" "$WORK/captures/obsolete.pcapng"; do
	name=${file##*/}
	source=${file%.gz}
	exits "$name" 0 "$FLAGWALL" classify -j --frames flagged -w "$OUT" "$file"
	flagged >"$WORK/expected"
	check "$name: some are flagged" test "$(wc -l <"$WORK/expected")" -gt 10
	packets "$OUT" >"$WORK/packets"
	check "$name: each with its pattern and action as its comment" \
		diff <(cut -f 2 "$WORK/expected") <(cut -f 6 "$WORK/packets")
	check "$name: time, lengths, link type and bytes are what they were" diff \
		<(packets "$source" | awk 'NR == FNR { want[$1]; next } FNR in want' "$WORK/expected" - | cut -f 1-5) \
		<(cut -f 1-5 "$WORK/packets")
done
equal "nobody else may read it" "$(stat -c '%a %F' "$OUT")" "600 regular file"
equal "nothing else is left beside it" "$(ls "$WORK/out")" flagged.pcapng

exits "of two captures" 0 "$FLAGWALL" classify -j --frames flagged -w "$OUT" "$MIXED" "$ETHERNET"
equal "those of both are in it" "$(packets "$OUT" | wc -l)" \
	"$(field "$WORK/stdout" "sum(len(f['frames']) for f in d['files'])")"
exits "what was written is a capture" 0 "$FLAGWALL" classify -j "$OUT"
in_json "and everything in it is flagged again" \
	"sum(r['packets'] for r in d['patterns'] + d['reasons'] if r['action'] == 'pass')" 0
cat >"$WORK/all.policy" <<-'POLICY'
	pattern everything any pass
POLICY
exits "nothing is flagged" 0 "$FLAGWALL" classify -p "$WORK/all.policy" -w "$OUT" "$WORK/captures/simple.pcapng"
exits "an empty capture is one too" 0 tshark -n -r "$OUT"
head -c 20000 "$ETHERNET" >"$WORK/cut.pcap"
exits "of a damaged capture" 2 "$FLAGWALL" classify -j --frames flagged -w "$OUT" "$WORK/cut.pcap"
equal "what stood before the damage is in it" "$(packets "$OUT" | wc -l)" "$(flagged | wc -l)"

# --- without standard output, the file must not be taken for it
"$FLAGWALL" classify -w "$WORK/open" "$ETHERNET" >/dev/null
refused "without standard output" 2 "standard output" -- \
	bash -c '"$1" classify --frames all -w "$2" "$3" >&-' - "$FLAGWALL" "$WORK/closed" "$ETHERNET"
check "without standard output: nothing that was to be printed is in the file" \
	cmp "$WORK/closed" "$WORK/open"

# --- what is refused, and leaves everything as it was
cp "$OUT" "$WORK/before"
cp "$ETHERNET" "$WORK/in.pcap"
ln "$WORK/in.pcap" "$WORK/hard"
ln -s "$WORK/in.pcap" "$WORK/soft"
for out in "$WORK/in.pcap" "$WORK/hard" "$WORK/soft" "$WORK/out/../in.pcap"; do
	refused "over what is read: ${out##*/}" 1 "$out" -- "$FLAGWALL" classify -w "$out" "$MIXED" "$WORK/in.pcap"
done
refused "over what is read by standard input" 1 "$WORK/in.pcap" -- \
	bash -c '"$1" classify -w "$2" - <"$2"' - "$FLAGWALL" "$WORK/in.pcap"
check "what is read is as it was" cmp "$ETHERNET" "$WORK/in.pcap"
mkfifo "$WORK/fifo"
for out in /dev/null "$WORK/out" "$WORK/fifo"; do
	refused "into ${out##*/}" 2 "$out" "regular file" -- "$FLAGWALL" classify -w "$out" "$ETHERNET"
done
refused "into a folder that is not there" 2 "$WORK/nosuch/out" "No such file" -- \
	"$FLAGWALL" classify -w "$WORK/nosuch/out" "$ETHERNET"

# --- killed in the middle of it: what runs in the background does not get SIGINT by default
for signal in KILL TERM INT PIPE; do
	env --default-signal "$FLAGWALL" classify -w "$OUT" "$WORK/fifo" >/dev/null 2>&1 &
	reader=$!
	exec 9>"$WORK/fifo"
	head -c 500000 "$ETHERNET" >&9
	sleep 0.2
	kill -$signal $reader
	wait $reader 2>/dev/null
	exec 9>&-
	check "killed by $signal: the old one is whole" cmp "$OUT" "$WORK/before"
	equal "killed by $signal: nothing is left" "$(ls "$WORK/out")" flagged.pcapng
done

# --- disks
if [ "$(id -u)" -ne 0 ]; then
	skip "a full disk" "making one takes root"
	exit 0
fi
mkdir "$WORK/disk"
mount -t tmpfs -o size=40k tmpfs "$WORK/disk"
at_exit umount "$WORK/disk"
cp "$WORK/before" "$WORK/disk/old"
for out in "$WORK/disk/old" "$WORK/disk/new"; do
	exits "a full disk" 2 "$FLAGWALL" classify -w "$out" "$ETHERNET"
	check "a full disk: one sentence" sentence "$out" "No space left"
	check "a full disk: what was read is reported all the same" grep -q "^all packets" "$WORK/stdout"
	equal "a full disk: nothing is left" "$(ls "$WORK/disk")" old
	check "a full disk: the old one is whole" cmp "$WORK/disk/old" "$WORK/before"
done
mount -o remount,ro "$WORK/disk"
refused "a disk that only reads" 2 "$WORK/disk/old" "Read-only" -- "$FLAGWALL" classify -w "$WORK/disk/old" "$ETHERNET"

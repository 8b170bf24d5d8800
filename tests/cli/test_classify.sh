#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# classify as its users meet it: files that cannot be read, pipes, disks that are
# full, and what it writes.
#
# shellcheck disable=SC2016

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"
# shellcheck source=tests/lib/warm.sh
. "$TOP/tests/lib/warm.sh"

# pcap LINKTYPE FLAGS...: raw segments from 10.0.0.N to 192.0.2.1, N from 1, one a
# second, as Ethernet frames (1) or as they are (101 and others).
pcap() {
	"$PYTHON" -c 'import struct, sys
link, flags = int(sys.argv[1]), [int(f, 16) for f in sys.argv[2:]]
out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, link)
for n, f in enumerate(flags, 1):
    tcp = struct.pack(">HHIIBBHHH", 1000 + n, 80, 1, 1, 0x50 | f >> 8, f & 255, 512, 0, 0)
    ip = struct.pack(">BBHHHBBH4B4B", 0x45, 0, 40, n, 0, 64, 6, 0, 10, 0, 0, n, 192, 0, 2, 1) + tcp
    frame = (bytes(12) + b"\x08\x00" + ip).ljust(60, b"\0") if link == 1 else ip
    out += struct.pack("<IIII", 1700000000 + n, 250000, len(frame), len(frame)) + frame
sys.stdout.buffer.write(out)' "$@"
}

# of NAME [MEMBER]: packets (or another member) of a pattern or reason, as last printed.
of() {
	field "$WORK/stdout" "[r['${2:-packets}'] for r in d['patterns'] + d['reasons'] if r['name'] == '$1'][0]"
}

classify() {
	"$FLAGWALL" classify "$@"
}

warm_up
chmod 755 "$WORK"
pcap 1 02 12 03 10 29 03 >"$WORK/small.pcap"
"$BUILD/tests/unit/dump_frames" "$WORK/base.pcap" "$WORK/table.tsv"
mkdir "$WORK/captures"
"$PYTHON" "$TOP/tests/captures/make_captures.py" "$WORK/base.pcap" "$WORK/captures"

# --- command lines
options=(--json --by --match --policy --frames --write-flagged)
refused "no file" 1 FILE -- classify
refused "unknown option" 1 --frob "${options[@]}" -- classify --frob "$WORK/small.pcap"
refused "--by bogus" 1 "'bogus'" pattern flags reason -- classify --by bogus "$WORK/small.pcap"
refused "--match bogus" 1 syn fin ack -- classify --match bogus "$WORK/small.pcap"
refused "--match and --by" 1 --match --by -- classify --match syn --by flags "$WORK/small.pcap"
refused "--frames bogus" 1 "'bogus'" flagged all -- classify --frames bogus "$WORK/small.pcap"
refused "--policy nosuch" 2 nosuch -- classify --policy nosuch "$WORK/small.pcap"
for out in "" -; do
	refused "--write-flagged '$out'" 1 "'$out'" -- classify -w "$out" "$WORK/small.pcap"
done
refused "usage before the file" 1 "'bogus'" -- classify --by bogus "$WORK/nosuch"
refused "standard input is a terminal" 1 terminal -- \
	bash -c 'script -qec "$1 classify - 2>$2/said" /dev/null; code=$?; cat "$2/said" >&2; exit $code' - \
	"$FLAGWALL" "$WORK"

# --- files that are none
printf 'GET / HTTP/1.0\r\n\r\n' >"$WORK/junk"
: >"$WORK/empty"
printf '\x1f\x8b' >"$WORK/stub.gz"
head -c 100000 /dev/urandom | gzip >"$WORK/random.gz"
refused "no such file" 2 "$WORK/nosuch" "No such file" -- classify "$WORK/nosuch"
refused "a folder" 2 "$WORK" directory -- classify "$WORK"
refused "an empty file" 2 "$WORK/empty" -- classify "$WORK/empty"
refused "junk" 2 "$WORK/junk" pcap "47 45 54 20" -- classify "$WORK/junk"
refused "two bytes of gzip" 2 "$WORK/stub.gz" gzip -- classify "$WORK/stub.gz"
refused "junk in gzip" 2 "$WORK/random.gz" pcap -- classify "$WORK/random.gz"
refused "junk, as JSON" 2 "$WORK/junk" -- classify -j "$WORK/junk"
refused "empty standard input" 2 "standard input" -- bash -c '"$1" classify - </dev/null' - "$FLAGWALL"
refused "closed standard input" 2 "standard input" -- bash -c '"$1" classify - <&-' - "$FLAGWALL"
name=$WORK/$'bad\nname\033[31m'
cp "$WORK/junk" "$name"
refused "a name that would speak to the terminal" 2 "bad?name?[31m" -- classify "$name"
pcap 1 02 >"$name"
exits "such a name, and a capture" 0 classify "$name"
check "it stays one line" grep -q 'bad?name?\[31m' "$WORK/stdout"

# --- without any right
cp "$WORK/small.pcap" "$WORK/secret.pcap"
chmod 600 "$WORK/secret.pcap"
chmod 644 "$WORK/small.pcap"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all)
if [ "$(id -u)" -eq 0 ]; then
	refused "somebody else's file" 2 "$WORK/secret.pcap" "Permission denied" -- \
		"${nobody[@]}" "$FLAGWALL" classify "$WORK/secret.pcap"
	exits "nobody may classify" 0 "${nobody[@]}" "$FLAGWALL" classify -j "$WORK/small.pcap"
	in_json "nobody sees all" "d['packets']" 6
else
	chmod 000 "$WORK/secret.pcap"
	refused "a file that may not be read" 2 "$WORK/secret.pcap" "Permission denied" -- \
		classify "$WORK/secret.pcap"
fi
if can_trace; then
	calls bpf "$FLAGWALL" classify "$WORK/small.pcap"
	equal "the kernel is not asked for BPF" "$(wc -l <"$WORK/calls")" 0
else
	skip "the kernel is not asked for BPF" "this process may not trace"
fi

# --- what it says
exits "a capture" 0 classify -j "$WORK/small.pcap"
silent "a capture"
in_json "its sums" "[d['packets'], d['bytes'], d['dropped'], d['excepted']]" "[6, 360, 3, 0]"
in_json "its words" "[d['file'].split('/')[-1], d['format'], d['policy'], d['observe'], d['damage']]" \
	'["small.pcap", "pcap", "default", false, null]'
in_json "its times" "[d['first_packet'], d['latest_packet']]" \
	'["2023-11-14T22:13:21Z", "2023-11-14T22:13:26Z"]'
in_json "its flags" "[(f['flags'], f['packets'], f['action']) for f in d['flags']]" \
	'[["SYN", 1, "pass"], ["SYN,FIN", 2, "drop"], ["ACK", 1, "pass"], ["SYN,ACK", 1, "pass"], ["FIN,PSH,URG", 1, "drop"]]'
exits "--match" 0 classify -j --match syn,!ack "$WORK/small.pcap"
in_json "what it holds" "[d['match']['packets'], [f['flags'] for f in d['match']['flags']]]" \
	'[3, ["SYN", "SYN,FIN"]]'
exits "--frames flagged" 0 classify -j --frames flagged "$WORK/small.pcap"
in_json "those, and who sent them" \
	"[(f['number'], f['pattern'], f['source'], f['source_port'], f['destination']) for f in d['frames']]" \
	'[[3, "syn-fin", "10.0.0.3", 1003, "192.0.2.1"], [5, "xmas", "10.0.0.5", 1005, "192.0.2.1"], [6, "syn-fin", "10.0.0.6", 1006, "192.0.2.1"]]'
exits "--frames with --match" 0 classify -j --frames all --match syn,ack "$WORK/small.pcap"
in_json "those alone" "[f['number'] for f in d['frames']]" "[2]"
exits "--frames, none of them" 0 classify -j --frames all --match rst "$WORK/small.pcap"
in_json "an empty list" "d['frames']" "[]"
exits "--frames as text" 0 classify --frames flagged "$WORK/small.pcap"
equal "a line each" "$(grep -cE '^[356] .*10\.0\.0\.[356]:100[356] > 192\.0\.2\.1:80 ' "$WORK/stdout")" 3
for by in pattern flags reason; do
	exits "--by $by" 0 classify --by "$by" "$WORK/small.pcap"
	check "--by $by: all packets" grep -qE '^all packets +6 +360 +3$' "$WORK/stdout"
done
cat >"$WORK/except.policy" <<-'POLICY'
	include default
	except from 10.0.0.3 syn-fin
	except to 192.0.2.0/24 xmas
POLICY
exits "a policy with exceptions" 0 classify -j -p "$WORK/except.policy" --frames flagged "$WORK/small.pcap"
in_json "they hold" "[d['dropped'], d['excepted'], [f['excepted'] for f in d['frames']]]" \
	"[1, 2, [true, true, false]]"

# --- several, and one of them bad
exits "two files" 0 classify -j "$WORK/small.pcap" "$WORK/captures/mixed.pcapng.gz"
in_json "an array of them" "[(f['packets'], f['format']) for f in d['files']]" '[[6, "pcap"], [960, "pcapng"]]'
exits "one of them is none" 2 classify -j "$WORK/junk" "$WORK/small.pcap"
check "one of them is none: one sentence" sentence "$WORK/junk"
in_json "the other is there" "[f['packets'] for f in d['files']]" "[6]"

# --- pipes
exits "from a pipe" 0 bash -c 'cat "$2" | "$1" classify -j -' - "$FLAGWALL" "$WORK/small.pcap"
in_json "from a pipe: all" "[d['packets'], d['file']]" '[6, "-"]'
exits "from a pipe, byte by byte" 0 bash -c '
	"$3" -c "import sys, time
for byte in open(sys.argv[1], \"rb\").read():
    sys.stdout.buffer.write(bytes([byte])); sys.stdout.buffer.flush()" "$2" | "$1" classify -j -' - \
	"$FLAGWALL" "$WORK/small.pcap" "$PYTHON"
in_json "byte by byte: all" "d['packets']" 6
exits "from a packed pipe" 0 bash -c 'gzip <"$2" | "$1" classify -j -' - "$FLAGWALL" "$WORK/small.pcap"
in_json "packed: all" "d['packets']" 6
exits "by tcpdump" 0 bash -c 'tcpdump -r "$2" -w - 2>/dev/null | "$1" classify -j -' - "$FLAGWALL" "$WORK/small.pcap"
in_json "by tcpdump: all" "d['packets']" 6
# Ctrl-C reaches both ends: what the writer still has is read.
mkfifo "$WORK/fifo"
env --default-signal "$FLAGWALL" classify -j - <"$WORK/fifo" >"$WORK/stdout" &
reader=$!
exec 9>"$WORK/fifo"
head -c 100 "$WORK/small.pcap" >&9
sleep 0.2
kill -INT $reader
sleep 0.2
tail -c +101 "$WORK/small.pcap" >&9
exec 9>&-
wait $reader
equal "interrupted before the end of a pipe (exit code)" $? 0
in_json "interrupted: all" "d['packets']" 6

# --- damage
cut=$TOP/tests/captures/cut_capture.py
mapfile -t ends < <(seq 24 76 $((24 + 6 * 76)))
check "cut at every byte: what is whole is reported, and where it ends" \
	"$PYTHON" "$cut" "$FLAGWALL" "$WORK/small.pcap" "$WORK" "${ends[@]}"
small=$WORK/captures/small.pcapng
"$PYTHON" - "$WORK/captures/mixed.pcapng" "$small" <<'PYTHON'
# The first 30 blocks without the large one: both kinds of interfaces and packets.
import struct, sys
data, at, out = open(sys.argv[1], "rb").read(), 0, b""
for _ in range(30):
    length = struct.unpack_from("<I", data, at + 4)[0]
    if length < 1000:
        out += data[at:at + length]
    at += length
open(sys.argv[2], "wb").write(out)
PYTHON
check "pcapng, cut at every byte: one sentence, and never fewer packets" \
	"$PYTHON" "$cut" "$FLAGWALL" "$small" "$WORK"
head -c 300 "$WORK/small.pcap" >"$WORK/cut.pcap"
exits "a damaged capture" 2 classify "$WORK/cut.pcap"
check "a damaged capture: where" sentence "$WORK/cut.pcap" "252" "packet 3"
check "a damaged capture: what was read" grep -qE '^all packets +3 +180 +1$' "$WORK/stdout"
(cat "$WORK/small.pcap"; printf '\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377') >"$WORK/wild.pcap"
exits "a length that cannot be" 2 classify -j "$WORK/wild.pcap"
in_json "a length that cannot be: where" "[d['packets'], d['damage']['offset'], d['damage']['after_packet']]" "[6, 480, 6]"
gzip -c "$WORK/captures/ethernet.pcap" | head -c 20000 >"$WORK/cut.gz"
exits "damaged gzip" 2 classify -j "$WORK/cut.gz"
check "damaged gzip: what was read" test "$(field "$WORK/stdout" "d['packets']")" -gt 100

# --- link types that are not followed
pcap 127 02 03 >"$WORK/radio.pcap"
exits "nothing that could be judged" 2 classify -j "$WORK/radio.pcap"
in_json "it is counted" "[d['packets'], d['not_judged']]" \
	'[0, [{"link_type": 127, "packets": 2, "bytes": 80}]]'
"$PYTHON" - "$WORK/two.pcapng" <<'PYTHON'
import struct, sys
def block(kind, body):
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))
out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
for link in (101, 147):
    out += block(1, struct.pack("<HHI", link, 0, 0))
for interface in (0, 1, 1):
    out += block(6, struct.pack("<IIIII", interface, 0, 0, 4, 40) + b"\x45\0\0\0")
open(sys.argv[1], "wb").write(out)
PYTHON
exits "some that could" 0 classify -j --frames all "$WORK/two.pcapng"
in_json "both are counted, and whose fault it is" \
	"[d['packets'], d['cut'], [(r['link_type'], r['packets']) for r in d['not_judged']], [f['reason'] for f in d['frames']]]" \
	'[1, 1, [[147, 2]], ["truncated", null, null]]'

# --- output that goes nowhere
refused "to a full disk" 2 "No space left" -- bash -c '"$1" classify "$2" >/dev/full' - "$FLAGWALL" "$WORK/small.pcap"
refused "JSON to a full disk" 2 "No space left" -- \
	bash -c '"$1" classify -j "$2" >/dev/full' - "$FLAGWALL" "$WORK/small.pcap"
refused "to nowhere" 2 "standard output" -- bash -c '"$1" classify "$2" >&-' - "$FLAGWALL" "$WORK/small.pcap"
refused "to a reader that is gone" 2 "Broken pipe" -- bash -c 'trap "" PIPE
	"$1" classify --frames all -j "$2" | true; exit "${PIPESTATUS[0]}"' - "$FLAGWALL" "$WORK/captures/ethernet.pcap"
exits "a capture without end, to a reader that is gone" 2 bash -c 'trap "" PIPE
	{ head -c 24 "$2"; cat /dev/zero; } 2>/dev/null | timeout 60 "$1" classify --frames all - | head -n 1 >/dev/null
	exit "${PIPESTATUS[1]}"' - "$FLAGWALL" "$WORK/small.pcap"

# --- a long reading
printf '\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0' >"$WORK/long.pcap"
truncate -s $((24 + (80 << 20))) "$WORK/long.pcap"
if can_trace; then
	slow=(strace -qq -o /dev/null -e trace=read -e inject=read:delay_exit=4000)
	script -qec "$(printf '%q ' "${slow[@]}" "$FLAGWALL" classify "$WORK/long.pcap")" /dev/null >"$WORK/tty" 2>&1
	check "on a terminal it shows how far it is" grep -qE '\[#+ *\] +[0-9]+ %' "$WORK/tty"
	exits "not on a terminal" 0 "${slow[@]}" "$FLAGWALL" classify "$WORK/long.pcap"
	silent "not on a terminal"
else
	skip "on a terminal it shows how far it is" "this process may not trace"
fi

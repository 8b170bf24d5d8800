#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""state_causes.py FLAGGED.pcapng WIRE: why the segments of a capture, as flagwall writes
them, came when they did. WIRE is what the wire says of each segment (wire.c).

Prints how many of each flags had which cause: "late" is what the wire held back or sent
again, or says the same as such a one, as its sender was asked once more; "answer" is a
reset by whom a segment of this host reached too late: the wire held it back, or this host
sent it again, as it or its acknowledgement was lost, or acknowledged what came late. Where
the machine is slow senders send again by themselves: "again", and "crossed" is a reset that
answers any segment of this host. What has no cause is "unknown".
"""
import collections
import struct
import sys

NAMES = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")


class Segment:
    """From its addresses, and what wire.c prints of its TCP header."""

    def __init__(self, data):
        self.bytes = data
        size = (len(data) - 14) // 2
        self.source, self.destination = data[:size], data[size:2 * size]
        self.ports = data[-14:-12], data[-12:-10]
        self.number, self.acknowledged = data[-10:-6], data[-6:-2]
        self.control = data[-1]

    def numbers(self):
        """Its own, and that behind its FIN."""
        yield self.number
        if self.control & 1:
            yield struct.pack(">I", (struct.unpack(">I", self.number)[0] + 1) & 0xFFFFFFFF)

    def flags(self):
        return ",".join(name for bit, name in enumerate(NAMES) if self.control >> bit & 1)


def packets(path):
    """The bytes of each packet of a capture."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("=II", data, at)
        if kind == 6:
            captured = struct.unpack_from("=I", data, at + 20)[0]
            yield data[at + 28:at + 28 + captured]
        at += length


def segment(frame):
    four = frame[12:14] == b"\x08\x00"
    return Segment(frame[26:34] + frame[34:48] if four else frame[22:54] + frame[54:68])


def main(flagged, wire):
    with open(wire, encoding="ascii") as file:
        lines = file.read().split()
    seen = collections.Counter(line[1:] for line in lines)
    bad = [Segment(bytes.fromhex(line[1:])) for line in lines if line[0] == "x"]
    late = {one.bytes for one in bad}
    answers = {(one.destination, one.source, *one.ports[::-1], one.acknowledged) for one in bad}
    answers |= {(one.source, one.destination, *one.ports, number) for one in bad for number in one.numbers()}
    sent = {(one.destination, one.source, *one.ports[::-1], one.acknowledged)
            for one in map(Segment, map(bytes.fromhex, seen))}
    causes = collections.Counter()
    for frame in packets(flagged):
        one = segment(frame)
        if one.bytes in late:
            cause = "late"
        elif one.flags() == "RST" and (one.source, one.destination, *one.ports, one.number) in answers:
            cause = "answer"
        elif seen[one.bytes.hex()] > 1:
            cause = "again"
        elif one.flags() == "RST" and (one.source, one.destination, *one.ports, one.number) in sent:
            cause = "crossed"
        else:
            cause = "unknown"
            print("unknown: " + frame[:80].hex(), file=sys.stderr)
        causes[cause + " " + one.flags()] += 1
    print(", ".join("%s %d" % item for item in sorted(causes.items())) or "-")


main(*sys.argv[1:])

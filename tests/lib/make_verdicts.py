#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""make_verdicts.py COMMON LAYERS FRAGMENTS

Writes three captures of frames from $PEER_MAC to $HOST_MAC: COMMON, all 512 values of the
flags in shapes that every hook and every rule can see; LAYERS, what only some can: tags and
other headers before IP, long chains behind it, and what has no flags; FRAGMENTS, datagrams
in pieces, some of which overlap or are missing.
"""
import logging
import os
import struct
import sys

logging.getLogger("scapy").setLevel(logging.ERROR)

from scapy.layers.inet import IP, TCP, UDP, Ether, IPOption_NOP  # noqa: E402
from scapy.layers.inet6 import IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment  # noqa: E402
from scapy.layers.inet6 import IPv6ExtHdrHopByHop, PadN  # noqa: E402
from scapy.layers.l2 import ARP, Dot1AD, Dot1Q  # noqa: E402
from scapy.packet import Raw  # noqa: E402

link = Ether(src=os.environ["PEER_MAC"], dst=os.environ["HOST_MAC"])


def four(**fields):
    return IP(src=os.environ["PEER4"], dst=os.environ["HOST4"], **fields)


def six(**fields):
    return IPv6(src=os.environ["PEER6"], dst=os.environ["HOST6"], **fields)


def values(shape, flags):
    """A frame that ends with TCP and its data, with each of these flags. Nobody asks for
    the checksum before the segment is delivered."""
    data = bytes(shape[TCP].payload)
    frame = bytearray(bytes(shape))
    at = len(frame) - len(data) - len(shape[TCP]) + len(data) + 12
    for value in flags:
        frame[at] = frame[at] & 0xFE | value >> 8
        frame[at + 1] = value & 0xFF
        yield bytes(frame)


def common():
    tcp = TCP(sport=40000, dport=9)
    for shape in (
        link / four() / tcp,
        link / six() / tcp / b"data",
        link / four(options=[IPOption_NOP()] * 4) / TCP(sport=40000, dport=9, reserved=5) / b"x",
        link / six() / IPv6ExtHdrDestOpt(options=[PadN(optdata=b"1234")]) / tcp,
    ):
        yield from values(shape, range(512))
    yield bytes(link / four() / UDP(dport=9) / b"x")
    yield bytes(link / six() / UDP(dport=9) / b"x")


def layers():
    pad = [PadN(optdata=b"\0" * 4)]
    long = IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\0" * 250)] * 5)
    tcp = TCP(sport=40000, dport=9)
    flags = (0, 1, 2, 3, 6, 0x29, 0x12, 0x10, 0x3F)
    for shape in (
        link / Dot1Q(vlan=7) / four(), link / Dot1AD(vlan=7) / Dot1Q(vlan=8) / six(),
        link / Dot1Q(vlan=1) / Dot1Q(vlan=2) / Dot1Q(vlan=3) / Dot1Q(vlan=4) / four(),
        link / Dot1Q(vlan=1) / Dot1Q(vlan=2) / Dot1Q(vlan=3) / Dot1Q(vlan=4) / Dot1Q(vlan=5) / four(),
        link / six() / IPv6ExtHdrHopByHop(options=pad) / IPv6ExtHdrDestOpt(options=pad),
        link / six() / long,
    ):
        yield from values(shape / tcp / (b"x" * 60), flags)
    for inside in (
        four() / UDP(dport=9) / b"x", Raw(b"\x08\x00"), four(proto=6) / Raw(b"\0" * 10), six(nh=59),
        four(version=5) / tcp, four(proto=6) / Raw(bytes(tcp)[:13]), four() / TCP(dataofs=4),
        ARP(psrc=os.environ["PEER4"], pdst=os.environ["HOST4"]),
    ):
        yield bytes(link / inside)
    yield bytes(Ether(src=link.src, dst=link.dst, type=0x88B5) / Raw(b"nothing"))


def pieces(family, number, flags, size, data=b"y" * 40):
    whole = bytes((four(proto=6) if family == 4 else six()) / TCP(sport=1, dport=9, flags=flags) / data)
    whole = whole[20 if family == 4 else 40:]
    return [piece(family, number, at, at + size < len(whole), whole[at:at + size])
            for at in range(0, len(whole), size)]


def piece(family, number, at, more, data):
    if family == 4:
        return bytes(link / four(proto=6, id=number, frag=at // 8, flags="MF" if more else 0) / Raw(data))
    return bytes(link / six() / IPv6ExtHdrFragment(nh=6, id=number, offset=at // 8, m=int(more)) / Raw(data))


def fragments():
    number = 0
    for family in (4, 6):
        for flags in (0, 1, 2, 3, 6, 0x29, 0x12, 0x10, 0x18, 0x3F):
            for size in (8, 16, 24):
                number += 1
                cut = pieces(family, number, flags, size)
                yield from cut if flags & 1 else reversed(cut)
        number += 1
        yield from pieces(family, number, 2, 24)[:-1]  # never whole
        number += 1
        first, second, third = pieces(family, number, 2, 24)
        yield from (first, piece(family, number, 8, True, b"\3" * 24), second, third)  # overlapping


for path, source in zip(sys.argv[1:], (common, layers, fragments)):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for frame in source():
            file.write(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)

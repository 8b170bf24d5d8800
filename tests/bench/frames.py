# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Frames to measure with, from the bytes of each header, with right checksums."""

import struct

ACK, SYN_FIN = 0x10, 0x03
GEN_MAC, DUT_MAC = bytes.fromhex("020000000101"), bytes.fromhex("020000000202")
GEN, DUT, ELSEWHERE = (10, 99, 0, 1), (10, 99, 0, 2), (10, 98, 0, 9)
CLOSED, OTHER = 8080, 80  # ports; xdp-filter's rule is about the first one


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def tcp(flags, port, pseudo):
    header = struct.pack(">HHIIBBHHH", 4242, port, 1, 1, 0x50, flags, 512, 0, 0)
    return header[:16] + struct.pack(">H", checksum(pseudo + header)) + header[18:]


def ethernet(tags, ethertype, packet):
    types = [*tags, ethertype]
    link = DUT_MAC + GEN_MAC + struct.pack(">H", types[0])
    for number, following in enumerate(types[1:], 1):
        link += struct.pack(">HH", number, following)
    return (link + packet).ljust(60, b"\0")


def ipv4(flags, port=CLOSED, to=DUT, tags=()):
    addresses = bytes(GEN) + bytes(to)
    segment = tcp(flags, port, addresses + struct.pack(">HH", 6, 20))
    header = struct.pack(">BBHHHBBH", 0x45, 0, 40, 1, 0, 64, 6, 0) + addresses
    header = header[:10] + struct.pack(">H", checksum(header)) + header[12:]
    return ethernet(tags, 0x0800, header + segment)


def ipv6(flags, port=CLOSED, tags=(), extensions=()):
    """@extensions: protocol numbers; each header takes 8 bytes."""
    addresses = bytes.fromhex("fd99" + "0" * 27 + "1" + "fd99" + "0" * 27 + "2")
    segment = tcp(flags, port, addresses + struct.pack(">IHH", 20, 0, 6))
    kinds = [*extensions, 6]
    chain = b"".join(bytes([following, 0, 1, 4, 0, 0, 0, 0]) for following in kinds[1:])
    payload = chain + segment
    header = struct.pack(">IHBB", 6 << 28, len(payload), kinds[0], 64) + addresses
    return ethernet(tags, 0x86DD, header + payload)


def udp():
    header = struct.pack(">BBHHHBBH", 0x45, 0, 28, 1, 0, 64, 17, 0) + bytes(GEN) + bytes(DUT)
    return ethernet((), 0x0800, header + struct.pack(">HHHH", 4242, 53, 8, 0))


PLAIN = [
    ("IPv4, ACK", ipv4(ACK, OTHER)),
    ("IPv4, SYN FIN", ipv4(SYN_FIN)),
    ("IPv6, ACK", ipv6(ACK, OTHER)),
    ("IPv6, SYN FIN", ipv6(SYN_FIN)),
]
TAGGED = [
    ("IPv6, two tags, two extension headers, ACK", ipv6(ACK, OTHER, (0x88A8, 0x8100), (0, 43))),
    ("IPv6, two tags, two extension headers, SYN FIN", ipv6(SYN_FIN, CLOSED, (0x88A8, 0x8100), (0, 43))),
]
REST = [
    ("IPv4, 802.1Q, ACK", ipv4(ACK, OTHER, tags=(0x8100,))),
    ("IPv4, UDP", udp()),
    ("ARP", ethernet((), 0x0806, bytes(28))),
]

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The packets of one pcap file in every format and link type that we read.

usage: make_captures.py BASE.pcap FOLDER

BASE is what dump_frames writes: Ethernet, microseconds, little endian. FOLDER
gets the captures, and an index: a line for each with its name, the precision of
its times in nanoseconds (0: none), and the numbers of the packets of BASE that
are in it, in order; 0 stands for one that its link type makes no IP of.
"""

import gzip
import os
import struct
import sys

MICRO, NANO = 0xA1B2C3D4, 0xA1B23C4D
IPV4, IPV6 = b"\x08\x00", b"\x86\xdd"
SECTION, INTERFACE, OBSOLETE, SIMPLE, NAMES, STATISTICS, PACKET = (
    0x0A0D0D0A, 1, 2, 3, 4, 5, 6,
)  # fmt: skip


def read_base(path):
    """[(seconds, microseconds, frame, its length on the wire)], at times of our own."""
    packets = []
    with open(path, "rb") as base:
        data = base.read()
    at = 24
    while at < len(data):
        captured, length = struct.unpack_from("<II", data, at + 8)
        number = len(packets) + 1
        frame = data[at + 16 : at + 16 + captured]
        packets.append((1700000000 + number, number * 991 % 10**6, frame, length))
        at += 16 + captured
    return packets


# --- link types: from an Ethernet frame to another, or None if it has no place there


def raw(frame):
    """By its version alone: frames that lie about it are others there."""
    if frame[12:14] not in (IPV4, IPV6) or len(frame) == 14:
        return None
    return frame[14:] if (frame[14] >> 4 == 6) == (frame[12:14] == IPV6) else None


def only(kind):
    return lambda frame: frame[14:] if frame[12:14] == kind and len(frame) > 14 else None


def cooked_type(frame):
    """Instead of a length, the number of 802.2."""
    return frame[12:14] if frame[12:14] > b"\x05\xdc" else b"\x00\x04"


def cooked(frame):
    return struct.pack(">HHH8s", 0, 1, 6, frame[6:12]) + cooked_type(frame) + frame[14:]


def cooked2(frame):
    return cooked_type(frame) + struct.pack(">HIHBB8s", 0, 2, 1, 0, 6, frame[6:12]) + frame[14:]


def loopback(order, family6):
    def make(frame):
        families = {IPV4: 2, IPV6: family6}
        family = families.get(frame[12:14], 7)  # 7: OSI, which is not followed
        return struct.pack(order + "I", family) + frame[14:]

    return make


LINKS = {
    "ethernet": (1, lambda frame: frame),
    "raw": (101, raw),
    "raw-bsd": (12, raw),
    "raw-openbsd": (14, raw),
    "ipv4": (228, only(IPV4)),
    "ipv6": (229, only(IPV6)),
    "sll": (113, cooked),
    "sll2": (276, cooked2),
    "null-le": (0, loopback("<", 24)),
    "null-be": (0, loopback(">", 28)),
    "null-darwin": (0, loopback("<", 30)),
    "loop": (108, loopback(">", 24)),
}


def convert(packets, link):
    """[(number in BASE, link type, seconds, microseconds, frame, length)]"""
    link_type, make = LINKS[link]
    for number, (seconds, micro, frame, length) in enumerate(packets, 1):
        made = make(frame)
        if link.startswith(("null", "loop")) and frame[12:14] not in (IPV4, IPV6):
            number = 0
        if made is not None:
            yield number, link_type, seconds, micro, made, length - len(frame) + len(made)


# --- formats


def pcap(packets, order="<", magic=MICRO):
    link_type = packets[0][1]
    data = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link_type)]
    for _, _, seconds, micro, frame, length in packets:
        fraction = micro * 1000 + 7 if magic == NANO else micro
        data.append(struct.pack(order + "IIII", seconds, fraction, len(frame), length) + frame)
    return b"".join(data)


def padded(data):
    return data + bytes(-len(data) % 4)


def block(order, kind, body):
    length = 12 + len(body)
    return struct.pack(order + "II", kind, length) + body + struct.pack(order + "I", length)


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + padded(value)


def section(order):
    body = struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)
    return block(order, SECTION, body + option(order, 1, b"a section") + option(order, 0, b""))


def interface(order, link_type, resolution=None, offset=None, snap=0):
    body = struct.pack(order + "HHI", link_type, 0, snap)
    body += option(order, 2, b"name0")
    if resolution is not None:
        body += option(order, 9, bytes([resolution]))
    if offset is not None:
        body += option(order, 14, struct.pack(order + "q", offset))
    return block(order, INTERFACE, body + option(order, 0, b""))


def units(seconds, micro, resolution=6, offset=0):
    if resolution & 0x80:
        return (seconds - offset << (resolution & 0x7F)) + (micro << (resolution & 0x7F)) // 10**6
    return (seconds - offset) * 10**resolution + micro * 10**resolution // 10**6


def enhanced(order, index, stamp, frame, length):
    body = struct.pack(order + "IIIII", index, stamp >> 32, stamp & 0xFFFFFFFF, len(frame), length)
    body += padded(frame) + option(order, 2, struct.pack(order + "I", 1)) + option(order, 0, b"")
    return block(order, PACKET, body)


def obsolete(order, index, stamp, frame, length):
    body = struct.pack(
        order + "HHIIII", index, 3, stamp >> 32, stamp & 0xFFFFFFFF, len(frame), length
    )
    return block(order, OBSOLETE, body + padded(frame))


def simple(order, frame, length):
    return block(order, SIMPLE, struct.pack(order + "I", length) + padded(frame))


def pcapng(packets, order, make=enhanced):
    data = [section(order), interface(order, packets[0][1])]
    for _, _, seconds, micro, frame, length in packets:
        data.append(make(order, 0, units(seconds, micro), frame, length))
    return b"".join(data)


def pcapng_simple(packets, order):
    data = [section(order), interface(order, packets[0][1])]
    data += [simple(order, frame, length) for _, _, _, _, frame, length in packets]
    return b"".join(data)


def noise(order):
    """Blocks that are not for us, and one that nobody knows."""
    return (
        block(order, NAMES, option(order, 0, b""))
        + block(order, STATISTICS, struct.pack(order + "III", 0, 0, 0) + option(order, 0, b""))
        + block(order, 0x80000BAD, bytes(100000))
    )


def mixed(lists):
    """Sections in both byte orders, each with an interface for every list."""
    clocks = [(None, None), (9, None), (3, 1000), (0x80 | 20, None), (6, -5), (12, 1700000000)]
    data, numbers = [], []
    for order in "<>":
        data.append(section(order))
        for index, packets in enumerate(lists):
            resolution, offset = clocks[index % len(clocks)]
            data.append(interface(order, packets[0][1], resolution, offset))
        data.append(noise(order))
        for position in range(40):
            for index, packets in enumerate(lists):
                number, _, seconds, micro, frame, length = packets[position * 7 % len(packets)]
                resolution, offset = clocks[index % len(clocks)]
                stamp = units(seconds, micro, 6 if resolution is None else resolution, offset or 0)
                data.append(enhanced(order, index, stamp, frame, length))
                numbers.append(number)
    return b"".join(data), numbers


def main():
    base, folder = sys.argv[1:]
    packets = read_base(base)
    lists = {link: list(convert(packets, link)) for link in LINKS}
    index = []

    def write(name, data, precision, numbers):
        with open(os.path.join(folder, name), "wb") as out:
            out.write(data)
        index.append(f"{name}\t{precision}\t{','.join(map(str, numbers))}\n")

    for link, made in lists.items():
        numbers = [packet[0] for packet in made]
        write(f"{link}.pcap", pcap(made), 1000, numbers)
        write(f"{link}.pcapng", pcapng(made, "<"), 1000, numbers)
    ethernet = lists["ethernet"]
    numbers = [packet[0] for packet in ethernet]
    write("big-endian.pcap", pcap(ethernet, ">"), 1000, numbers)
    write("nano.pcap", pcap(ethernet, "<", NANO), 1000, numbers)
    write("nano-big-endian.pcap", pcap(ethernet, ">", NANO), 1000, numbers)
    write("big-endian.pcapng", pcapng(ethernet, ">"), 1000, numbers)
    write("obsolete.pcapng", pcapng(ethernet, "<", obsolete), 1000, numbers)
    write("ethernet.pcap.gz", gzip.compress(pcap(ethernet)), 1000, numbers)
    # A simple block does not say how much of a packet was kept.
    whole = [packet for packet in ethernet if len(packet[4]) == packet[5]]
    write("simple.pcapng", pcapng_simple(whole, "<"), 0, [packet[0] for packet in whole])
    data, numbers = mixed([lists[link] for link in LINKS])
    write("mixed.pcapng", data, 10**6, numbers)
    half = len(data) // 2
    packed = gzip.compress(data[:half]) + gzip.compress(data[half:]) + bytes(512)
    write("mixed.pcapng.gz", packed, 10**6, numbers)
    with open(os.path.join(folder, "index"), "w", encoding="ascii") as out:
        out.writelines(index)


if __name__ == "__main__":
    main()

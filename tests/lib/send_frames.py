#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""send_frames.py INTERFACE [COUNT FRAME]...
   send_frames.py INTERFACE -

Sends exactly the frames that are asked for, in this order, and prints how many
they were. With -, every line of standard input is such a list, as a JSON array,
and is answered at once. A FRAME is an expression over scapy and what is
below, from $PEER_MAC, $PEER4 and $PEER6 to $HOST_MAC, $HOST4 and $HOST6. For
example: 3 'ip/TCP(flags="SF")'.
"""
import json
import logging
import os
import socket
import sys
import time

logging.getLogger("scapy").setLevel(logging.ERROR)

# Parts of scapy: all of it takes a second to load.
from scapy.layers.inet import ICMP, IP, TCP, UDP, Ether, IPOption_NOP  # noqa: E402, F401
from scapy.layers.inet6 import IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment  # noqa: E402, F401
from scapy.layers.inet6 import IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PadN  # noqa: E402, F401
from scapy.layers.l2 import ARP, GRE, Dot1AD, Dot1Q  # noqa: E402, F401
from scapy.packet import Padding, Raw  # noqa: E402, F401

link = Ether(src=os.environ["PEER_MAC"], dst=os.environ["HOST_MAC"])
ip = link / IP(src=os.environ["PEER4"], dst=os.environ["HOST4"])
ip6 = link / IPv6(src=os.environ["PEER6"], dst=os.environ["HOST6"])


def v4(**fields):
    """ip with these fields."""
    return link / IP(src=os.environ["PEER4"], dst=os.environ["HOST4"], **fields)


def v6(**fields):
    """ip6 with these fields."""
    return link / IPv6(src=os.environ["PEER6"], dst=os.environ["HOST6"], **fields)


def tcp(flags, **fields):
    """The segment that all tricks are about; flags as letters or as a number."""
    return TCP(sport=1000, dport=9, seq=1, ack=2, flags=flags, **fields)


def header(following, size=8, claims=None):
    """An extension header without a meaning: its length in 8 bytes, less one."""
    units = (claims or size) // 8 - 1
    return Raw(bytes([following, units, 1, 4]) + bytes(size - 4))


def ah(following, size=24, claims=None):
    """An authentication header: its length in 4 bytes, less two."""
    units = (claims or size) // 4 - 2
    return Raw(bytes([following, units]) + b"\0\0" + b"\1" * (size - 4))


def fragment(following, offset=0, more=0, **fields):
    """An IPv6 fragment header in front of anything."""
    return IPv6ExtHdrFragment(nh=following, offset=offset, m=more, id=7, **fields)


def send(out, requests):
    frames = []
    for count, frame in zip(requests[::2], requests[1::2]):
        frames += [bytes(eval(frame))] * int(count)
    for number, frame in enumerate(frames, 1):
        out.send(frame)
        if number % 64 == 0:  # a veth holds 256
            time.sleep(0.002)
    print(len(frames), flush=True)


def main(interface, requests):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((interface, 0))
        if requests == ["-"]:
            for line in sys.stdin:
                send(out, json.loads(line))
        else:
            send(out, requests)


main(sys.argv[1], sys.argv[2:])

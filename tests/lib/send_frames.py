#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""send_frames.py INTERFACE [COUNT FRAME]...

Sends exactly the frames that are asked for, in this order, and prints how many
they were. A FRAME is an expression over scapy and these beginnings of one:
link, ip and ip6, from $PEER_MAC, $PEER4 and $PEER6 to $HOST_MAC, $HOST4 and
$HOST6. For example: 3 'ip/TCP(flags="SF")'.
"""
import os
import socket
import sys
import time

# Parts of scapy: all of it takes a second to load.
from scapy.layers.inet import ICMP, IP, TCP, UDP, Ether  # noqa: F401
from scapy.layers.inet6 import IPv6  # noqa: F401
from scapy.layers.l2 import ARP, GRE, Dot1Q  # noqa: F401
from scapy.packet import Padding, Raw  # noqa: F401

link = Ether(src=os.environ["PEER_MAC"], dst=os.environ["HOST_MAC"])
ip = link / IP(src=os.environ["PEER4"], dst=os.environ["HOST4"])
ip6 = link / IPv6(src=os.environ["PEER6"], dst=os.environ["HOST6"])


def main(interface, requests):
    frames = []
    for count, frame in zip(requests[::2], requests[1::2]):
        frames += [bytes(eval(frame))] * int(count)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((interface, 0))
        for number, frame in enumerate(frames, 1):
            out.send(frame)
            if number % 64 == 0:  # a veth holds 256
                time.sleep(0.002)
    print(len(frames))


main(sys.argv[1], sys.argv[2:])

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a FRAME of send_frames.py is: an expression over scapy and what is below, from
$PEER_MAC, $PEER4 and $PEER6 to $HOST_MAC, $HOST4 and $HOST6.
"""
import functools
import logging
import os

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


@functools.lru_cache(maxsize=None)
def made(text):
    """The bytes of the frame; tests send the same ones again and again."""
    return bytes(eval(text))

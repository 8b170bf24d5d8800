#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""replay.py INTERFACE SENT CAPTURE...

Sends every frame of captures of Ethernet, as if from $PEER_MAC to $HOST_MAC, and writes
what was sent to the capture SENT. Prints how many frames that were. What is no
frame for this interface (too long, no Ethernet header) is left out.
"""
import logging
import os
import socket
import struct
import sys

logging.getLogger("scapy").setLevel(logging.ERROR)

from scapy.utils import RawPcapReader  # noqa: E402

ETHERNET = 1
ADDRESSES = bytes.fromhex((os.environ["HOST_MAC"] + os.environ["PEER_MAC"]).replace(":", ""))


def frames(path):
    """All frames of a capture, if they are of Ethernet."""
    reader = RawPcapReader(path)
    for data, meta in reader:
        # Of pcap it is the file's, of pcapng each interface's.
        link = getattr(meta, "linktype", getattr(reader, "linktype", None))
        if link == ETHERNET and len(data) >= 14:
            yield ADDRESSES + data[12:]


def main(interface, sent, *captures):
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    out.bind((interface, 0))
    count = 0
    with open(sent, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, ETHERNET))
        for capture in captures:
            for frame in frames(capture):
                try:
                    out.send(frame)
                except OSError:
                    continue
                file.write(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)
                count += 1
    print(count)


main(*sys.argv[1:])

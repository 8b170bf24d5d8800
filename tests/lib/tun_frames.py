#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""tun_frames.py KIND ATTACH...: a tun or tap device, with 'flagwall ATTACH... IFACE' run on it, and
five packets of TCP with SYN/FIN that arrive there. KIND is tun, tap or segments: on a tap five frames
that each are to be cut into 40 segments, as guests send them. Prints the counters as JSON. EVENTS=FILE: a
listener writes them there."""

import fcntl
import os
import struct
import subprocess
import sys

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 1, 2, 0x1000, 0x4000
SEGMENTS, SIZE = 40, 1448

kind, attach = sys.argv[1], sys.argv[2:]
tap = os.open("/dev/net/tun", os.O_RDWR)
flags = (IFF_TUN if kind == "tun" else IFF_TAP) | IFF_NO_PI | (IFF_VNET_HDR if kind == "segments" else 0)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"fwtun0", flags))
subprocess.run(["ip", "link", "set", "fwtun0", "up"], check=True)
if kind != "tun":
    subprocess.run(["ip", "link", "set", "fwtun0", "address", "02:66:00:00:00:09"], check=True)
flagwall = os.environ["FLAGWALL"]
attached = subprocess.run([flagwall, *attach, "fwtun0"], stdout=subprocess.DEVNULL)
if attached.returncode:
    sys.exit(attached.returncode)

hook = [word for i, word in enumerate(attach) if i and attach[i - 1] == "--hook"] or ["xdp"]
listener = None
if "EVENTS" in os.environ:
    listener = subprocess.Popen([flagwall, "events", "--count", "5", "-w", os.environ["EVENTS"], "--hook", hook[0], "fwtun0"],
                                stderr=subprocess.PIPE, text=True)
    while "listening" not in listener.stderr.readline():
        pass
payload = bytes(SEGMENTS * SIZE) if kind == "segments" else b"data"


def header(checksum):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 1, 0, 64, 6, checksum, bytes([8, 0, 0, 1]), bytes([10, 9, 0, 2]))


# Netfilter sees no packets whose checksum is wrong.
words = sum(struct.unpack("!10H", header(0)))
frame = header(~(words + (words >> 16)) & 0xffff) + struct.pack("!HHIIHHHH", 1, 9, 0, 0, 0x5003, 0, 0, 0) + payload
if kind != "tun":
    frame = bytes.fromhex("02660000000902660000000108 00") + frame
if kind == "segments":
    # flags: needs a checksum; type: TCP over IPv4; headers of 54 bytes; the checksum 16 bytes into TCP
    frame = struct.pack("<BBHHHH", 1, 1, 54, SIZE, 34, 16) + frame
for _ in range(5):
    os.write(tap, frame)
if listener:
    listener.wait(timeout=10)
subprocess.run([flagwall, "counters", "-j", "--samples", "--by", "flags", "--hook", hook[0], "fwtun0"], check=True)
subprocess.run([flagwall, "detach", "fwtun0"], check=True, stdout=subprocess.DEVNULL)

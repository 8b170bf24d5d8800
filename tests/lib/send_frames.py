#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""send_frames.py INTERFACE [COUNT FRAME]...

Sends exactly the frames that are asked for, in this order, and prints how many
they were. A FRAME is an expression, see frame.py. For example: 3 'ip/TCP(flags="SF")'.
"""
import socket
import sys
import time

from frame import made


def main(interface, requests):
    frames = []
    for count, frame in zip(requests[::2], requests[1::2]):
        frames += [made(frame)] * int(count)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((interface, 0))
        for number, frame in enumerate(frames, 1):
            out.send(frame)
            if number % 64 == 0:  # a veth holds 256
                time.sleep(0.002)
    print(len(frames))


main(sys.argv[1], sys.argv[2:])

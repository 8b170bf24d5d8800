#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Cuts a capture at every byte, and asks classify what is left.

usage: cut_capture.py FLAGWALL CAPTURE WORK END...

Each END is where a packet, or what stands before the first, is complete: there
the capture may end without damage if it is pcap. For pcapng none is given: then
there must never be fewer packets than in a shorter piece. Every piece must be
reported as far as it is whole, with the place of the damage, in one sentence, and
with exit code 2. Prints what is wrong.
"""

import json
import subprocess
import sys


def problem(flagwall, path, length, ends, before):
    """(what is wrong or None, how many packets there are)"""
    done = subprocess.run(
        [flagwall, "classify", "-j", path], capture_output=True, encoding="utf-8", check=False
    )
    document = json.loads(done.stdout) if done.stdout else None
    packets = document["packets"] if document else 0
    sentences = done.stderr.count("\n")
    damage = document and document["damage"]
    if done.returncode not in (0, 2) or sentences != (done.returncode == 2):
        return f"exit code {done.returncode}, {sentences} sentences", packets
    if damage and not (damage["offset"] <= length and damage["after_packet"] == packets):
        return f"damage {damage}", packets
    if not ends:
        return None if packets >= before else f"{packets} packets after {before}", packets
    complete = [end for end in ends if end <= length]
    if packets != max(len(complete) - 1, 0):
        return f"{packets} packets", packets
    if (done.returncode == 0) != (length in ends):
        return f"exit code {done.returncode}", packets
    if damage and damage["offset"] != complete[-1]:
        return f"damage at {damage['offset']}", packets
    return None, packets


def main():
    flagwall, capture, work = sys.argv[1:4]
    ends = [int(end) for end in sys.argv[4:]]
    path = work + "/cut"
    wrong = packets = 0
    with open(capture, "rb") as whole:
        data = whole.read()
    for length in range(1, len(data) + 1):
        with open(path, "wb") as piece:
            piece.write(data[:length])
        found, packets = problem(flagwall, path, length, ends, packets)
        if found:
            wrong += 1
            print(f"cut at {length}: {found}")
    print(f"{len(data)} pieces, {packets} packets in the last")
    return 1 if wrong or not packets else 0


if __name__ == "__main__":
    sys.exit(main())

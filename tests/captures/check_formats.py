#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Is every packet the same in every format and link type?

usage: check_formats.py FLAGWALL FOLDER TABLE POLICY

FOLDER is what make_captures.py made, TABLE what dump_frames says that each packet
is if tunnels are looked into, and POLICY one that does. Speaks TAP: one test for each capture, and one for its totals.
"""

import collections
import datetime
import json
import os
import subprocess
import sys


def read_table(path):
    """Number -> (reason, the nine flags, reserved, payload)"""
    table = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            number, _, _, bits, outcome, data = line.rstrip("\n").split("\t")
            bits = int(bits, 16)
            signature = (None, bits & 0x1FF, bool(bits & 0xE00), data == "1")
            table[int(number)] = (
                signature if outcome == "signature" else (outcome, None, None, None)
            )
    return table


def classify(flagwall, path, policy):
    done = subprocess.run(
        [flagwall, "classify", "-j", "--frames", "all", "--policy", policy, path],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return json.loads(done.stdout)


def seen(frame):
    return frame["reason"], frame["value"], frame["reserved"], frame["data"]


def nanoseconds(text):
    """Of the time of a packet, after the time that make_captures.py begins with."""
    whole, fraction = text.rstrip("Z").split(".")
    moment = datetime.datetime.strptime(whole + "+0000", "%Y-%m-%dT%H:%M:%S%z")
    return (int(moment.timestamp()) - 1700000000) * 10**9 + int(fraction)


def is_timely(frame, number, precision):
    if not precision:
        return frame["time"] is None
    if not number:
        return True
    expected = number * 10**9 + number * 991 % 10**6 * 1000
    return abs(nanoseconds(frame["time"]) - expected) < precision


def problems(document, numbers, precision, table):
    frames = document["frames"]
    if len(frames) != len(numbers):
        yield f"{len(frames)} packets, and {len(numbers)} are in it"
    for frame, number in zip(frames, numbers):
        want = table[number] if number else ("not-ip", None, None, None)
        if seen(frame) != want:
            yield f"packet {frame['number']} ({number} of all): {seen(frame)}, not {want}"
        if not is_timely(frame, number, precision):
            yield f"packet {frame['number']} ({number} of all): time {frame['time']}"


def total_problems(document):
    """The counters are the sums of the packets."""
    names = collections.Counter(frame["pattern"] or frame["reason"] for frame in document["frames"])
    sizes = collections.Counter()
    for frame in document["frames"]:
        sizes[frame["pattern"] or frame["reason"]] += frame["length"]
    for row in document["patterns"] + document["reasons"]:
        if (row["packets"], row["bytes"]) != (names[row["name"]], sizes[row["name"]]):
            yield f"{row}: {names[row['name']]} packets, {sizes[row['name']]} bytes listed"
    if document["packets"] != len(document["frames"]):
        yield f"{document['packets']} packets counted, {len(document['frames'])} listed"


def main():
    flagwall, folder, table, policy = sys.argv[1:]
    table = read_table(table)
    tests = failed = 0

    def result(name, found):
        nonlocal tests, failed
        found = list(found)
        tests += 1
        failed += bool(found)
        print(f"{'not ok' if found else 'ok'} {tests} - {name}")
        for line in found[:10]:
            print(f"# {line}")

    with open(os.path.join(folder, "index"), encoding="ascii") as index:
        captures = [line.rstrip("\n").split("\t") for line in index]
    for name, precision, numbers in captures:
        numbers = [int(number) for number in numbers.split(",")]
        document = classify(flagwall, os.path.join(folder, name), policy)
        result(
            f"{name}: {len(numbers)} packets, each judged as it is",
            problems(document, numbers, int(precision), table),
        )
        result(f"{name}: the counters are their sums", total_problems(document))
    print(f"1..{tests}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

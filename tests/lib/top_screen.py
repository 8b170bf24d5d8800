#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""top_screen.py: 'flagwall top' in a terminal: its rows and its keys.

Prints a line for everything it saw, as watch_screen.py does. For test_top.sh, whose hosts it uses: the
filter there has flagged nothing since this began.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from terminal import Terminal  # noqa: E402

FLAGWALL, HOST, PEER, HOST4, PEER4 = (os.environ[name] for name in ("FLAGWALL", "HOST", "PEER", "HOST4", "PEER4"))
LEAVES = b"\x1b[?1049l"  # the screen that was there before


def saw(what, got, expected):
    print(what, json.dumps(got), json.dumps(expected), sep="\t", flush=True)


def hping(count, *options):
    subprocess.run(["nsenter", f"--net=/run/netns/{PEER}", "hping3", "-q", "-c", str(count), "-i", "u2000", *options, HOST4],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def rings():
    return sum(files.count("events") for _, _, files in os.walk("/sys/fs/bpf/flagwall"))


def rows(lines):
    """[origin, packets, error, share, patterns] of each row, and of all: their packets."""
    found = []
    for line in lines:
        row = re.match(r"(\S+) +(\d+) +(exact|[\d.]+%) +([\d.]+%) +\S+ +(.*)", line)
        if row:
            found.append(list(row.groups()))
        row = re.match(r"all flagged +(\d+)", line)
        if row:
            found.append([row[1]])
    return found


def shows(what, terminal, expected):
    terminal.until(lambda lines: rows(lines) == expected)
    saw(what, rows(terminal.lines()), expected)


def begin(**environment):
    t = Terminal([FLAGWALL, "top", "--netns", HOST, "--interval", "0.2", "eth0"], 110, 30, **environment)
    t.until(lambda lines: any(line.startswith("all flagged") for line in lines))
    return t


def main():
    t = begin()
    hping(3, "-S", "-F")
    hping(1, "-F", "-P", "-U")
    hping(6, "-S", "-F", "-a", "192.0.2.66")
    shows("addresses", t, [["192.0.2.66", "6", "exact", "60.0%", "syn-fin"],
                           [PEER4, "4", "exact", "40.0%", "syn-fin 75%, xmas 25%"], ["10"]])
    t.press("p")
    shows("key p: each pattern", t, [["192.0.2.66", "6", "exact", "60.0%", "syn-fin"], [PEER4, "3", "exact", "30.0%", "syn-fin"],
                                     [PEER4, "1", "exact", "10.0%", "xmas"], ["10"]])
    t.press("pm")
    shows("key m: MAC addresses", t, [[os.environ["PEER_MAC"], "10", "exact", "100.0%", "syn-fin 90%, xmas 10%"], ["10"]])
    t.press("v")
    shows("key v: VLANs", t, [["(none)", "10", "exact", "100.0%", "syn-fin 90%, xmas 10%"], ["10"]])
    t.press("as")
    t.until(lambda lines: "by rate" in lines[0])
    saw("key s: sorted by rate", "sorted by rate" in t.lines()[0], True)
    t.press("s ")
    t.until(lambda lines: "PAUSED" in lines[0])
    before = rows(t.lines())
    hping(2, "-S", "-F")
    t.read(0.6)
    saw("paused: nothing moves", rows(t.lines()), before)
    t.press(" ")
    t.until(lambda lines: rows(lines)[-1:] == [["12"]])
    saw("but was counted", rows(t.lines())[-1:], [["12"]])
    t.press("c")
    shows("key c: anew", t, [["0"]])
    hping(2, "-S", "-F")
    shows("and counts", t, [[PEER4, "2", "exact", "100.0%", "syn-fin"], ["2"]])
    t.resize(60, 12)
    t.until(lambda lines: lines[11].startswith("q quit"))
    saw("another size: keys in the last line", t.lines()[11][:6], "q quit")
    t.press("q")
    saw("q: exit code", list(t.end()), [0, None])
    saw("q: no ring", rings(), 0)
    t = begin(TERM="xterm")
    t.signal(signal.SIGTERM)
    end = time.monotonic() + 10
    while LEAVES not in t.raw and time.monotonic() < end:
        t.read(0.05)
    saw("SIGTERM: ends it, the terminal is left, and no ring is", [list(t.end()), LEAVES in t.raw, rings()],
        [[None, signal.SIGTERM], True, 0])
    t = begin()
    subprocess.run([FLAGWALL, "detach", "--netns", HOST, "eth0"], check=True, stdout=subprocess.DEVNULL)
    saw("a filter that goes ends it", list(t.end()), [2, None])


main()

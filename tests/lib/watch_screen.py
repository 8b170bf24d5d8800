#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""watch_screen.py: 'flagwall watch' in a terminal, scanned, resized, stopped and killed.

Prints a line for everything it saw: what, what the screen (or the terminal) had, what it should have
had; with tabs between. Numbers are those that 'flagwall counters -j' has. For test_watch.sh, whose
hosts it uses.
"""

import json
import os
import re
import signal
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.dirname(__file__))
from terminal import Terminal  # noqa: E402

TC = os.environ["TC"] == "1"  # there is a filter at tc-egress too
FLAGWALL, HOST, PEER, HOST4 = (os.environ[name] for name in ("FLAGWALL", "HOST", "PEER", "HOST4"))
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*3[0-7](?:;\d+)*m")
LEAVES = b"\x1b[?1049l"  # the screen that was there before
ROW = re.compile(r"^(\S.*?) +(pass|count|\(?drop\)?|) +(-|[\d.]+) +(\d+) +(\d+)(?: (.*))?$")


def saw(what, got, expected):
    print(what, json.dumps(got), json.dumps(expected), sep="\t", flush=True)


def inside(namespace, *command):
    subprocess.run(["nsenter", f"--net=/run/netns/{namespace}", *command], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)


def flagwall(verb, *arguments):
    done = subprocess.run([FLAGWALL, verb, "--netns", HOST, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True)
    return done.stdout


def scan(*options):
    inside(PEER, "nmap", "-n", "-Pn", "-T5", "--max-retries", "0", "--initial-rtt-timeout", "100ms",
           "--max-rtt-timeout", "100ms", "-p", "1-20", *options, HOST4)


def watch(columns=100, lines=45, arguments=(), **environment):
    return Terminal([FLAGWALL, "watch", "--netns", HOST, "--interval", "0.2", *arguments], columns, lines,
                    **environment)


def rows(lines, title="eth0 xdp"):
    """{name: (packets, dropped)} of the table below @title, in its order; of rows that have packets."""
    found = {}
    for line in below(lines, title):
        row = ROW.match(line)
        if row and int(row[4]):
            found[row[1]] = [int(row[4]), int(row[5])]
    return found


def lives(lines):
    """{name: packets} of the life of connections at xdp, parts too."""
    found = [ROW.match(line.strip()) for line in below(lines, "eth0 xdp")]
    return {row[1]: int(row[4]) for row in found if row and int(row[4]) and row[1] not in ("others", "all packets")}


def below(lines, title):
    """The lines of the table below @title."""
    start = next((i for i, line in enumerate(lines) if line.startswith(title)), len(lines))
    table = lines[start + 1:]
    return table[:table.index("")] if "" in table else table


def counted(view, hook="xdp"):
    """The same of 'counters -j'."""
    counters = json.loads(flagwall("counters", "eth0", "--hook", hook, "-j"))
    found = {}
    for row in counters[view]:
        name = f"{row['state']:9} {row['flags']}" if view == "states" else row.get("name") or row["flags"] + (" +reserved" if row["reserved"] else "") + \
            (" +data" if row["data"] else "")
        if row["packets"]:
            found[name] = [row["packets"], row["dropped"]]
    found["all packets"] = [counters["packets"], counters["dropped"]]
    rest = [sum(row[member] for row in counters["patterns" if view == "reasons" else "reasons"])
            for member in ("packets", "dropped")]
    if view == "states":
        rest = [counters[member] - sum(row[member] for row in counters["states"]) for member in ("packets", "dropped")]
    if rest[0]:
        found[{"reasons": "with flags", "states": "not looked up"}.get(view, "no signature")] = rest
    return found


def settles(what, terminal, view, hook="xdp"):
    """What is on the screen becomes what counters have."""
    if hook != "xdp" and not TC:
        return
    expected = counted(view, hook)
    terminal.until(lambda lines: rows(lines, f"eth0 {hook}") == expected)
    saw(what, dict(sorted(rows(terminal.lines(), f"eth0 {hook}").items())), dict(sorted(expected.items())))


def numbers_and_keys():
    t = watch()
    t.until(lambda lines: any(line.startswith("eth0 tc-egress" if TC else "eth0 xdp") for line in lines))
    scan("--scanflags", "SYNFIN")
    scan("-sX")
    scan("-sA")
    inside(PEER, "ping", "-q", "-c", "3", "-i", "0.01", HOST4)
    settles("patterns and their numbers", t, "patterns")
    settles("those of another hook of the same interface", t, "patterns", "tc-egress")
    bars = [ROW.match(line) for line in below(t.lines(), "eth0 xdp") if line.startswith("syn-fin")]
    saw("the last minute has bars", bool(bars and re.search("[▁▂▃▄▅▆▇█]", bars[0][6] or "")), True)
    rate = t.until(lambda lines: [m[3] for m in map(ROW.match, lines) if m and m[1] == "syn-fin" and m[3] == "0"])
    saw("the rate ends with the scan", rate, ["0"])
    saw("in colour", bool(COLOUR.search(t.raw)), True)
    t.press("f")
    settles("key f: exact flags", t, "flags")
    t.press("r")
    settles("key r: reasons", t, "reasons")
    t.press("t")
    settles("key t: states of connections", t, "states")
    t.press("l")
    expected = {name: number for name, number in json.loads(flagwall("counters", "eth0", "--hook", "xdp", "-j"))["life"].items()
                if number and name not in ("seconds", "ended_percent")}
    t.until(lambda lines: lives(lines) == expected)
    saw("key l: the life of connections", lives(t.lines()), expected)
    t.press("pss")  # by rate, by total, by dropped
    t.until(lambda lines: "dropped" in lines[0])
    shown = [value[1] for name, value in rows(t.lines()).items() if name not in ("no signature", "all packets")]
    saw("key s: sorted by dropped", shown, sorted(shown, reverse=True))
    t.press("a")
    everything = t.until(lambda lines: [m[1] for m in map(ROW.match, below(lines, "eth0 xdp")) if m and m[1] == "rst"])
    saw("key a: rows without packets", everything, ["rst"])
    t.press("as ")
    t.until(lambda lines: "PAUSED" in lines[0])
    before = rows(t.lines())
    scan("--scanflags", "SYNFIN")
    t.read(0.6)
    saw("paused: nothing moves", rows(t.lines()), before)
    t.press(" ")
    settles("and goes on", t, "patterns")
    return t


def origins(t):
    """Key o: who sends it, and by whom it came."""
    def found(first):
        for line in t.lines():
            if line.startswith(first + " "):
                return line.split()[1:3]
        return []

    t.press("o")
    t.until(lambda lines: any(line.startswith("SOURCE") for line in lines))
    inside(PEER, "sh", "-c", f"hping3 -q -c 7 -i u2000 -S -F {HOST4}; true")  # nobody answers
    t.until(lambda lines: found("10.66.0.1") == ["7", "exact"])
    saw("key o: sources", found("10.66.0.1"), ["7", "exact"])
    t.press("o")
    t.until(lambda lines: any(line.startswith("MAC ") for line in lines))
    saw("once more: MAC addresses", found("02:66:00:00:00:01"), ["7", "exact"])
    t.press("o")
    t.until(lambda lines: any(line.startswith("VLAN") for line in lines))
    saw("once more: VLANs", found("(none)"), ["7", "exact"])
    t.press("o")
    t.until(lambda lines: not any(line.startswith("VLAN") for line in lines))
    saw("once more: none of them", [line for line in t.lines() if line.startswith(("VLAN", "all flagged"))], [])


def sizes(t):
    t.resize(50, 7)
    t.until(lambda lines: lines[6].startswith("q ") and lines[0].startswith("flagwall"))
    saw("small: keys in the last line, time in the first", [t.lines()[6][:6], t.lines()[0][:14]], ["q quit", "flagwall watch"])
    t.press("\x1b[4~")  # End, as TERM says
    t.until(lambda lines: lines[4].startswith("all packets") and not lines[1].startswith("eth0 xdp"))
    saw("scrolled to the end", [t.lines()[4].split()[:2], t.lines()[1].startswith("eth0 xdp")], [["all", "packets"], False])
    t.press("k")
    t.until(lambda lines: lines[5].startswith("all packets"))
    saw("a line up from there", t.lines()[5].split()[:2], ["all", "packets"])
    t.press("\x1b[1~")  # Home
    t.until(lambda lines: lines[1].startswith("eth0 xdp"))
    saw("and back", t.lines()[1][:8], "eth0 xdp")
    t.resize(1, 1)
    t.read(0.5)
    t.resize(160, 45)
    settles("large again", t, "patterns")


def changes(t):
    """Filters that are replaced, go and come while somebody watches."""
    flagwall("attach", "eth0", "--mode", "native")
    t.read(0.5)
    settles("replaced: the numbers go on", t, "patterns")
    flagwall("detach", "eth0", "--hook", "xdp")
    gone = t.until(lambda lines: [m[3] for m in map(ROW.match, below(lines, "eth0 xdp")) if m and m[1] == "all packets" and m[3] == "-"])
    saw("gone: no rate", gone, ["-"])
    settles("the other hook goes on", t, "patterns", "tc-egress")
    flagwall("attach", "eth0", "--mode", "generic")
    scan("-sN")
    settles("attached again: other numbers", t, "patterns")
    inside(HOST, "ip", "link", "add", "new0", "type", "veth", "peer", "name", "new1")
    flagwall("attach", "new0")
    came = t.until(lambda lines: [line[:8] for line in lines if line.startswith("new0 xdp")])
    saw("an interface that comes is shown", came, ["new0 xdp"])
    inside(HOST, "ip", "link", "del", "new0")
    went = t.until(lambda lines: [m[3] for m in map(ROW.match, below(lines, "new0 xdp")) if m and m[1] == "all packets" and m[3] == "-"])
    saw("one that is deleted is no end", went, ["-"])
    settles("and the others go on", t, "patterns")


def begin(shell=("sh", "-c", 'exec "$@"', "sh")):
    """A watch in a terminal that has a screen of its own for such programs, and how it was before."""
    t = Terminal(["sh", "-c", 'read line; exec "$@"', "sh", *shell, FLAGWALL, "watch", "--netns", HOST], TERM="xterm")
    before = termios.tcgetattr(t.process.child_fd)
    t.press("\n")
    t.until(lambda lines: lines[0].startswith("flagwall watch"))
    return t, before


def shows_all(lines):
    return lines[1][:8] == "eth0 xdp" and "all packets" in "".join(lines)


def reads_until(t, what, seconds=10):
    end = time.monotonic() + seconds
    while what not in t.raw and time.monotonic() < end:
        t.read(0.05)


def is_left(t):
    return t.raw.rfind(LEAVES) > t.raw.rfind(b"\x1b[?1049h") and t.raw.rfind(b"\x1b[?25h") > t.raw.rfind(b"\x1b[?25l")


def ends():
    """However it ends, the terminal is as it was."""
    for name, end, expected in (
            ("q", lambda t: t.press("q"), [0, None]),
            ("SIGTERM", lambda t: t.signal(signal.SIGTERM), [None, signal.SIGTERM]),
            ("SIGHUP", lambda t: t.signal(signal.SIGHUP), [None, signal.SIGHUP]),
            ("Ctrl-C", lambda t: t.press("\x03"), [None, signal.SIGINT]),
            ("Ctrl-\\", lambda t: t.press("\x1c"), [None, signal.SIGQUIT])):
        t, before = begin()
        saw(f"{name}: the terminal was changed", termios.tcgetattr(t.process.child_fd)[3] == before[3], False)
        end(t)
        reads_until(t, LEAVES)
        saw(f"{name}: and is as before, left, with a cursor",
            [termios.tcgetattr(t.process.child_fd)[:4] == before[:4], is_left(t)], [True, True])
        saw(f"{name}: exit code, signal", list(t.end()), expected)

    # Under a shell with jobs: nobody else could make it go on.
    t, before = begin(["bash", "-mc", '"$@"; read line; fg', "bash"])
    t.press("\x1a")
    reads_until(t, LEAVES)
    saw("Ctrl-Z: the terminal is as before, and left",
        [termios.tcgetattr(t.process.child_fd)[:4] == before[:4], is_left(t)], [True, True])
    t.screen.reset()
    t.press("\n")
    saw("fg: all is drawn again", t.until(shows_all), True)
    t.press("q")
    saw("and goes on to its end", list(t.end()), [0, None])
    t, _ = begin()
    t.process.close(force=False)  # the window is closed
    deadline = time.monotonic() + 10
    while t.process.isalive() and time.monotonic() < deadline:
        time.sleep(0.05)
    saw("without a terminal it ends", t.process.isalive(), False)


def others():
    """Terminals that can less, and people who want less."""
    t = watch(NO_COLOR="1")
    t.until(lambda lines: "all packets" in "".join(lines))
    saw("NO_COLOR: no colour", bool(COLOUR.search(t.raw)), False)
    t.press("q")
    t.end()
    t = watch(LANG="C")
    scan("-sX")
    bars = t.until(lambda lines: [m[6] for m in map(ROW.match, below(lines, "eth0 xdp")) if m and m[1] == "xmas" and m[6]])
    saw("no UTF-8: bars in ASCII", bool(bars) and bars[0].strip().isascii() and bars[0].strip() != "", True)
    t.press("q")
    t.end()
    for name, terminal in (("a terminal that only adds lines", "dumb"), ("an unknown one", "no-such-terminal")):
        t = watch(arguments=["--count", "1", "eth0"], TERM=terminal)
        code, _ = t.end()
        saw(f"{name}: lines", [code, b"\x1b" in t.raw, t.raw.count(b"all packets")], [0, False, 1 + TC])
    t = watch(arguments=["--count", "2"])
    saw("--count on the screen", list(t.end()), [0, None])


def main():
    t = numbers_and_keys()
    origins(t)
    sizes(t)
    changes(t)
    t.press("q")
    saw("q: exit code", list(t.end()), [0, None])
    ends()
    others()


main()

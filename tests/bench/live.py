# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Real frames through a real interface, beside every rival: a flood of SYN with FIN, and legal
traffic."""

import figures
import frames
import rivals

BASE = "XDP_DROP"
TWO = (BASE, "XDP_DROP and a counter", "flagwall", "small reference parser", "xdp-filter", "flagwall, generic",
       "flagwall, tc-ingress", "nft ingress, rules", "nft ingress, map", "nft prerouting, rules",
       "iptables-legacy raw", "conntrack INVALID", "nothing")
COLUMNS = ["", "min", "median", "max", "ratio to XDP_DROP", "ratio to nothing", "ns above nothing"]


def rows(cases):
    to_drop, to_nothing = figures.table(cases, BASE), figures.table(cases, "nothing")
    order = sorted(cases, key=lambda name: to_drop[name]["median"])
    return [[name, *(f"{to_drop[name][k]:.0f}" for k in ("min", "median", "max")), f"{to_drop[name]['ratio']:.2f}",
             f"{to_nothing[name]['ratio']:.3f}", f"{to_nothing[name]['above']:+.0f}"] for name in order]


def two_cores(field, quick):
    names = [name for name in (TWO[:7] if quick else TWO) if name in field.hosts]
    threads = {name: field.thread(name, 1) for name in names}
    count = 100000 if quick else 500000
    cases, rates = {name: [] for name in names}, {name: [] for name in names}
    for _ in range(3 if quick else 9):
        for name in names:
            ran, took, seconds = field.two_cores(name, threads[name], frames.ipv4(frames.SYN_FIN), count)
            cases[name].append(ran / max(took, 1))
            rates[name].append(took / seconds / 1e6)
    for name in names:
        field.unthread(name)
    table = figures.table(cases, BASE)
    order = sorted(names, key=lambda name: table[name]["median"])
    cells = [[n, *(f"{table[n][k]:.0f}" for k in ("min", "median", "max")), f"{table[n]['ratio']:.2f}",
              f"{1e3 / table[n]['median']:.2f}"] for n in order]
    return figures.section(
        "The flood, two processors", "The sender on one, a kernel thread that receives (threaded NAPI) on the other: "
        "nanoseconds that this thread ran for a frame it took, and how many million a second it could take alone. Other "
        "work on the machine disturbs this more than the rest: the sender's ring holds 256 frames.",
        ["", "min", "median", "max", "ratio to XDP_DROP", "million a second"], cells, "sudo make bench BENCH_PARTS=live",
        {"ns": cases, "rates": rates}, figures.lying(cases, "receiver.svg", "ns a packet, receiver alone"))


def measure(quick, field):
    rounds, count = (5, 60000) if quick else (15, 200000)
    field.flood(frames.ipv4(frames.ACK, to=frames.ELSEWHERE), 20000)  # warm
    illegal = field.flood(frames.ipv4(frames.SYN_FIN), count, rounds)
    answered = [name for name, resets in field.resets.items() if resets]
    legal = field.flood(frames.ipv4(frames.ACK, frames.OTHER, frames.ELSEWHERE), count, rounds)
    command = "sudo make bench BENCH_PARTS=live"
    yield figures.section(
        "A flood of SYN with FIN, one processor",
        "Nanoseconds of processor time a frame, sender and receiver together: XDP_DROP shows what the sender takes. All "
        "rounds of all filters interleaved. Resets were sent by: " + ", ".join(answered) + ".",
        COLUMNS, rows(illegal), command, illegal, figures.lying(illegal, "flood.svg"))
    yield figures.section(
        "Legal traffic, one processor",
        "The same with segments that have ACK alone, to an address that this host does not have: they go through the filter "
        "and the stack's receiving side, and end at routing. What is to be compared is XDP_PASS and `nothing`.",
        [*COLUMNS, "ratio to XDP_PASS", "least, to XDP_PASS"],
        [row + [f"{t['ratio']:.3f}", f"{t['ratio_min']:.3f}"] for row in rows(legal)
         for t in [figures.summary(legal[row[0]], legal["XDP_PASS"])]], command, legal, figures.lying(legal, "legal.svg"))
    yield two_cores(field, quick)


def rule_sets(field):
    """What was on each host, word for word."""
    for name, (_, words) in {**rivals.LIMITS, **rivals.OURS, **rivals.RIVALS}.items():
        yield name, field.refused.get(name) or words

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""How what a packet costs grows with what there is: anything but flat is explained in
docs/performance.md."""

import os
import subprocess
import threading
import time

import figures
import frames

import packet
import world

COMMAND = "sudo make bench BENCH_PARTS=growth"
BASE = "XDP_DROP"
DROP = {BASE: f"{world.LIMITS}@drop"}
LEGAL, ILLEGAL = "IPv4, ACK", "IPv4, SYN FIN"


def drawn(title, text, x, values, series, file, raw=None, log=False, y="ns a packet", digits=1):
    """@series: {name: [a number for each of @values]}."""
    rows = [[v, *(f"{s[i]:.{digits}f}" for s in series.values())] for i, v in enumerate(values)]
    chart = {"kind": "curves", "file": file, "x": x, "x_values": list(values), "y": y, "series": series, "log": log}
    return figures.section(title, text, [x, *series], rows, COMMAND, raw or series, chart)


def least(measured, frame, programs):
    return [min(measured[frame][program]) for program in programs]


def by_patterns(rounds):
    counts = (1, 8, 16, 32, 48, 64)
    chosen = {str(n): f"id:{packet.attached(f'n{n}', packet.patterns(n))}" for n in counts}
    measured, _, _ = packet.speed(DROP | chosen, frames.PLAIN[:2], rounds, 200000)
    return drawn("Patterns", "The least of all rounds, by BPF_PROG_TEST_RUN. A policy is a table by the time a packet "
                 "meets it.", "patterns", counts, {name: least(measured, name, chosen) for name, _ in frames.PLAIN[:2]},
                 "patterns.svg", measured)


def by_exceptions(rounds, most):
    counts = [n for n in (0, 1, 10, 100, 1000, 10000, 100000, 1000000) if n <= most]
    chosen, seconds = {}, []
    for count in counts:
        start = time.monotonic()
        chosen[str(count)] = f"id:{packet.attached(f'x{count}', packet.patterns(64) + packet.exceptions(count))}"
        seconds.append(time.monotonic() - start)
    measured, _, _ = packet.speed(DROP | chosen, frames.PLAIN[:2], rounds, 100000)
    yield drawn("Exceptions", "Only what is flagged is looked up: its addresses are read again, and both are sought in the "
                "trie. Nothing here is excepted, and the look-up ends where no prefix fits.", "exceptions", counts,
                {name: least(measured, name, chosen) for name, _ in frames.PLAIN[:2]}, "exceptions.svg", measured, True)
    yield drawn("Attaching with exceptions", "One run each: reading the policy, loading, filling the trie.", "exceptions",
                counts, {"seconds": seconds}, "exceptions-attach.svg", None, True, "seconds", 2)


def by_headers(rounds):
    ours = {"flagwall": f"id:{packet.attached('h-ours', None)}", "reference": f"{world.LIMITS}@reference"}
    tags = [(f"{n}", frames.ipv4(frames.ACK, frames.OTHER, tags=(0x88A8, 0x8100, 0x8100, 0x8100)[-n:] if n else ()))
            for n in range(6)]
    chain = [(f"{n}", frames.ipv6(frames.ACK, frames.OTHER, extensions=([0] + [60] * 8)[:n])) for n in range(9)]
    for title, shapes, x, file, text in (
            ("VLAN tags", tags[:5], "tags", "tags.svg", "IPv4, ACK. The small reference parser gives up behind two."),
            ("Extension headers", chain, "headers", "extensions.svg", "IPv6, ACK, hop-by-hop and destination options. The "
             "small reference parser gives up behind two.")):
        measured, _, _ = packet.speed(DROP | ours, shapes, rounds, 200000)
        yield drawn(title, text, x, [int(name) for name, _ in shapes],
                    {p: [min(measured[name][p]) for name, _ in shapes] for p in DROP | ours}, file, measured)


def ratios(cases, base):
    return [[name, f"{t['min']:.0f}", f"{t['median']:.0f}", f"{t['max']:.0f}", f"{t['ratio_min']:.2f}"]
            for name, t in figures.table(cases, base).items()]


def by_source(field, rounds, count):
    """Random senders against one. Rewriting a frame costs the sender, the same for all."""
    names = [n for n in (BASE, "flagwall", "nft ingress, rules", "conntrack INVALID", "nothing") if n in field.hosts]
    one = field.flood(frames.ipv4(frames.SYN_FIN), count, rounds, names)
    many = field.flood(frames.ipv4(frames.SYN_FIN), count, rounds, names, options=("-s",))
    rows = [[n, *(f"{min(c[n]):.0f}" for c in (one, many)), *(f"{min(c[n]) - min(c[BASE]):.0f}" for c in (one, many))]
            for n in names]
    return figures.section(
        "One sender, or random ones", "A flood of SYN with FIN, least of all rounds, sender included: each random address takes "
        "the sender some nanoseconds more, so that what is above XDP_DROP is to be compared. With a wrong TCP checksum, which "
        "random addresses make, the host sends no resets.", ["", "one, ns", "random, ns", "one, above XDP_DROP",
                                                           "random, above XDP_DROP"], rows, COMMAND, {"one": one, "many": many},
        figures.lying({f"{n}, {kind}": c[n] for n in names for kind, c in (("one", one), ("random", many))}, "source.svg"))


def by_share(field, rounds, count):
    names = [n for n in (BASE, "XDP_PASS", "flagwall", "nft ingress, rules", "nft ingress, map") if n in field.hosts]
    shares, series, raw = (0, 25, 50, 75, 100), {name: [] for name in names}, {}
    for share in shares:
        raw[share] = field.flood(frames.ipv4(frames.ACK, frames.OTHER, frames.ELSEWHERE), count, rounds, names,
                                 options=("-m", str(share)))
        for name in names:
            series[name].append(min(raw[share][name]))
    return drawn("The share of illegal traffic", "Least of all rounds, sender included, legal and illegal at random: what is "
                 "dropped costs nothing further up, so that the host does less the more of it there is.", "% SYN with FIN",
                 shares, series, "share.svg", raw, digits=0)


def by_readers(field, rounds, count):
    """Somebody reads the counters once a second, on the other processor."""
    stop = threading.Event()

    def read():
        while not stop.wait(1):
            subprocess.run([world.FLAGWALL, "counters", "--netns", field.hosts["flagwall"][1], "eth0"], check=True,
                           stdout=subprocess.DEVNULL)

    cases = {"never": [], "once a second": []}
    for _ in range(rounds):
        cases["never"] += field.flood(frames.ipv4(frames.SYN_FIN), count * 10, 1, ["flagwall"])["flagwall"]
        stop.clear()
        reader = threading.Thread(target=read)
        reader.start()
        cases["once a second"] += field.flood(frames.ipv4(frames.SYN_FIN), count * 10, 1, ["flagwall"])["flagwall"]
        stop.set()
        reader.join()
    return figures.section("Reading counters", "A flood of SYN with FIN at flagwall, while `flagwall counters` runs never or "
                           "once a second. ns a packet; the ratio is of the least.",
                           ["read", "min", "median", "max", "ratio"], ratios(cases, "never"), COMMAND, cases,
                           figures.lying(cases, "readers.svg"))


def by_processors(field, rounds, count):
    """The same filter flooded by one processor, or by both at once, through two interfaces of one host."""
    frame = frames.ipv4(frames.SYN_FIN).hex()
    name = "flagwall"
    second = "gsecond"
    world.run("ip", "link", "add", second, "netns", "gen", "type", "veth", "peer", "name", "eth1", "netns", field.hosts[name][1])
    world.inside("gen", "ip", "link", "set", second, "up")
    world.inside(field.hosts[name][1], "ip", "link", "set", "eth1", "up")
    world.flagwall("attach", "--netns", field.hosts[name][1], "eth1")
    cases = {"one": [], "two": []}

    def start(cpu, interface):
        return subprocess.Popen(["nsenter", "--net=/run/netns/gen", os.path.join(world.TOOLS, "flood"), "-c", str(cpu), "-n",
                                 str(count * 5), world.SOURCE, frame, interface], stdout=subprocess.PIPE, text=True)

    for _ in range(rounds):
        for case, senders in (("one", [(0, second)]), ("two", [(0, second), (1, field.hosts[name][0])])):
            running = [start(*sender) for sender in senders]
            outputs = [world.lines(process.communicate()[0]) for process in running]
            cases[case].append(sum(o[0]["ns"] for o in outputs) / len(outputs))
    return figures.section("One processor, and two", "Processor time a packet, each processor with an interface of its own. "
                           "Counters are per processor, and nothing else is written for each packet: the second costs the first "
                           "what memory and a busy machine cost.", ["processors", "min", "median", "max", "ratio"],
                           ratios(cases, "one"), COMMAND, cases, figures.lying(cases, "processors.svg"))


def memory(namespace, interfaces):
    """Bytes that the kernel says the maps of our filters there take: (per processor, the rest)."""
    each = rest = 0
    for shown in world.maps(namespace, *interfaces):
        if shown["type"].startswith("percpu"):
            each += shown["bytes_memlock"]
        else:
            rest += shown["bytes_memlock"]
    return each, rest


def by_interfaces(counts):
    rows, took, kept = [], [], []
    for count in counts:
        host = f"many{count}"
        world.run("ip", "netns", "add", host)
        names = [f"e{n}" for n in range(count)]
        for name in names:
            world.run("ip", "link", "add", name, "netns", host, "type", "veth", "peer", "name", f"p{name}", "netns", host)
        start = time.monotonic()
        world.flagwall("attach", "--netns", host, *names)
        took.append(time.monotonic() - start)
        each, rest = memory(host, names)
        kept.append((each + rest) / count)
        rows.append([count, f"{took[-1]:.2f}", f"{took[-1] / count * 1e3:.0f}", f"{(each + rest) / count / 1024:.0f}",
                     f"{each / count / os.cpu_count() / 1024:.0f}", f"{rest / count / 1024:.0f}"])
        world.run("ip", "netns", "del", host)
    return figures.section(
        "Interfaces", "One `flagwall attach` for all of them. Memory is what the kernel accounts to the maps; on a host with more "
        "processors the part for each of them counts that often.",
        ["interfaces", "seconds", "ms each", "KiB each", "of it for each processor", "the rest"], rows, COMMAND,
        {"seconds": took, "bytes": kept},
        {"kind": "curves", "file": "interfaces.svg", "x": "interfaces", "x_values": list(counts), "y": "seconds to attach",
         "series": {"attach": took}})


def measure(quick, field):
    if quick:
        yield by_source(field, 3, 50000)
        return
    yield by_patterns(21)
    yield from by_exceptions(21, 1000000)
    yield from by_headers(21)
    yield by_source(field, 9, 200000)
    yield by_share(field, 7, 200000)
    yield by_readers(field, 7, 200000)
    yield by_processors(field, 9, 200000)
    yield by_interfaces((1, 3, 10, 30, 100))

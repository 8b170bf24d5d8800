# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The packet path alone: BPF_PROG_TEST_RUN, interleaved, by the least of all rounds."""

import json
import os
import platform
import random

import figures
import frames
import rivals
import world

AIMS = [(frames.PLAIN, 1.20, 1.40), (frames.TAGGED, 1.40, 1.70)]
BASE, OURS, FULL, SMALL = "XDP_DROP", "flagwall", "flagwall, full", "reference"
NAMES = ("fin", "syn", "rst", "psh", "ack", "urg")


def patterns(count):
    """A policy of @count patterns, each for one exact combination, and what is left."""
    text = ""
    for bits in range(count - 1):
        match = ",".join(("" if bits >> i & 1 else "!") + name for i, name in enumerate(NAMES))
        text += f"pattern exact-{bits} {match} {'drop' if rivals.illegal(bits) else 'pass'}\n"
    return text + "pattern rest any pass\n"


def exceptions(count, seed=1):
    """@count lines of single addresses, which no frame here has."""
    chosen = random.Random(seed).sample(range(0x14000000, 0x60000000), count)
    return "".join(f"except from {a >> 24}.{a >> 16 & 255}.{a >> 8 & 255}.{a & 255}\n" for a in chosen)


def host(namespace, setup):
    """The XDP program that @setup puts on a new "eth0"."""
    world.run("ip", "netns", "add", namespace)
    world.run("ip", "link", "add", "eth0", "netns", namespace, "type", "veth", "peer", "name", "peer",
              "netns", namespace)
    world.inside(namespace, "ip", "link", "set", "eth0", "up")
    setup(namespace)
    link = json.loads(world.inside(namespace, "ip", "-j", "link", "show", "eth0"))[0]
    return link["xdp"]["prog"]["id"]


def attached(namespace, text):
    """Ours, by the tool, with the policy @text (None: the default one)."""
    options = ["--policy", world.write(f"{namespace}.policy", text), "--force"] if text else []
    return host(namespace, rivals.flagwall(*options))


def full():
    return attached("p-full", patterns(64) + exceptions(100000))


def speed(programs, shapes, rounds, repeat):
    """Run the tool. @programs: {name: what speed.c takes}. Returns {frame: {program: [ns]}}, verdicts, sizes."""
    path = world.write("frames", "".join(f"{name}\t{frame.hex()}\n" for name, frame in shapes))
    output = world.lines(world.run(os.path.join(world.TOOLS, "speed"), "-j", "-c", "1", "-r", str(rounds), "-n",
                                   str(repeat), "-f", path, *(f"{n}={p}" for n, p in programs.items())))
    measured, verdicts = {}, {}
    for line in output:
        if "frame" in line:
            measured.setdefault(line["frame"], {})[line["program"]] = line["ns"]
            verdicts[line["frame"], line["program"]] = line["verdict"]
    return measured, verdicts, [line for line in output if "frame" not in line]


def must_filter(verdicts, programs):
    """What does not drop what it should is not measured."""
    for (frame, program), verdict in verdicts.items():
        if program in programs and verdict != (1 if "SYN FIN" in frame else 2):
            raise SystemExit(f"bench: {program} says {verdict} to {frame}")


def programs(against):
    chosen = {
        BASE: f"{world.LIMITS}@drop",
        "XDP_PASS": f"{world.LIMITS}@pass",
        "drop, count": f"{world.LIMITS}@drop_count",
        SMALL: f"{world.LIMITS}@reference",
        "xdp-filter": f"id:{host('p-xdpfilter', rivals.xdp_filter)}",
        OURS: f"id:{attached('p-plain', None)}",
        FULL: f"id:{full()}",
    }
    return chosen | {os.path.basename(path): path for path in against}


def steps(numbers, shapes, command):
    """What is independent of the machine and its moods. @numbers: {name: id of a program}."""
    path = world.write("frames", "".join(f"{name}\t{frame.hex()}\n" for name, frame in shapes))
    found = {(line["frame"], line["id"]): line for line in
             world.lines(world.run(os.path.join(world.TOOLS, "steps"), path, *map(str, numbers.values())))}
    rows = [[name, *("{steps} ({calls}, {functions})".format(**found[name, number]) for number in numbers.values())]
            for name, _ in shapes]
    return figures.section(
        "Instructions a packet", "Counted by going through the program as the verifier left it, no sample due; in brackets the "
        "calls of helpers that the kernel did not inline, and of functions of its own.", ["frame", *numbers], rows, command,
        list(found.values()))


def number(text):
    """The id in what programs() gives, or of what is pinned."""
    if text.startswith("id:"):
        return int(text[3:])
    return json.loads(world.run("bpftool", "-j", "prog", "show", "pinned", f"{world.PINS}/{text.split('@')[1]}"))["id"]


def measure(quick, _):
    chosen = programs(os.environ.get("AGAINST", "").split())
    shapes = frames.PLAIN + frames.TAGGED + frames.REST
    measured, verdicts, sizes = speed(chosen, shapes, 15 if quick else 41, 50000 if quick else 200000)
    must_filter(verdicts, (OURS, FULL, SMALL))
    rows, goals = [], []
    for name, _ in shapes:
        table = figures.table(measured[name], BASE)
        rows.append([name, *(f"{t['min']:.1f} ({t['ratio_min']:.2f})" for t in table.values())])
    for group, aim, accepted in AIMS:
        for name, _ in group:
            table = figures.table(measured[name], BASE)
            goals.append([name, *(f"{table[p]['ratio_min']:.2f}" for p in (SMALL, OURS, FULL)), aim, accepted])
    command = "sudo make bench BENCH_PARTS=packet"
    yield figures.section(
        "The packet path", "Nanoseconds a packet by BPF_PROG_TEST_RUN, least of all rounds, the kernel's own harness "
        "in it; in brackets the ratio to XDP_DROP. `flagwall, full` has 64 patterns, 100,000 "
        "exceptions and samples on.", ["frame", *chosen], rows, command, measured,
        {"kind": "bars", "file": "packet.svg", "y": "ns a packet, least of all rounds",
         "groups": [n for n, _ in frames.PLAIN + frames.TAGGED],
         "series": {p: [min(measured[n][p]) for n, _ in frames.PLAIN + frames.TAGGED] for p in chosen}})
    yield figures.section("The packet path against its aims", "Ratios to XDP_DROP, least of all rounds.",
                          ["frame", SMALL, OURS, FULL, "aim", "accepted"], goals, command)
    yield figures.section(
        "What is loaded", "Instructions as the verifier left them, those that it walked to get there, and bytes of "
        "machine code.", ["program", "instructions", "walked", "machine code, bytes"],
        [[s["program"], s["instructions"], s["walked"], s["machine_bytes"]] for s in sizes], command, sizes)
    if platform.machine() == "x86_64":
        yield steps({name: number(chosen[name]) for name in (BASE, "drop, count", SMALL, "xdp-filter", OURS, FULL)},
                    shapes, command)
    walked = world.run(os.path.join(world.TOOLS, "walk"), world.OBJECT)
    yield figures.section(
        "What the verifier walks", "Instructions, to load the program with its switches off and on, in its own words.",
        ["kernel", "object", "exceptions", "tunnels", "states", "instructions"],
        [[os.path.basename(cell) for cell in line.split("\t")] for line in walked.splitlines()], command)

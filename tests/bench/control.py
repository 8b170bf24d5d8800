# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The side that people use: commands, by wall clock, processor time and memory."""

import glob
import json
import os
import resource
import struct
import subprocess
import time

import figures
import frames
import packet
import rivals
import world

COMMAND = "sudo make bench BENCH_PARTS=control"
# The ten rules of rivals.py, which the policy iptables-classic has too; and three of them: SYN FIN, none, SYN RST.
FILTER = "tcp[13] & 63 == 3 or tcp[13] & 63 == 0 or tcp[13] & 6 == 6"
EQUAL = ("tcp[13] & 63 == 0 or tcp[13] & 3 == 3 or tcp[13] & 6 == 6 or tcp[13] & 5 == 5 or tcp[13] & 17 == 1 or "
         "tcp[13] & 48 == 32 or tcp[13] & 24 == 8 or tcp[13] & 63 == 63 or tcp[13] & 63 == 41 or tcp[13] & 63 == 43")
FLAGS = (0x02, 0x12, 0x10, 0x18, 0x10, 0x10, 0x11, 0x03)  # of a connection, and one SYN FIN


def once(command):
    """(wall ms, processor ms, KiB at most) of one run. The memory of whoever starts a program counts as the
    program's, so that time(1), which is small, does it."""
    path = os.path.join(world.WORK, "time")
    start = time.monotonic()
    with open(os.devnull, "wb") as out:
        subprocess.run(["/usr/bin/time", "-f", "%M", "-o", path, *command], check=True, stdout=out, stderr=out)
    wall = (time.monotonic() - start) * 1e3
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = (after.ru_utime + after.ru_stime) * 1e3 - once.used
    once.used += used
    with open(path, encoding="ascii") as file:
        return wall, used, int(file.read())


once.used = 0


def interleaved(commands, rounds):
    """{name: [(wall, processor, memory)]}: a round is each command once. A command may be several."""
    measured = {name: [] for name in commands}
    once(["true"])  # what ran before is not counted
    for _ in range(rounds):
        for name, command in commands.items():
            steps = command if isinstance(command[0], list) else [command]
            for step in steps[:-1]:
                once(step)
            measured[name].append(once(steps[-1]))
    return measured


def rows(measured, base):
    """A line each; the ratio is of processor time."""
    cells = []
    for name, runs in measured.items():
        wall, cpu, most = zip(*runs)
        cells.append([name, f"{min(wall):.1f}", f"{figures.statistics.median(wall):.1f}", f"{max(wall):.1f}",
                      f"{min(cpu):.1f}", f"{max(most) / 1024:.1f}", f"{min(cpu) / min(r[1] for r in measured[base]):.2f}"])
    return cells


def columns(base):
    return ["", "ms, least", "median", "most", "processor, ms", "MiB", f"ratio to `{base}`"]


def short_commands(rounds):
    world.run("ip", "netns", "add", "c-host")
    world.run("ip", "link", "add", "eth0", "netns", "c-host", "type", "veth", "peer", "name", "peer", "netns", "c-host")
    rivals.nft("c-host", rivals.nft_table("ingress", rivals.NFT_FLAGS))
    ours = [world.FLAGWALL]
    where = ["--netns", "c-host"]
    big = world.write("big.policy", packet.patterns(64) + packet.exceptions(100000))
    detach = ours + ["detach", *where, "--all"]
    attach = ours + ["attach", *where, "eth0"]
    once(attach)
    inside = ["nsenter", "--net=/run/netns/c-host"]
    inode = os.stat("/run/netns/c-host").st_ino
    (pin,) = glob.glob(f"/sys/fs/bpf/flagwall/{inode}-*/xdp/counters")
    commands = {
        "flagwall --version": ours + ["--version"],
        "flagwall attach, new": [detach, attach],
        "flagwall attach, again": attach,
        "flagwall policy set, another table": [ours + ["policy", "set", *where, "eth0", "default"],
                                               ours + ["policy", "set", *where, "eth0", "basic"]],
        "flagwall policy set, 100,000 exceptions": [ours + ["policy", "set", *where, "eth0", "default"],
                                                    ours + ["policy", "set", "--force", *where, "eth0", big]],
        "flagwall counters": [ours + ["policy", "set", *where, "eth0", "default"], ours + ["counters", *where, "eth0"]],
        "flagwall counters -j": ours + ["counters", *where, "-j", "eth0"],
        "flagwall status": ours + ["status", *where, "eth0"],
        "nft list ruleset": inside + ["nft", "list", "ruleset"],
        "bpftool map dump, the counters": ["bpftool", "map", "dump", "pinned", pin],
    }
    measured = interleaved(commands, rounds)
    once(detach)
    base = "nft list ruleset"
    return figures.section(
        "Commands", "Each started anew, interleaved. `nft list` has ten rules; `bpftool map dump` prints the counters that "
        "`flagwall counters` reads. Loading is what takes time in `attach`: the verifier. The ratio is of "
        "processor time.", columns(base),
        rows(measured, base), COMMAND, measured)


def capture(name, count, size, flags=FLAGS):
    path = os.path.join(world.WORK, name)
    some = [frames.ipv4(f).ljust(size, b"\0") for f in flags]
    chunk = b"".join(struct.pack("<IIII", 1700000000, i, size, size) + some[i % len(some)] for i in range(1024))
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for _ in range(count // 1024):
            out.write(chunk)
    return path


def must_agree():
    """Filters that find other packets are not compared: of all combinations of flags, both find as many."""
    path = capture("all.pcap", 1024, 60, range(64))
    ours = json.loads(world.flagwall("classify", "--policy", "iptables-classic", "-j", path))["dropped"]
    found = world.run("tcpdump", "-n", "--count", "-r", path, EQUAL, stderr=subprocess.DEVNULL)
    if int(found.split()[0]) != ours:
        raise SystemExit(f"bench: classify would drop {ours} of {path}, tcpdump finds {found}")


def captures(rounds, count):
    path, base = capture("large.pcap", count, 60), "tcpdump -r, ten rules"
    tcpdump = ["tcpdump", "-n", "--count", "-r", path]
    commands = {"flagwall classify": [world.FLAGWALL, "classify", path], base: [*tcpdump, EQUAL],
                "tcpdump -r, three of them": [*tcpdump, FILTER]}
    small = capture("small.pcap", count // 64, 60)
    must_agree()
    measured = interleaved(commands, rounds)
    shark = interleaved({"tshark": ["tshark", "-n", "-r", small, "-Y", "tcp.flags.syn == 1 && tcp.flags.fin == 1"]}, 1)["tshark"]
    cells = rows(measured, base)
    rate = {name: count / min(run[1] for run in runs) * 1e3 for name, runs in measured.items()}
    rate["tshark"] = count // 64 / min(run[1] for run in shark) * 1e3
    cells.append(["tshark, a part of it", *(f"{shark[0][0]:.1f}" for _ in range(3)), f"{shark[0][1]:.1f}",
                  f"{shark[0][2] / 1024:.1f}", "-"])
    for row, name in zip(cells, rate):
        row += [f"{rate[name] / 1e6:.2f}", f"{rate['flagwall classify'] / rate[name]:.1f}"]
    return figures.section(
        "Captures", f"{count} packets of 60 bytes from a file in the page cache, one in eight with SYN and FIN. `classify` counts "
        f"every combination, whatever is around it; tcpdump counts those that match ten rules, in IPv4 directly behind "
        f"Ethernet (`{EQUAL}`; that they find what `classify --policy iptables-classic` does is checked over all combinations), or three "
        "of them, which find the same packets here. tshark dissects a sixty-fourth of them, "
        "and its rate includes its start. Rates are by processor time, the least of all rounds.",
        [*columns(base), "million packets a second", "flagwall is faster by"], cells, COMMAND,
        {**measured, "tshark": shark})


def measure(quick, _):
    yield short_commands(3 if quick else 11)
    yield captures(2 if quick else 5, 1 << (20 if quick else 22))

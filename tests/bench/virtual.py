# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Virtual devices: what a filter costs the TCP of containers through veth, and frames through a tap."""

import fcntl
import json
import os
import struct
import subprocess
import time

import figures
import frames
import rivals
import world

COMMAND = "sudo make bench BENCH_PARTS=virtual"
CASES = {
    "nothing": rivals.LIMITS["nothing"][0],
    "XDP_PASS": rivals.LIMITS["XDP_PASS"][0],
    "XDP_DROP": rivals.LIMITS["XDP_DROP"][0],
    "flagwall, native": rivals.flagwall("--mode", "native"),
    "flagwall, generic": rivals.OURS["flagwall, generic"][0],
    "flagwall, tc-ingress": rivals.OURS["flagwall, tc-ingress"][0],
    "flagwall, netfilter": rivals.OURS["flagwall, netfilter"][0],
    "nft ingress, rules": rivals.RIVALS["nft ingress, rules"][0],
}
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000


def iperf(host):
    """One second of TCP from "gen" to @host: (Gbit/s, Gbit a second of processor time)."""
    server = subprocess.Popen(["nsenter", f"--net=/run/netns/{host}", "iperf3", "-s", "-1", "-A", "1"],
                              stdout=subprocess.DEVNULL)
    while ":5201 " not in world.inside(host, "ss", "-Hltn"):
        time.sleep(0.01)
    result = json.loads(world.inside(f"{host}-gen", "iperf3", "-c", "10.99.0.2", "-t", "1", "-A", "0", "-J"))
    server.wait()
    end, used = result["end"]["sum_received"], result["end"]["cpu_utilization_percent"]
    rate = end["bits_per_second"] / 1e9
    return rate, rate / ((used["host_total"] + used["remote_total"]) / 100)


def throughput(rounds):
    names = [name for name in CASES if name != "XDP_DROP"]
    hosts, offload = {}, {}
    for number, name in enumerate(names):
        hosts[name] = f"v{number}"
        world.run("ip", "netns", "add", f"v{number}-gen")
        world.pair(f"v{number}-gen", f"v{number}", number)
        world.inside(f"v{number}-gen", "ip", "addr", "add", "10.99.0.1/24", "dev", f"g{number}")
        CASES[name](hosts[name])
        features = world.inside(f"v{number}-gen", "ethtool", "-k", f"g{number}")
        offload[name] = next(line.split(":")[1].strip() for line in features.splitlines() if "tcp-segmentation-off" in line)
    rate, work = {name: [] for name in names}, {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            gbit, each = iperf(hosts[name])
            rate[name].append(gbit)
            work[name].append(each)
    cells = []
    for name in names:
        to = figures.summary(work[name], work["nothing"])
        cells.append([name, offload[name], *(f"{f(rate[name]):.1f}" for f in (min, figures.statistics.median, max)),
                      f"{to['median']:.1f}", f"{to['ratio']:.2f}"])
    return figures.section(
        "TCP through veth", "One stream of iperf3 for a second, sender and receiver on a processor each. What holds is Gbit for "
        "each second of processor time, both sides together; Gbit/s hang on what else the machine does.",
        ["", "sender's TSO", "Gbit/s, least", "median", "most", "Gbit a processor second", "ratio to nothing"], cells, COMMAND,
        {"gbit": rate, "gbit_per_cpu_second": work})


def tap(host):
    """A tap "eth0" in a new namespace. Returns the file that frames are written to."""
    world.run("ip", "netns", "add", host)
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", b"fwbench", IFF_TAP | IFF_NO_PI))
    world.run("ip", "link", "set", "dev", "fwbench", "netns", host, "name", "eth0", "address", "02:00:00:00:02:02")
    world.inside(host, "ip", "addr", "add", "10.99.0.2/24", "dev", "eth0")
    world.inside(host, "ip", "link", "set", "lo", "up")
    world.inside(host, "ip", "link", "set", "eth0", "up")
    world.inside(host, "ip", "neigh", "add", "10.99.0.1", "lladdr", "02:00:00:00:01:00", "dev", "eth0", "nud", "permanent")
    return device


def written(device, frame, count):
    """Processor nanoseconds a frame that is written to a tap."""
    start = time.thread_time_ns()
    for _ in range(count):
        os.write(device, frame)
    return (time.thread_time_ns() - start) / count


def taps(rounds, count):
    devices = {}
    for number, (name, setup) in enumerate(CASES.items()):
        devices[name] = tap(f"t{number}")
        setup(f"t{number}")
    kinds = {"illegal": frames.ipv4(frames.SYN_FIN), "legal": frames.ipv4(frames.ACK, frames.OTHER, frames.ELSEWHERE)}
    cases = {kind: {name: [] for name in devices} for kind in kinds}
    for _ in range(rounds):
        for kind, frame in kinds.items():
            for name, device in devices.items():
                cases[kind][name].append(written(device, frame, count))
    for device in devices.values():
        os.close(device)
    bases = {kind: figures.table(cases[kind], "nothing") for kind in kinds}
    cells = [[name, *(cell for kind in kinds for cell in (f"{bases[kind][name]['min']:.0f}", f"{bases[kind][name]['median']:.0f}",
                                                          f"{bases[kind][name]['ratio']:.2f}"))] for name in devices]
    return figures.section(
        "Frames into a tap", "Processor nanoseconds a frame, written by a process as a virtual machine's would be, that process's "
        "own share (a system call and a line of Python) in it.",
        ["", "SYN FIN, least", "median", "ratio to nothing", "ACK, least", "median", "ratio to nothing"], cells, COMMAND, cases)


def measure(quick, _):
    yield throughput(1 if quick else 7)
    yield taps(3 if quick else 11, 20000)

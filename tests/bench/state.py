# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Lines about the state of connections: what a look-up costs, by BPF_PROG_TEST_RUN among real
sockets; and what they and conntrack make of the same scans."""

import os
import subprocess
import sys

import figures
import frames
import packet
import rivals
import world

COMMAND = "sudo make bench BENCH_PARTS=state"
OPEN, QUIET, CLOSED = 80, 81, frames.CLOSED  # a listener with a connection, one without, none

# The sockets of a host that has both addresses of frames.py; they stay until its input ends.
SOCKETS = """
import socket, sys
kept = []
for family, here, there in ((socket.AF_INET, "10.99.0.2", "10.99.0.1"), (socket.AF_INET6, "fd99::2", "fd99::1")):
    for port in (80, 81):
        kept.append(socket.create_server((here, port), family=family))
    client = socket.socket(family)
    client.bind((there, 4242))
    client.connect((here, 80))
    kept += [client, kept[-2].accept()[0]]
print("ready", flush=True)
sys.stdin.read()
"""
SYN = 0x02
SHAPES = [
    ("ACK of a connection, IPv4", frames.ipv4(frames.ACK, OPEN)),
    ("ACK of a connection, IPv6", frames.ipv6(frames.ACK, OPEN)),
    ("SYN to a listener", frames.ipv4(SYN, QUIET)),
    ("ACK without a connection, IPv4", frames.ipv4(frames.ACK, CLOSED)),
    ("ACK without a connection, IPv6", frames.ipv6(frames.ACK, CLOSED)),
    ("SYN FIN, dropped by the first table", frames.ipv4(frames.SYN_FIN)),
    ("to another MAC address", b"\x02\0\0\0\x09\x09" + frames.ipv4(frames.ACK, OPEN)[6:]),
]


def put(*options):
    def setup(namespace):
        world.inside(namespace, "ip", "link", "set", "eth0", "address", frames.DUT_MAC.hex(":"))
        rivals.flagwall(*options)(namespace)
    return setup


def sockets(namespace):
    """A process that has them there."""
    world.inside(namespace, "ip", "link", "set", "lo", "up")
    for address in ("10.99.0.1/32", "10.99.0.2/32", "fd99::1/128", "fd99::2/128"):
        world.inside(namespace, "ip", "addr", "add", address, "dev", "lo", *(["nodad"] if ":" in address else []))
    holder = subprocess.Popen(["nsenter", f"--net=/run/netns/{namespace}", sys.executable, "-c", SOCKETS],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if holder.stdout.readline() != b"ready\n":
        raise SystemExit("bench: the sockets of the look-up's host cannot be made")
    return holder


def cost(quick):
    without, asked = packet.host("s-without", put()), packet.host("s-with", put("--policy", "stateful"))
    with sockets("s-with") as holder:
        path = world.write("frames", "".join(f"{name}\t{frame.hex()}\n" for name, frame in SHAPES))
        output = world.lines(world.inside(
            "s-with", os.path.join(world.TOOLS, "speed"), "-j", "-s", "-c", "1", "-r", "15" if quick else "41", "-n",
            "50000" if quick else "200000", "-f", path, f"without=id:{without}", f"with=id:{asked}"))
        counted = states("s-with")
        holder.stdin.close()
    if not all(counted.get(state) for state in ("other", "listen", "none", "unjudged")):
        raise SystemExit(f"bench: not every state was met: {counted}")
    measured = {}
    for line in output:
        if "frame" in line:
            measured.setdefault(line["frame"], {})[line["program"]] = line["ns"]
    rows = [[name, *(f"{min(ns[p]):.1f}" for p in ("without", "with")), f"{min(ns['with']) - min(ns['without']):.1f}"]
            for name, ns in measured.items()]
    return figures.section(
        "What it costs to ask for the state of a connection", "Nanoseconds a packet by BPF_PROG_TEST_RUN among real "
        "sockets, least of all rounds, the kernel's own harness in it.",
        ["frame", "without state lines", "with those of `stateful`", "more"], rows, COMMAND, measured)


# --- scans ---

HOSTS = {
    "bare host": lambda n: None,
    "conntrack": lambda n: rivals.nft(n, rivals.CONNTRACK),
    "conntrack, `tcp_loose=0`": lambda n: (rivals.nft(n, rivals.CONNTRACK), world.inside(
        n, "sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_loose=0")),
    "flagwall, `stateful`": lambda n: world.flagwall("attach", "--netns", n, "--policy", "stateful", "eth0"),
}
NMAP = ("nmap", "-n", "-Pn", "--max-retries", "0", "-p", "80-179")  # one of them is open
HPING = ("hping3", "-q", "-c", "100", "-i", "u2000", "--baseport", "2000")
SCANS = {
    "`nmap -sA`": (*NMAP, "-sA"),
    "`nmap -sW`": (*NMAP, "-sW"),
    "`nmap -sM`": (*NMAP, "-sM"),
    "forged SYN/ACK, to a closed port": (*HPING, "-S", "-A", "-p", "9"),
    "forged SYN/ACK, to a listener": (*HPING, "-S", "-A", "-p", "80"),
    "forged RST, to a closed port": (*HPING, "-R", "-p", "9"),
    "forged RST, to a listener": (*HPING, "-R", "-p", "80"),
    "flood of ACKs": (*HPING, "-A", "-p", "9"),
}


def states(namespace):
    """{state: packets}"""
    found = {}
    for row in rows_by_state(namespace):
        found[row["state"]] = found.get(row["state"], 0) + row["packets"]
    return found


def rows_by_state(namespace):
    return world.json.loads(world.flagwall("counters", "eth0", "--netns", namespace, "-j"))["states"]


def flagged(name, namespace):
    """{what: packets} that the filter there told from legal traffic."""
    if name.startswith("flagwall"):
        return {f"`{row['state']}` {row['flags']}": row["packets"] for row in rows_by_state(namespace)
                if row["policy_action"] != "pass"}
    if name.startswith("conntrack"):
        rules = world.json.loads(world.inside(namespace, "nft", "-j", "list", "ruleset"))["nftables"]
        return {"": sum(e["counter"]["packets"] for r in rules if "rule" in r for e in r["rule"]["expr"] if "counter" in e)}
    return {}


def serve(namespace):
    return subprocess.Popen(["nsenter", f"--net=/run/netns/{namespace}", sys.executable, "-c",
                             "import socket, sys\ns = socket.create_server(('', 80))\nprint(flush=True)\nsys.stdin.read()"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def scan(command, name, namespace):
    """What one of @SCANS comes to at one of @HOSTS, as a cell."""
    before, resets = flagged(name, namespace), world.received(namespace)[1]
    subprocess.run(["nsenter", "--net=/run/netns/s-gen", *command, "10.99.0.2"], check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    now, answers = flagged(name, namespace), world.received(namespace)[1] - resets
    rows = {what: count - before.get(what, 0) for what, count in now.items() if count > before.get(what, 0)}
    told = ", ".join(f"{what} {count}" for what, count in sorted(rows.items()) if what)
    return f"flags {sum(rows.values())}{': ' + told if told else ''}; answers {answers} RSTs"


def scans():
    cells = {words: [] for words in SCANS}
    world.run("ip", "netns", "add", "s-gen")
    for number, (name, setup) in enumerate(HOSTS.items()):
        namespace = f"s-host{number}"
        world.pair("s-gen", namespace, number)
        world.inside("s-gen", "ip", "addr", "add", "10.99.0.1/24", "dev", f"g{number}")
        setup(namespace)
        with serve(namespace) as server:
            server.stdout.readline()
            for words, command in SCANS.items():
                cells[words].append(scan(command, name, namespace))
            server.stdin.close()
        world.inside("s-gen", "ip", "link", "del", f"g{number}")
    return figures.section(
        "Scans, and what is made of them", "100 probes each, of nmap's scans one to an open port. Flagged is what was told "
        "from legal traffic: by flagwall counted by state and flags, by conntrack dropped as `ct state invalid`.",
        ["", *HOSTS], [[words, *row] for words, row in cells.items()], COMMAND)


def measure(quick, _):
    yield cost(quick)
    yield scans()

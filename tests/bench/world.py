# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Where it is measured: namespaces, a BPF file system and files that nobody else sees, and that
are gone when the process is, however it ends."""

import json
import os
import shutil
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, "build")
FLAGWALL = os.path.join(BUILD, "flagwall")
OBJECT = os.path.join(BUILD, "flagwall.bpf.o")
TOOLS = os.path.join(BUILD, "tests", "bench")
LIMITS = os.path.join(TOOLS, "limits.bpf.o")
SOURCE = os.path.join(TOOLS, "source.bpf.o")
PINS = "/sys/fs/bpf/limits"
OUT = os.path.join(BUILD, "bench")

WORK = None  # a folder for files


def private():
    """Once more, in a mount namespace of its own."""
    if os.environ.get("FLAGWALL_BENCH_PRIVATE") == str(os.getpid()):
        return
    os.environ["FLAGWALL_BENCH_PRIVATE"] = str(os.getpid())
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", *os.sys.orig_argv])


def up():
    global WORK
    private()
    os.makedirs("/run/netns", exist_ok=True)
    run("mount", "-t", "tmpfs", "none", "/run/netns")
    run("mount", "-t", "bpf", "bpf", "/sys/fs/bpf")
    WORK = tempfile.mkdtemp(prefix="flagwall-bench.")
    os.makedirs(OUT, exist_ok=True)
    run("bpftool", "prog", "loadall", LIMITS, PINS)


def down():
    if WORK:
        shutil.rmtree(WORK, ignore_errors=True)


def run(*command, **options):
    """What @command prints; an error of its own ends all."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def inside(namespace, *command, **options):
    """The same in a network namespace; mounts stay, unlike with `ip netns exec`."""
    return run("nsenter", f"--net=/run/netns/{namespace}", *command, **options)


def stay(namespace, *command):
    """Start there what stays in the foreground; it ends when this process does, however that ends."""
    return subprocess.Popen(["setpriv", "--pdeathsig", "TERM", "nsenter", f"--net=/run/netns/{namespace}", *command],
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def lines(text):
    """A JSON value a line."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def write(name, text):
    path = os.path.join(WORK, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def flagwall(*arguments):
    return run(FLAGWALL, *arguments)


def pair(source, namespace, number=0):
    """A veth pair: "gNUMBER" in @source, "eth0" in a new @namespace, neighbours fixed."""
    run("ip", "netns", "add", namespace)
    near = f"02:00:00:00:01:{number % 100:02d}"
    run("ip", "link", "add", f"g{number}", "netns", source, "address", near, "type", "veth",
        "peer", "name", "eth0", "netns", namespace, "address", "02:00:00:00:02:02")
    inside(source, "ip", "link", "set", f"g{number}", "up")
    receive(namespace, "eth0", near)


def receive(namespace, interface, near):
    """Up it comes, as 10.99.0.2, with @near the address of the other side."""
    inside(namespace, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
    inside(namespace, "ip", "link", "set", interface, "address", "02:00:00:00:02:02")
    inside(namespace, "ip", "addr", "add", "10.99.0.2/24", "dev", interface)
    inside(namespace, "ip", "link", "set", "lo", "up")
    inside(namespace, "ip", "link", "set", interface, "up")
    inside(namespace, "ip", "neigh", "add", "10.99.0.1", "lladdr", near, "dev", interface, "nud", "permanent")


def maps(namespace, *interfaces):
    """What bpftool shows of each map of the XDP programs on @interfaces."""
    programs = {link["xdp"]["prog"]["id"] for link in json.loads(inside(namespace, "ip", "-j", "link", "show"))
                if link["ifname"] in interfaces and "xdp" in link}
    numbers = {number for program in programs
               for number in json.loads(run("bpftool", "-j", "prog", "show", "id", str(program)))["map_ids"]}
    return [json.loads(run("bpftool", "-j", "map", "show", "id", str(number))) for number in numbers]


def received(namespace):
    """Frames that the driver of "eth0" took, and TCP resets that the host sent."""
    text = inside(namespace, "ethtool", "-S", "eth0")
    frames = sum(int(line.split(":")[1]) for line in text.splitlines() if "rx_queue" in line and "xdp_packets" in line)
    tcp = [line.split() for line in inside(namespace, "cat", "/proc/net/snmp").splitlines() if line.startswith("Tcp:")]
    return frames, int(dict(zip(*tcp))["OutRsts"])

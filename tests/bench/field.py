# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Live frames: one sender, and for each filter a host of its own behind a veth pair."""

import os
import subprocess
import sys
import time

import world


class Field:
    """@cases: {name: (how to put it on "eth0" of a namespace, words)}. @gen: the sender's namespace."""

    def __init__(self, cases, gen="gen"):
        self.hosts, self.refused = {}, {}
        self.gen = gen
        world.run("ip", "netns", "add", gen)
        for number, (name, (setup, _)) in enumerate(cases.items()):
            host = f"{gen}-{number}"
            world.pair(gen, host, number)
            # NAPI, without which a veth takes no live frames; XDP alone brings it too.
            world.inside(host, "ethtool", "-K", "eth0", "gro", "on")
            # What comes back ends where it arrives.
            world.inside(gen, "bpftool", "net", "attach", "xdpdrv", "pinned", f"{world.PINS}/drop", "dev", f"g{number}")
            try:
                setup(host)
                self.hosts[name] = (f"g{number}", host)
            except (subprocess.CalledProcessError, OSError) as error:
                self.refused[name] = str(error)
                print(f"bench: {name} is left out: {error}", file=sys.stderr)

    def received(self):
        return {name: world.received(host) for name, (_, host) in self.hosts.items()}

    def flood(self, frame, count, rounds=1, names=None, cpu=1, options=()):
        """Send @frame to each host of @names. Returns {name: [ns a packet]}, rounds in order."""
        names = list(names or self.hosts)
        interfaces = {self.hosts[name][0]: name for name in names}
        before = self.received()
        output = world.lines(world.inside(
            self.gen, os.path.join(world.TOOLS, "flood"), "-c", str(cpu), "-r", str(rounds), "-n", str(count),
            *options, world.SOURCE, frame.hex(), *interfaces))
        after = self.received()
        self.resets = {name: after[name][1] - before[name][1] for name in names}
        for name in names:
            lost = rounds * count - (after[name][0] - before[name][0])
            if lost > 0.001 * rounds * count:
                raise SystemExit(f"bench: {name}: {lost} of {rounds * count} frames did not arrive")
        cases = {name: [] for name in names}
        for line in output:
            cases[interfaces[line["interface"]]].append(line["ns"])
        return cases

    def thread(self, name, cpu):
        """A kernel thread that receives for host @name, on @cpu. Returns its number."""
        host = self.hosts[name][1]
        before = receivers()
        world.run("ip", "netns", "exec", host, "sh", "-c", "echo 1 >/sys/class/net/eth0/threaded")
        time.sleep(0.1)
        (found,) = receivers() - before
        os.sched_setaffinity(found, {cpu})
        return found

    def unthread(self, name):
        world.run("ip", "netns", "exec", self.hosts[name][1], "sh", "-c", "echo 0 >/sys/class/net/eth0/threaded")

    def two_cores(self, name, thread, frame, count):
        """The sender on CPU 0, the receiver on CPU 1: (ns of the receiver, frames it took, seconds)."""
        before, start, ran = world.received(self.hosts[name][1])[0], time.monotonic(), busy(thread)
        world.inside(self.gen, os.path.join(world.TOOLS, "flood"), "-c", "0", "-n", str(count), "-b", "256",
                     world.SOURCE, frame.hex(), self.hosts[name][0])
        ran, seconds = busy(thread) - ran, time.monotonic() - start
        return ran, world.received(self.hosts[name][1])[0] - before, seconds


def receivers():
    """Kernel threads that receive for an "eth0"."""
    found = set()
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/comm", encoding="ascii") as file:
                if file.read().startswith("napi/eth0"):
                    found.add(int(number))
        except OSError:
            pass
    return found


def busy(thread):
    """Nanoseconds that a thread has run."""
    with open(f"/proc/{thread}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[0])

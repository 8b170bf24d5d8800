#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""crowd.py SEED SECONDS WORKERS WORK DEVICE...

Many at once: each worker attaches, detaches, sets policies and reads, on devices that
it picks by chance, all of the network namespace it is run in. Prints what nobody may
meet: an exit code that is no clear refusal, output that is not whole, or a number of
patterns and reasons that do not add up. The last line says how much was done.
"""
import json
import multiprocessing
import os
import random
import subprocess
import sys
import time

SEED, SECONDS, WORKERS, WORK = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
DEVICES = sys.argv[5:]
FLAGWALL = os.environ["FLAGWALL"]
OTHER = os.path.join(WORK, "other.policy")
# What may be refused, because somebody else has just detached; and must not be.
MAY = {"set", "confirm", "counters"}


def choose(rng):
    """A name for what is done, and the words."""
    some = rng.sample(DEVICES, rng.choice((1, 1, 2, 3)))
    device = some[0]
    return rng.choice((
        ("attach", ["attach", *some]),
        ("attach", ["attach", *some, rng.choice(("--observe", "--enforce"))]),
        ("attach", ["attach", device, "--mode", rng.choice(("generic", "auto"))]),
        ("attach", ["attach", device, "--policy", rng.choice(("default", "strict", OTHER)), "--enforce"]),
        ("detach", ["detach", *some]),
        ("set", ["policy", "set", device, rng.choice(("default", "strict", OTHER)), "--enforce"]),
        ("set", ["policy", "set", device, OTHER, "--confirm", "1"]),
        ("confirm", ["policy", "confirm", device]),
        ("counters", ["counters", device, "-j"]),
        ("status", ["status", "-j"]),
        ("check", ["status", device, "--check"]),
    ))


def wrong(name, words, run):
    """Why this is not what a user may meet; or nothing."""
    lines = run.stderr.splitlines()
    if any(not line.startswith("flagwall: ") for line in lines):
        return "not our words"
    if name == "check":
        return run.returncode not in (0, 3) and "exit code"
    if run.returncode == 2 and name in MAY and len(lines) == 1:
        return None
    # A mode cannot be changed under a filter, nor a trial be left without a word.
    if run.returncode == 2 and len(lines) == 1 and ("--mode" in words or "flagwall policy confirm" in lines[0]):
        return None
    if run.returncode:
        return "exit code"
    if "-j" in words:
        document = json.loads(run.stdout)
        if name == "counters":
            lines = sum(p["packets"] for p in document["patterns"] + document["reasons"])
            return lines != document["packets"] and "does not add up"
    return None


def work(number, done):
    rng = random.Random("%d/%d" % (SEED, number))
    until, times = time.monotonic() + SECONDS, {}
    while time.monotonic() < until:
        name, words = choose(rng)
        run = subprocess.run([FLAGWALL, *words], capture_output=True, text=True)
        times[name, run.returncode] = times.get((name, run.returncode), 0) + 1
        try:
            why = wrong(name, words, run)
        except ValueError as error:
            why = str(error)
        if why:
            print("%s: '%s' exits with %d and says: %s" %
                  (why, " ".join(words), run.returncode, run.stderr.strip()), flush=True)
    done.put(times)


with open(OTHER, "w") as policy:
    policy.write("include default\nexcept from 192.0.2.0/24\n")
done = multiprocessing.Queue()
workers = [multiprocessing.Process(target=work, args=(i, done)) for i in range(WORKERS)]
for worker in workers:
    worker.start()
total = {}
for _ in workers:
    for key, times in done.get().items():
        total[key] = total.get(key, 0) + times
for worker in workers:
    worker.join()
print("seed %d: %s" % (SEED, ", ".join("%d %s%s" % (n, name, "" if not code else " (%d)" % code)
                                       for (name, code), n in sorted(total.items()))))

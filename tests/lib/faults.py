#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""faults.py DEVICE WORK [seen|every]: what a command leaves when a system call of it fails

For each verb that changes something, each of its system calls that others can see
the effect of (with "every": each system call at all, from the dynamic linker's first
on) is made its last one by SIGKILL, or fails with EPERM, ENOMEM or EINTR; strace does
it. Each of them is killed; of those that fail it is one in three (with "seen": each, in one
way; with "every": each in all ways). Afterwards the device must be filtered whole, by what was in force or by what was
to be, or not at all, and the next commands must work. Run in the namespace of DEVICE,
with a bpffs of one's own. Says "ok" or "not ok" of each verb and fault.
"""
import glob
import json
import os
import re
import subprocess
import sys

import devices

DEVICE, WORK = sys.argv[1:3]
EVERY, EACH = sys.argv[3:] == ["every"], sys.argv[3:] == ["seen"]
FLAGWALL = os.environ["FLAGWALL"]
PINS = "/sys/fs/bpf/flagwall"
FAULTS = ["signal=KILL", "error=EPERM", "error=ENOMEM", "error=EINTR"]
# Nobody else sees what other calls do.
SEEN = re.compile(r"(mkdir|unlink|rmdir|BPF_(OBJ_PIN|LINK_CREATE|LINK_UPDATE|LINK_DETACH|MAP_UPDATE_ELEM)"
                  r"|BPF_PROG_LOAD.*PROG_TYPE_XDP)")
OTHER = os.path.join(WORK, "other.policy")


class Wrong(Exception):
    pass


def need(truth, what, *more):
    if not truth:
        raise Wrong(what + "".join("\n" + str(m) for m in more if m))


def tool(*words):
    return subprocess.run([FLAGWALL, *words], capture_output=True, text=True)


def good(*words):
    run = tool(*words)
    need(run.returncode == 0, "%s exits with %d" % (" ".join(words), run.returncode), run.stderr)
    return run


def in_force():
    """(policy, observe, on trial) of the device, or None; the tool and the kernel must agree."""
    check = tool("status", "--check", "-j", DEVICE)
    if devices.program(DEVICE) is None:
        need(check.returncode == 3, "no XDP, but status --check exits with %d" % check.returncode)
        return None
    need(check.returncode == 0, "XDP, but status --check exits with %d" % check.returncode, check.stderr)
    there = json.loads(check.stdout)["interfaces"]
    need(len(there) == 1, "%d filters on one interface" % len(there))
    read = json.loads(good("counters", "-j", DEVICE).stdout)
    need(read["policy"] == there[0]["policy"], "status and counters differ")
    return there[0]["policy"], there[0]["observe"], there[0]["unconfirmed"] is not None


def bare():
    need(in_force() is None, "still filtered")
    # The folder of all, empty, means nothing.
    need(not glob.glob(PINS + "/*"), "left behind", glob.glob(PINS + "/**", recursive=True))


def restore(state, there=None):
    """Bring about @state by the tool, whatever is there, and look; @there is what is known of that."""
    if state is None:
        tool("detach", DEVICE)
        bare()
        return
    if there in (OBSERVED, STRICT):  # another table is all: nothing to load, which takes longest
        good("policy", "set", DEVICE, "default", "--enforce")
    else:
        good("attach", DEVICE, "--policy", "default", "--enforce")
    if state[2]:
        good("policy", "set", DEVICE, OTHER, "--confirm", "600")
    found = in_force()
    need(found == state, "not as it should be before: %s, not %s" % (found, state))
    generations = glob.glob(PINS + "/*/xdp/*/")
    need(len(generations) == (3 if state[2] else 1), "generations left", generations)


def calls(words):
    """The system calls of a command: (name, which of that name, does anybody see it, in main)."""
    trace = os.path.join(WORK, "calls")
    subprocess.run(["strace", "-qq", "-o", trace, "-e", "signal=none", FLAGWALL, *words],
                   capture_output=True, check=True)
    found, seen, main = [], {}, False
    for line in open(trace):
        name = line.split("(")[0]
        # Linux's brk knows no error: it returns where the end is.
        if name in ("execve", "exit_group", "brk") or not name.isidentifier():
            continue
        seen[name] = seen.get(name, 0) + 1
        found.append((name, seen[name], bool(SEEN.match(line[len("bpf("):] if name == "bpf" else line)), main))
        # The linker's last deed.
        main = main or (name == "munmap")
    return found


def broken(words, name, which, fault):
    """Run it with that call broken; None if the call was not made this time."""
    trace = os.path.join(WORK, "broken")
    run = subprocess.run(["strace", "-qq", "-o", trace, "-e", "trace=" + name, "-e", "signal=none",
                          "-e", "inject=%s:%s:when=%d" % (name, fault, which), FLAGWALL, *words],
                         capture_output=True, text=True)
    hit = run.returncode == -9 if "KILL" in fault else "(INJECTED)" in open(trace).read()
    return run if hit else None


def one(words, before, after, there, call, fault):
    name, which, _, main = call
    restore(before, there)
    run = broken(words, name, which, fault)
    need(run, "the call was not made")
    state = in_force()
    need(state in (before, after), "in force is %s" % (state,), run.stderr)
    if "KILL" not in fault and main:
        need(0 <= run.returncode < 128, "exit code %d" % run.returncode, run.stderr)
        if run.returncode == 0:
            need(state == after, "it says done, and %s is in force" % (state,))
        else:
            need(run.stderr and all(line.startswith("flagwall: ") for line in run.stderr.splitlines()),
                 "exit code %d, but no sentence" % run.returncode, run.stderr)
    if before is None: # whatever is there, it can be taken off
        good("detach", DEVICE)
        bare()
    # The same once more must do it.
    again = tool(*words)
    state = in_force()
    # What is confirmed already is not to be confirmed.
    confirmed = words[1] == "confirm" and again.returncode == 2
    need(again.returncode == 0 or confirmed, "again: exits with %d" % again.returncode, again.stderr)
    need(state == after, "again: in force is %s" % (state,))


def verb(what, words, before, after):
    restore(before)
    places = [call for call in calls(words) if EVERY or call[2]]
    there = None
    for number, fault in enumerate(FAULTS):
        # One kind of error each will do, unless all are asked for; and one in three calls, of many.
        step = 1 if EACH or len(places) < 9 else 3
        chosen = [call for i, call in enumerate(places)
                  if EVERY or number == 0 or (i % step == 0 and i // step % 3 == number - 1)]
        bad = []
        for call in chosen:
            try:
                one(words, before, after, there, call, fault)
                there = after
            except Wrong as wrong:
                there = None
                bad.append("%s %d: %s" % (call[0], call[1], wrong))
        print("%sok %s, %s in each of %d calls" %
              ("not " if bad or not chosen else "", what, fault.split("=")[1], len(chosen)))
        for text in bad[:40]:
            print("# " + text.strip().replace("\n", "\n#   "))
        sys.stdout.flush()
    restore(None)


with open(OTHER, "w") as policy:
    policy.write("include default\nexcept from 192.0.2.0/24\n")
DEFAULT, OBSERVED = ("default", False, False), ("default", True, False)
STRICT, EXCEPTED, TRIED = ("strict", False, False), ("other", False, False), ("other", False, True)
VERBS = {
    "attach": (["attach", DEVICE], None, DEFAULT),
    "replacing": (["attach", DEVICE, "--observe"], DEFAULT, OBSERVED),
    "policy set, a table": (["policy", "set", DEVICE, "strict"], DEFAULT, STRICT),
    "policy set, exceptions": (["policy", "set", DEVICE, OTHER], DEFAULT, EXCEPTED),
    "policy set on trial": (["policy", "set", DEVICE, OTHER, "--confirm", "600"], DEFAULT, TRIED),
    "policy confirm": (["policy", "confirm", DEVICE], TRIED, EXCEPTED),
    "detach": (["detach", DEVICE], DEFAULT, None),
}
only = os.environ.get("FLAGWALL_FAULTS_VERB")
for what in [only] if only else VERBS:
    verb(what, *VERBS[what])
